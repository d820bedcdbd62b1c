/** Clocks in time zones: gaps, overlaps, odd offsets, and the same answers wherever the process runs. */
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUR, MINUTE } from "../../../src/domain/time/time.ts";
import { instantOf, isTimeZone, nextDate, timeOfDay, wallTime } from "../../../src/domain/time/zoned-time.ts";

const at = (zone: string, date: string, time: string, which: "first" | "last" = "first") =>
  new Date(instantOf(zone, date, timeOfDay(time), which)).toISOString();

describe("the instant of a date and a time of day", () => {
  it.each([
    ["New York, in winter", "America/New_York", "2027-01-15", "09:00", "2027-01-15T14:00:00.000Z"],
    ["New York, in summer", "America/New_York", "2027-07-15", "09:00", "2027-07-15T13:00:00.000Z"],
    ["New York, skipped", "America/New_York", "2027-03-14", "02:30", "2027-03-14T07:00:00.000Z"],
    ["London, skipped", "Europe/London", "2027-03-28", "01:30", "2027-03-28T01:00:00.000Z"],
    [
      "Lord Howe, skipped by half an hour",
      "Australia/Lord_Howe",
      "2027-10-03",
      "02:15",
      "2027-10-02T15:30:00.000Z",
    ],
    ["Lord Howe, after it", "Australia/Lord_Howe", "2027-10-03", "02:30", "2027-10-02T15:30:00.000Z"],
    ["Kathmandu", "Asia/Kathmandu", "2027-01-01", "05:45", "2027-01-01T00:00:00.000Z"],
    ["Chatham", "Pacific/Chatham", "2027-01-01", "13:45", "2027-01-01T00:00:00.000Z"],
    ["São Paulo", "America/Sao_Paulo", "2027-01-01", "00:00", "2027-01-01T03:00:00.000Z"],
    ["a day that Apia left out", "Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T10:00:00.000Z"],
    ["Cairo, whose day begins at one", "Africa/Cairo", "2027-04-30", "00:00", "2027-04-29T22:00:00.000Z"],
    ["a leap day", "Europe/London", "2028-02-29", "09:00", "2028-02-29T09:00:00.000Z"],
  ])("in %s", (_, zone, date, time, expected) => {
    expect(at(zone, date, time)).toBe(expected);
    expect(at(zone, date, time, "last")).toBe(expected);
  });

  it.each([
    ["America/New_York", "2027-11-07", "01:30", "2027-11-07T05:30:00.000Z", "2027-11-07T06:30:00.000Z"],
    ["Europe/London", "2027-10-31", "01:30", "2027-10-31T00:30:00.000Z", "2027-10-31T01:30:00.000Z"],
    ["Australia/Lord_Howe", "2027-04-04", "01:45", "2027-04-03T14:45:00.000Z", "2027-04-03T15:15:00.000Z"],
  ])("in %s, where it comes twice, is the first or the last as asked", (zone, date, time, first, last) => {
    expect([at(zone, date, time, "first"), at(zone, date, time, "last")]).toEqual([first, last]);
  });

  it("is shown as that date and time, except where it is skipped", () => {
    const zones = [
      "America/New_York",
      "Europe/London",
      "Australia/Lord_Howe",
      "Pacific/Chatham",
      "Africa/Casablanca",
    ];
    const days = fc.integer({ min: 0, max: 40 * 365 }).map((day) => nextDate("2000-01-01", day));
    fc.assert(
      fc.property(fc.constantFrom(...zones), days, fc.integer({ min: 0, max: 95 }), (zone, date, quarter) => {
        const time = quarter * 15 * MINUTE;
        const [first, last] = (["first", "last"] as const).map((which) => instantOf(zone, date, time, which));
        const shown = wallTime(zone, first ?? 0);
        expect(last).toBeGreaterThanOrEqual(first ?? 0);
        if (shown.date === date && shown.timeOfDay === time) return;
        // Skipped: the clock stands after it, by no more than the jump.
        const passed = Date.parse(shown.date) + shown.timeOfDay - (Date.parse(date) + time);
        expect(passed).toBeGreaterThan(0);
        expect(passed).toBeLessThanOrEqual(HOUR);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("an instant", () => {
  it("has a date, a weekday and a time of day of its zone", () => {
    const midnight = Date.parse("2027-01-01T00:00:00Z");
    expect(wallTime("Pacific/Chatham", midnight)).toEqual({
      date: "2027-01-01",
      weekday: "fri",
      timeOfDay: 13.75 * HOUR,
    });
    expect(wallTime("America/New_York", midnight)).toEqual({
      date: "2026-12-31",
      weekday: "thu",
      timeOfDay: 19 * HOUR,
    });
    expect(wallTime("UTC", -1)).toEqual({ date: "1969-12-31", weekday: "wed", timeOfDay: 24 * HOUR - 1 });
  });
});

it("knows which names are zones", () => {
  expect(["Europe/London", "UTC", "Asia/Kolkata"].every(isTimeZone)).toBe(true);
  expect(["", "Mars/Olympus", "Europe/Lndon", "GMT+99"].some(isTimeZone)).toBe(false);
});

it.each(["UTC", "America/New_York", "Asia/Kolkata"])(
  "answers the same in a process whose own zone is %s",
  (TZ) => {
    const module = new URL("../../../src/domain/time/business-hours.ts", import.meta.url).href;
    const script = `
      const { afterBusiness } = await import(${JSON.stringify(module)});
      const hours = { timezone: "Europe/London", days: ["fri", "mon"], from: "09:00", to: "17:30", holidays: ["2027-03-26"] };
      console.log(new Date(afterBusiness(Date.parse("2027-03-19T16:00:00Z"), 4 * 3_600_000, hours)).toISOString());`;
    const ran = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, TZ, NODE_NO_WARNINGS: "1" },
      encoding: "utf8",
    });
    expect(ran.stdout.trim(), ran.stderr).toBe("2027-03-22T11:30:00.000Z");
  },
);
