/** Writes of a group run side by side as long as none needs to see what another one wrote. */
import { expect, it } from "vitest";
import { sideBySide } from "../../src/store/side-by-side.ts";

const write = (name: string, ...touches: string[]) => ({ name, touches });
const namesOf = (parts: readonly (readonly { readonly name: string }[])[]) =>
  parts.map((part) => part.map(({ name }) => name).join(" "));

it("keeps together what has no row in common", () => {
  expect(namesOf(sideBySide([write("a", "1"), write("b", "2", "3"), write("c")]))).toEqual(["a b c"]);
});

it("cuts before whoever touches what somebody before it touches, and goes on from there", () => {
  const group = [write("a", "1"), write("b", "2"), write("c", "1"), write("d", "2"), write("e", "1")];
  expect(namesOf(sideBySide(group))).toEqual(["a b", "c d", "e"]);
});

it("leaves alone what may touch anything", () => {
  const anything = { name: "x", touches: undefined };
  expect(namesOf(sideBySide([write("a", "1"), anything, write("b", "2"), anything, anything]))).toEqual([
    ...["a", "x", "b", "x", "x"],
  ]);
});

it("has no parts for an empty group", () => {
  expect(sideBySide([])).toEqual([]);
});
