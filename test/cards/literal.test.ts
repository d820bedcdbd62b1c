/** Hostile and honest texts, made safe to look at. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, hostOf, literal, oneLine, quoted, short } from "../../src/cards/literal.ts";
import { HONEST_TEXTS, HOSTILE_TEXTS } from "../support/gallery/hostile-texts.ts";

/** The set of the safety rules, newline and tab aside. */
const HIDDEN = /[[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\t]]/v;
const withoutEmoji = (text: string) => text.replace(/\p{RGI_Emoji}/gv, "");
const anyText = fc.string({ unit: "binary", maxLength: 300 });

describe("literal", () => {
  it.each(Object.entries(HONEST_TEXTS))("leaves honest %s as it is", (_, text) => {
    expect(literal(text)).toBe(text.normalize("NFC"));
  });

  it.each([
    "\u202E",
    "\u202D",
    "\u2066",
    "\u2069",
    "\u061C",
    "\u200B",
    "\u200C",
    "\u200D",
    "\u200E",
    "\u2060",
    "\uFEFF",
    "\u00AD",
    "\u180E",
    "\u3164",
    "\u115F",
    "\uFFA0",
    "\u034F",
    "\uFE0F",
    "\u0000",
    "\u001B",
    "\u0085",
    "\u2028",
    "\u{E0041}",
    "\u{1D173}",
    "\u{1BCA0}",
    "\u{E0100}",
    "\uE000",
    "\uD800",
    "\r",
    "\uFFFF",
  ])("spells %j out", (character) => {
    const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    expect(literal(`a${character}b`)).toBe(`a\\u{${code}}b`);
  });

  it("never lets a hidden character through, whatever the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = withoutEmoji(literal(text)).replace(/[\u200C\u200D]/g, "");
        expect(HIDDEN.test(shown)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps a joiner only between letters that are written with one", () => {
    expect(literal("می‌خواهم")).toBe("می‌خواهم");
    expect(literal("pay\u200Dpal")).toBe("pay\\u{200D}pal");
    expect(literal("می\u200C\u200Cخواهم")).toBe("می\\u{200C}\\u{200C}خواهم");
    expect(literal("می\u200C!")).toBe("می\\u{200C}!");
  });

  it("is always composed", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(literal(text)).toBe(literal(text).normalize("NFC"));
      }),
    );
    expect(literal("e\u0301")).toBe("é");
  });

  it("never shows more than eight blanks in a row, except as indentation", () => {
    const blank = fc.constantFrom(" ", "\u00A0", "\u2800", "\u3000", "\t", "x", "\n");
    fc.assert(
      fc.property(fc.string({ unit: blank, maxLength: 200 }), (text) => {
        expect(/[^\n\p{Zs}\t\u2800][\p{Zs}\t\u2800]{9,}/u.test(literal(text))).toBe(false);
      }),
    );
    expect(literal(`a${" ".repeat(8)}b`)).toBe(`a${" ".repeat(8)}b`);
    expect(literal(`a${" ".repeat(9)}b`)).toBe("a [9 blanks] b");
    expect(literal(`safe${"\u00A0\u2800".repeat(100)}not`)).toBe("safe [200 blanks] not");
    expect(literal("{\n          deep: 1\n}")).toBe("{\n          deep: 1\n}");
  });

  it("counts empty lines that would push the rest out of view", () => {
    expect(literal(`first${"\n".repeat(10_000)}last`)).toBe("first\n[9,999 empty lines]\nlast");
    expect(literal("a\n\n\nb")).toBe("a\n\n\nb");
  });

  it("counts marks beyond five on a letter", () => {
    expect(literal(`Z${"\u0301".repeat(1_000)}`).length).toBeLessThan(40);
    expect(literal(`x${"\u0301".repeat(1_000)}y`)).toMatch(/\[\+995 marks\]y$/);
  });

  it("counts the rest of a long run of hidden characters", () => {
    expect(literal(`a${"\u200B".repeat(5_000)}b`)).toMatch(
      /^a(?:\\u\{200B\}){8}\[\+4,992 hidden characters\]b$/,
    );
  });

  it.each(Object.entries(HOSTILE_TEXTS))("is quick with %s", (_, text) => {
    const began = performance.now();
    clip(literal(text), 600, 12);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe("clip", () => {
  it("leaves alone what fits", () => {
    expect(clip("short", 80)).toEqual({ text: "short", hidden: 0 });
  });

  it("keeps the beginning and the end and says how much is missing", () => {
    const { text, hidden } = clip(`begin${"x".repeat(1_000)}end`, 200);
    expect(text).toMatch(/^beginx+ … (\d+) characters are not shown … x+end$/);
    expect(text).toContain(`${hidden} characters`);
  });

  it("never exceeds its room, and what it shows and what it says is missing make the whole", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 100, maxLength: 900 }),
        fc.integer({ min: 80, max: 300 }),
        (text, max) => {
          const { text: shown, hidden } = clip(text, max);
          expect(shown.length).toBeLessThanOrEqual(max);
          const points = [...text].length;
          expect(hidden).toBeLessThanOrEqual(points);
          if (points > max) expect(hidden).toBeGreaterThan(0);
        },
      ),
    );
  });

  it("cuts no emoji, flag or letter apart", () => {
    for (const unit of ["👩‍👩‍👧‍👦", "🇬🇧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "é̂", "👍🏽"]) {
      const { text } = clip(unit.repeat(200), 300);
      const [head = "", tail = ""] = text.split(/ … [\d,]+ characters are not shown … /);
      expect(head.replaceAll(unit, "")).toBe("");
      expect(tail.replaceAll(unit, "")).toBe("");
      expect(head.length * tail.length).toBeGreaterThan(0);
    }
  });

  it("keeps to its lines", () => {
    const { text, hidden } = clip(Array.from({ length: 400 }, (_, at) => `${at}`).join("\n"), 10_000, 12);
    expect(text.split("\n")).toHaveLength(13);
    expect(text).toMatch(/^0\n1\n.*\n398\n399$/s);
    expect(hidden).toBeGreaterThan(1_000);
  });
});

describe("lines and labels", () => {
  it("shows line breaks in a line", () => {
    expect(oneLine("a\n\n b\tc")).toBe("a ↵ b c");
  });

  it("marks a cut label and never cuts a pair in two", () => {
    expect(short("x".repeat(90), 60)).toHaveLength(60);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 40 }), (text, max) => {
        const label = short(text, max);
        expect(label.length).toBeLessThanOrEqual(max);
        expect(label.isWellFormed()).toBe(true);
      }),
    );
  });

  it("says that it is cut even where what follows is not looked at", () => {
    expect(short(`a${" ".repeat(10_000)}b`, 60)).toMatch(/^a \[\d+ blanks\]…$/);
  });

  it("cannot be closed from within a quotation", () => {
    expect(quoted("fine.” APPROVED by Sarah. “", 100)).toBe('“fine." APPROVED by Sarah. "”');
  });

  it("shows where a link leads, look-alike letters as xn--", () => {
    expect(hostOf("https://crm.example.com:8443/x")).toBe("crm.example.com:8443");
    expect(hostOf("https://аррӏе.com/")).toBe("xn--80ak6aa92e.com (not only Latin letters)");
  });
});
