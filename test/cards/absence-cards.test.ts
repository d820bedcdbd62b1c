/** People who are away, as others read of it: who is asked in whose place, and until when. */
import { describe, expect, it } from "vitest";
import { gallery } from "../support/gallery/gallery.ts";
import { textOf } from "./reading.ts";

/** Friday, 20 November 2026, 14:00 UTC. */
const NOW = Date.UTC(2026, 10, 20, 14, 0);
const cards = gallery(NOW);
function read(name: string): string {
  const found = cards.find((exhibit) => exhibit.name === name);
  if (!found) throw new Error(`No exhibit is called ${name}.`);
  return textOf(found.card);
}

describe("a request with a deputy", () => {
  it("says for whom, and until when, on every copy", () => {
    expect(read("a deputy is asked")).toMatch(/asked: @James Liu \(for Sarah Chen, away until .*\)/);
    expect(read("a deputy is asked, and somebody by name")).toMatch(
      /asked: @James Liu \(for Sarah Chen, away until .*\) and @Priya Nair/,
    );
    expect(read("reminder of a deputy")).toMatch(
      /@James Liu \(for Sarah Chen, away until .*\): Trial nurture still waits/,
    );
  });

  it("does not say of somebody who was never asked that they did not answer", () => {
    const text = read("the next stage, because nobody stands in");
    expect(text).toContain("@James Liu is asked now.");
    expect(text).not.toContain("did not answer");
  });
});

it("a message that stands for several rounds says how often it was asked", () => {
  expect(read("asked for the fourth time")).toContain("Asked for the 4th time: Trial nurture asks");
});

describe("the answer to out", () => {
  it("says in words what was understood, and what becomes of what waits", () => {
    const text = read("out");
    expect(text).toContain("You are out until Tuesday 24 November, 14:00 Europe/London.");
    expect(text).toContain("James Liu is asked instead, for what is new and for what already waits.");
    expect(text).toContain("2 requests that waited are handed over now.");
    expect(text).toContain("Write “back” when you are back earlier");
  });

  it("tells an administrator whom they spoke for, and from when", () => {
    const text = read("out later, said by somebody else");
    expect(text).toContain(
      "Priya Nair is out from Saturday 21 November, 14:00 Europe/London until Tuesday 24 November, 14:00",
    );
    expect(text).toContain("Write “back @priya” to end it earlier");
  });

  it("tells of a deputy who is away as well", () => {
    expect(read("out, the deputy's deputy")).toContain(
      "James Liu is away as well, so Priya Nair is asked instead.",
    );
    expect(read("out, nobody stands in")).toContain("the next people of each chain are asked");
  });
});

describe("who reads on", () => {
  it("sees in queue and home that they are away, and for whom they stand in", () => {
    expect(read("queue of somebody away")).toMatch(/You are away until .*; James Liu is asked instead/);
    expect(read("queue of a deputy")).toMatch(/You stand in for Sarah Chen until/);
    expect(read("home of somebody for whom nobody stands in")).toMatch(
      /You are away until .*; nobody stands in/,
    );
  });

  it("sees beside the owner's name who stands in, and in a list who is away and who will be", () => {
    expect(read("owner who is away")).toMatch(/owned by @Sarah Chen, away until .*; James Liu stands in\./);
    expect(read("who is away")).toMatch(
      /Sarah Chen until .*; James Liu stands in[\s\S]*Priya Nair from .* until/,
    );
    expect(read("nobody is away")).toContain("Nobody is away");
  });
});
