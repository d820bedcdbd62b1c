/** Days and times as people write them, and as they are said back. */
import { describe, expect, it } from "vitest";
import { DAY, HOUR } from "../../../src/domain/time/time.ts";
import { parseWhen, sayWhen } from "../../../src/domain/time/when.ts";

/** Wednesday, 25 November 2026, 10:00 in London. */
const NOW = Date.UTC(2026, 10, 25, 10);
const ZONE = "Europe/London";
const read = (words: string, zone = ZONE, now = NOW) => {
  const at = parseWhen(words, zone, now);
  return at === undefined ? undefined : sayWhen(at, zone, now);
};

describe("a day", () => {
  it.each([
    ["Friday", "Friday 27 November, 00:00"],
    ["fri", "Friday 27 November, 00:00"],
    ["thurs", "Thursday 26 November, 00:00"],
    ["Wednesday", "Wednesday 2 December, 00:00"],
    ["tomorrow", "Thursday 26 November, 00:00"],
    ["27 Nov", "Friday 27 November, 00:00"],
    ["Nov 27", "Friday 27 November, 00:00"],
    ["27th November", "Friday 27 November, 00:00"],
    ["1 sept", "Wednesday 1 September 2027, 00:00"],
    ["1 January", "Friday 1 January 2027, 00:00"],
    ["29 Feb", "Tuesday 29 February 2028, 00:00"],
    ["2026-11-27", "Friday 27 November, 00:00"],
    ["3 March 2027", "Wednesday 3 March 2027, 00:00"],
  ])("%j begins at its midnight", (words, expected) => expect(read(words)).toBe(`${expected} ${ZONE}`));

  it.each([
    ["Friday 14:00", "Friday 27 November, 14:00"],
    ["friday at 2pm", "Friday 27 November, 14:00"],
    ["27 Nov, 9:30", "Friday 27 November, 09:30"],
    ["2026-11-27 23:59", "Friday 27 November, 23:59"],
    ["today 18:00", "Wednesday 25 November, 18:00"],
    ["tomorrow 12am", "Thursday 26 November, 00:00"],
    ["tomorrow 12 pm", "Thursday 26 November, 12:00"],
  ])("%j is its time of day", (words, expected) => expect(read(words)).toBe(`${expected} ${ZONE}`));
});

it("reads a time alone as the next such time, and a length from now", () => {
  expect(read("14:00")).toBe("Wednesday 25 November, 14:00 Europe/London");
  expect(read("9:00")).toBe("Thursday 26 November, 09:00 Europe/London");
  expect(parseWhen("2h", ZONE, NOW)).toBe(NOW + 2 * HOUR);
  expect(parseWhen("3d", ZONE, NOW)).toBe(NOW + 3 * DAY);
});

it("means the day of the zone, not of UTC", () => {
  const late = Date.UTC(2026, 10, 25, 23, 30);
  expect(read("tomorrow", "Asia/Kolkata", late)).toBe("Friday 27 November, 00:00 Asia/Kolkata");
  expect(read("tomorrow", "America/New_York", late)).toBe("Thursday 26 November, 00:00 America/New_York");
});

it("says the time that clocks show where the one that was meant is skipped", () => {
  const before = Date.UTC(2027, 2, 13, 12);
  expect(read("tomorrow 02:30", "America/New_York", before)).toBe("Sunday 14 March, 03:00 America/New_York");
});

it.each([
  ...[
    "",
    "someday",
    "next week",
    "noon",
    "27",
    "99",
    "25:00",
    "14:60",
    "0pm",
    "13pm",
    "30 Feb",
    "2026-13-40",
  ],
  ...["2026-02-30", "27 November 28", "fr", "monthday", "sunnyday", "27 nope", "Friday Friday", "-3d", "0d"],
])("does not read %j", (words) => expect(read(words)).toBeUndefined());

it.each(["today", "2026-11-25", "2026-11-24", "1 January 2020", "today 09:59"])(
  "does not read %j, which is over",
  (words) => expect(read(words)).toBeUndefined(),
);
