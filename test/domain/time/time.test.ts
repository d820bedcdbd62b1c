/** Durations as people write them, and as they are said. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DAY,
  duration,
  formatDuration,
  HOUR,
  MINUTE,
  parseDuration,
  rfc3339,
  SECOND,
} from "../../../src/domain/time/time.ts";

describe("a duration", () => {
  it.each([
    ["90s", 90 * SECOND],
    ["15m", 15 * MINUTE],
    ["4h", 4 * HOUR],
    ["2d", 2 * DAY],
    [" 4 H ", 4 * HOUR],
    ["366d", 366 * DAY],
  ])("reads %j", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    "",
    "0s",
    "0d",
    "-5m",
    "+5m",
    "1.5h",
    "1e3s",
    "367d",
    "999999999d",
    "9999999999s",
    "PT15M",
    "PT1000000H",
    "15",
    "m",
    "15 min",
    "4h30m",
    "١٥m",
  ])("does not read %j", (text) => expect(parseDuration(text)).toBeUndefined());

  it("is refused in words that say how to write one", () => {
    const parsed = duration.safeParse("PT15M");
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues[0]?.message).toContain("90s, 15m, 4h or 2d");
  });

  it("never reads as nothing, as less than nothing or as more than a year", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?\d{0,12} ?[smhdwy]?$/), (text) => {
        const ms = parseDuration(text);
        expect(ms === undefined || (ms > 0 && ms <= 366 * DAY && Number.isSafeInteger(ms))).toBe(true);
      }),
    );
  });

  it.each([
    [0, "0 s"],
    [-5 * SECOND, "0 s"],
    [45 * SECOND, "45 s"],
    [60 * SECOND, "1 min"],
    [90 * SECOND, "1 min 30 s"],
    [15 * MINUTE, "15 min"],
    [90 * MINUTE, "1 h 30 min"],
    [48 * HOUR, "2 d"],
    [52 * HOUR, "2 d 4 h"],
    [24 * HOUR - SECOND, "1 d"],
  ])("of %d ms is said as %j", (ms, words) => expect(formatDuration(ms)).toBe(words));

  it("is said in as many words as it was written in", () => {
    const written = fc.record({
      count: fc.integer({ min: 1, max: 23 }),
      unit: fc.constantFrom("s", "m", "h"),
    });
    fc.assert(
      fc.property(written, ({ count, unit }) => {
        const word = unit === "m" ? "min" : unit;
        expect(formatDuration(parseDuration(`${count}${unit}`) ?? 0)).toBe(`${count} ${word}`);
      }),
    );
  });
});

it("writes instants in UTC with milliseconds", () => {
  expect(rfc3339(0)).toBe("1970-01-01T00:00:00.000Z");
  expect(rfc3339(Date.UTC(2028, 1, 29, 23, 59, 59, 999))).toBe("2028-02-29T23:59:59.999Z");
});
