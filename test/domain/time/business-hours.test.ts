/** Business hours: week-ends, holidays, nights, and the days on which clocks are changed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterBusiness,
  businessBetween,
  type Hours,
  outside,
} from "../../../src/domain/time/business-hours.ts";
import { DAY, HOUR, MINUTE } from "../../../src/domain/time/time.ts";
import { WEEKDAYS } from "../../../src/domain/time/zoned-time.ts";

function hours(timezone: string, more: Partial<Hours> = {}): Hours {
  const days = ["mon", "tue", "wed", "thu", "fri"] as const;
  return { timezone, days, from: "09:00", to: "17:30", holidays: [], ...more };
}
const ends = (start: string, ms: number, of: Hours) =>
  new Date(afterBusiness(Date.parse(start), ms, of)).toISOString().replace(":00.000Z", "Z");
const everyDay = { days: WEEKDAYS };

describe("so much business time from an instant", () => {
  const london = hours("Europe/London", { holidays: ["2026-12-25", "2026-12-28"] });

  it.each([
    ["stays within a day", "2026-11-16T09:00Z", 4 * HOUR, "2026-11-16T13:00Z"],
    ["may end with the day", "2026-11-16T09:00Z", 8.5 * HOUR, "2026-11-16T17:30Z"],
    ["goes on the next morning", "2026-11-16T16:30Z", 2 * HOUR, "2026-11-17T10:00Z"],
    ["begins with the day where it starts before", "2026-11-16T03:00Z", HOUR, "2026-11-16T10:00Z"],
    ["passes a week-end", "2026-11-20T17:00Z", HOUR, "2026-11-23T09:30Z"],
    ["begins after the week-end it starts in", "2026-11-21T12:00Z", 15 * MINUTE, "2026-11-23T09:15Z"],
    ["passes holidays and the week-end between them", "2026-12-24T16:30Z", 2 * HOUR, "2026-12-29T10:00Z"],
    ["of a day is three working days", "2026-11-16T09:00Z", DAY, "2026-11-18T16:00Z"],
    ["passes the end of a year", "2026-12-31T17:00Z", HOUR, "2027-01-01T09:30Z"],
    ["passes a leap day", "2028-02-28T17:00Z", 9 * HOUR, "2028-02-29T17:30Z"],
  ])("%s", (_, start, ms, end) => expect(ends(start, ms, london)).toBe(end));

  it("is the instant itself where none has to pass and time counts, else the next at which it does", () => {
    expect(ends("2026-11-16T10:00Z", 0, london)).toBe("2026-11-16T10:00Z");
    expect(ends("2026-11-20T17:30Z", 0, london)).toBe("2026-11-23T09:00Z");
  });

  it.each([
    // Friday 16:00 in New York, four hours: 1 h 30 that day, the rest on Monday, when clocks are an hour ahead.
    ["New York loses an hour", "America/New_York", "2027-03-12T21:00Z", "2027-03-15T15:30Z"],
    ["New York gains an hour", "America/New_York", "2027-11-05T20:00Z", "2027-11-08T16:30Z"],
    ["London loses an hour", "Europe/London", "2027-03-26T16:00Z", "2027-03-29T10:30Z"],
    ["London gains an hour", "Europe/London", "2027-10-29T15:00Z", "2027-11-01T11:30Z"],
    ["Lord Howe loses half an hour", "Australia/Lord_Howe", "2027-10-01T05:30Z", "2027-10-04T00:30Z"],
    ["Lord Howe gains half an hour", "Australia/Lord_Howe", "2027-04-02T05:00Z", "2027-04-05T01:00Z"],
  ])("over the week-end in which %s means the same on the wall", (_, zone, start, end) => {
    expect(ends(start, 4 * HOUR, hours(zone))).toBe(end);
  });

  it("in a night that is an hour shorter or longer counts what really passes", () => {
    const night = hours("America/New_York", { ...everyDay, from: "22:00", to: "06:00" });
    // 22:00 to 06:00 is seven hours, then nine.
    expect(ends("2027-03-14T03:00Z", 7 * HOUR, night)).toBe("2027-03-14T10:00Z");
    expect(ends("2027-03-14T03:00Z", 7 * HOUR + MINUTE, night)).toBe("2027-03-15T02:01Z");
    expect(ends("2027-11-07T02:00Z", 9 * HOUR, night)).toBe("2027-11-07T11:00Z");
    expect(ends("2027-11-07T02:00Z", 9 * HOUR + MINUTE, night)).toBe("2027-11-08T03:01Z");
  });

  it("begins with the jump where its beginning is skipped, and holds both hours where its end comes twice", () => {
    const early = hours("Europe/London", { ...everyDay, from: "01:30", to: "04:00" });
    expect(ends("2027-03-28T00:00Z", HOUR, early)).toBe("2027-03-28T02:00Z");
    const late = hours("Europe/London", { ...everyDay, from: "00:30", to: "01:30" });
    expect(ends("2027-10-30T23:30Z", 2 * HOUR, late)).toBe("2027-10-31T01:30Z");
  });

  it("that go round the clock are all time there is, also when clocks are changed", () => {
    const always = hours("America/New_York", { ...everyDay, from: "01:30", to: "01:30" });
    for (const start of ["2027-03-13T12:00Z", "2027-11-06T12:00Z"]) {
      expect(afterBusiness(Date.parse(start), 3 * DAY, always)).toBe(Date.parse(start) + 3 * DAY);
    }
  });
});

describe("at any time, in any hours", () => {
  const anyHours: fc.Arbitrary<Hours> = fc.record({
    timezone: fc.constantFrom(
      "America/New_York",
      "Europe/London",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "Pacific/Apia",
    ),
    days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1, maxLength: 7 }),
    from: fc.constantFrom("00:00", "01:30", "02:15", "09:00", "22:00"),
    to: fc.constantFrom("00:00", "01:30", "06:00", "17:30", "23:45"),
    holidays: fc.constantFrom([], ["2027-03-15", "2027-11-08"]),
  });
  // Around the days on which the zones change their clocks.
  const instant = fc
    .tuple(
      fc.constantFrom("2027-03-14", "2027-03-28", "2027-04-04", "2027-10-03", "2027-10-31", "2027-11-07"),
      fc.integer({ min: -3 * DAY, max: 3 * DAY }),
    )
    .map(([day, ms]) => Date.parse(day) + ms);
  const length = fc.integer({ min: 0, max: 60 * HOUR });

  it("what is added is what lies between, and in two parts it is the same", () => {
    fc.assert(
      fc.property(anyHours, instant, length, length, (of, start, one, other) => {
        const end = afterBusiness(start, one, of);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(businessBetween(start, end, of)).toBe(one);
        expect(afterBusiness(end, other + 1, of)).toBe(afterBusiness(start, one + other + 1, of));
        expect(businessBetween(end, start, of)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it("no more counts than really passes", () => {
    fc.assert(
      fc.property(anyHours, instant, length, (of, start, ms) => {
        expect(businessBetween(start, start + ms, of)).toBeLessThanOrEqual(ms);
      }),
    );
  });
});

it("of quiet hours everything else is left, every day", () => {
  const quiet = { timezone: "Europe/London", from: "20:00", to: "08:00" };
  expect(ends("2026-11-21T23:00Z", 0, outside(quiet))).toBe("2026-11-22T08:00Z");
  expect(ends("2026-11-22T19:59Z", MINUTE, outside(quiet))).toBe("2026-11-22T20:00Z");
  const noon = outside({ ...quiet, from: "12:00", to: "13:00" });
  expect(ends("2026-11-22T12:30Z", 0, noon)).toBe("2026-11-22T13:00Z");
  expect(ends("2026-11-22T03:30Z", 0, noon)).toBe("2026-11-22T03:30Z");
});
