/** The directory: people are found by what binds them, and by nothing that merely looks like it. */
import { describe, expect, it } from "vitest";
import { directory, named, personCalled } from "../../src/domain/people.ts";
import { actor, person } from "./scene.ts";

const sarah = person("sarah", { email: "Sarah@Example.com", accounts: { slack: "U1", teams: "0-0-1" } });
const people = directory([sarah, person("james", { accounts: {} })]);

it("finds a person by id, by mail address in any case, and by account", () => {
  expect(people.find("sarah")).toBe(sarah);
  expect(people.byEmail("sarah@EXAMPLE.COM")).toBe(sarah);
  expect(people.byAccount("slack", "U1")).toBe(sarah);
  expect(people.byAccount("teams", "0-0-1")).toBe(sarah);
});

it("finds nobody by a name, by another platform's account, or by an id in another case", () => {
  expect(people.find("Sarah")).toBeUndefined();
  expect(people.find("sarah@example.com")).toBeUndefined();
  expect(people.byAccount("teams", "U1")).toBeUndefined();
  expect(people.byAccount("slack", "u1")).toBeUndefined();
  expect(people.byAccount("slack", "")).toBeUndefined();
  expect(people.byEmail("")).toBeUndefined();
});

it("finds nobody by a word that every object knows", () => {
  for (const word of ["constructor", "__proto__", "toString"]) {
    expect(people.find(word)).toBeUndefined();
    expect(people.byAccount(word, word)).toBeUndefined();
  }
});

it("records an act under the person's id, or under the account where nobody is known by it", () => {
  expect(named(actor("sarah"))).toEqual({ id: "sarah", name: "Sarah" });
  expect(named(actor("nobody"))).toEqual({ id: "slack:T1/Unobody", name: "nobody" });
});

describe("a word in a command", () => {
  const here = directory([
    person("sarah", {
      name: "Sarah Chen",
      email: "sarah@example.com",
      accounts: { slack: "U1", teams: "0-0-1" },
    }),
    person("james", { name: "James Liu", accounts: { slack: "U2" } }),
    person("jim", { name: "James Liu", accounts: {} }),
    person("U1", { name: "A trickster", accounts: {} }),
  ]);

  it.each(["@U1", "u1", "@sarah", "SARAH", "sarah@example.com", "@Sarah Chen", " sarah chen "])(
    "means a person: %j",
    (word) => expect(personCalled(here, word, "slack")?.id).toBe("sarah"),
  );

  it("means an account only where that account is, and before anybody's id", () => {
    expect(personCalled(here, "0-0-1", "teams")?.id).toBe("sarah");
    expect(personCalled(here, "0-0-1", "slack")).toBeUndefined();
    expect(personCalled(here, "U1", "teams")?.id).toBe("U1");
  });

  it.each(["James Liu", "Chen", "", "@", "nobody"])("means nobody, or nobody in particular: %j", (word) => {
    expect(personCalled(here, word, "slack")).toBeUndefined();
  });
});
