/** What somebody typed, as a command: the words of being away. The others are told in the journeys. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommand } from "../../src/domain/command.ts";

const out = (more: object = {}) => ({
  kind: "out",
  who: null,
  deputy: "@james",
  until: "Friday",
  from: null,
  ...more,
});

describe("out", () => {
  it.each([
    ["out until Friday deputy @james", out()],
    ["OUT Until Friday Deputy @james", out()],
    ["out till Friday, deputy @james.", out()],
    ["out deputy @james until Friday", out()],
    ["out for 3d deputy @james", out({ until: "3d" })],
    ["out until 27 Nov 14:00 deputy @james from Monday", out({ until: "27 Nov 14:00", from: "Monday" })],
    ["out @sarah until Friday deputy @james", out({ who: "@sarah" })],
    ["out @Sarah Chen until Friday deputy @James Liu", out({ who: "@Sarah Chen", deputy: "@James Liu" })],
    ["away until “Friday” deputy @james", out()],
  ])("%j", (words, expected) => expect(parseCommand(words)).toEqual(expected));

  it("alone asks who is away, and back ends it", () => {
    expect(parseCommand("out")).toEqual({ kind: "away" });
    expect(parseCommand("back")).toEqual({ kind: "back", who: null });
    expect(parseCommand("back @Sarah Chen")).toEqual({ kind: "back", who: "@Sarah Chen" });
  });

  it.each([
    ["out until Friday", "Who stands in?"],
    ["out deputy @james", "Until when?"],
    ["out until deputy @james", "Until when?"],
    ["out tomorrow", "Until when?"],
  ])("%j is answered with what to write", (words, why) => {
    expect(parseCommand(words)).toEqual({
      kind: "unclear",
      why: `${why} Write out until Friday deputy @name; add from Monday to begin later.`,
    });
  });

  it("reads whatever is typed without a fault", () => {
    const word = fc.constantFrom(
      "out",
      "until",
      "for",
      "from",
      "deputy",
      "@a",
      "constructor",
      "__proto__",
      ",",
      "“",
      "3d",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 12 }), (words) => {
        const { kind } = parseCommand(["out", ...words].join(" "));
        expect(["out", "away", "unclear"]).toContain(kind);
      }),
    );
  });
});
