/** Review rhythms: what their words mean, and when the next digest is due over the shifts of summer time. */
import { describe, expect, it } from "vitest";
import type { CharterInput } from "../../../src/domain/charter/charter.ts";
import type { DigestKind } from "../../../src/domain/review/digest.ts";
import { digestDays } from "../../../src/domain/review/digest-days.ts";
import {
  latestOccurrence,
  nextOccurrence,
  type Rhythm,
  readRhythm,
  reviewProblems,
  schedulesOf,
} from "../../../src/domain/review/review-schedule.ts";
import { localDay, monthsBefore } from "../../../src/domain/time/local-day.ts";
import { readCron } from "../../../src/schedule/cron.ts";
import { charter } from "../scene.ts";

function rhythm(kind: DigestKind, words: string): Rhythm {
  const read = readRhythm(kind, words, readCron);
  if (!read.ok) throw new Error(read.no);
  return read.value;
}

/** The instants, in UTC, of the next occurrences after one. */
function upcoming(words: string, zone: string, from: string, count = 3, kind: DigestKind = "daily") {
  const found: string[] = [];
  let at = Date.parse(from);
  const schedule = { rhythm: rhythm(kind, words), zone };
  for (let number = 0; number < count; number++) {
    const next = nextOccurrence(schedule, at);
    expect(latestOccurrence(schedule, next.at)).toEqual(next);
    expect(latestOccurrence(schedule, next.at - 1).at).toBeLessThan(next.at);
    found.push(`${next.date} ${new Date(next.at).toISOString().slice(0, 16)}Z`);
    at = next.at;
  }
  return found;
}

describe("words of a rhythm", () => {
  it.each<readonly [DigestKind, string, string]>([
    ["daily", "09:00", "09:00"],
    ["daily", " 9:00 ", "09:00"],
    ["weekly", "Mon 10:00", "Mon 10:00"],
    ["weekly", "monday  10:00", "Mon 10:00"],
    ["monthly", "1 10:00", "1 10:00"],
    ["monthly", "Last 10:00", "last 10:00"],
    ["quarterly", "1 10:00", "1 10:00"],
    ["daily", "0 9 * * MON-FRI", "0 9 * * MON-FRI"],
    ["monthly", "0 10 L * *", "0 10 L * *"],
  ])("%s “%s” are kept as “%s”", (kind, words, kept) => {
    expect(rhythm(kind, words).words).toBe(kept);
  });

  it.each<readonly [DigestKind, string, RegExp]>([
    ["daily", "Mon 09:00", /write 09:00, or a cron expression of five fields/],
    ["daily", "25:00", /25 is an invalid expression for hour/],
    ["daily", "whenever", /write 09:00/],
    ["weekly", "10:00", /write Mon 10:00/],
    ["weekly", "Mond 10:00", /write Mon 10:00/],
    ["monthly", "31 10:00", /write 1 10:00 or last 10:00/],
    ["daily", "0 0 9 * * *", /has to have five fields/],
    ["daily", "*/5 9 * * *", /one time of day/],
    ["daily", "0 9,17 * * *", /one time of day/],
    ["daily", "*/0 9 * * *", /invalid/],
    ["monthly", "0 10 31 2 *", /impossible/],
    ["monthly", "0 10 15W * *", /only L/],
    ["monthly", "0 10 * * 1#2", /only L/],
    ["daily", "@daily", /five fields/],
  ])("%s “%s” are refused in words", (kind, words, why) => {
    const read = readRhythm(kind, words, readCron);
    expect(read.ok ? read.value : read.no).toMatch(why);
  });

  it("that cannot be read are named by the field they stand in", () => {
    expect(
      reviewProblems(
        charter({ review: { daily: "soon", weekly: "Mon 10:00", monthly: "40 1:00" } }),
        readCron,
      ),
    ).toEqual([
      { pointer: "/review/daily", detail: expect.stringContaining("write 09:00") },
      { pointer: "/review/monthly", detail: expect.stringContaining("write 1 10:00") },
    ]);
  });
});

describe("the next occurrence", () => {
  it("in the hour that a spring night skips comes at the first instant after it", () => {
    expect(upcoming("02:30", "America/New_York", "2027-03-13T08:00Z")).toEqual([
      "2027-03-14 2027-03-14T07:00Z",
      "2027-03-15 2027-03-15T06:30Z",
      "2027-03-16 2027-03-16T06:30Z",
    ]);
    expect(upcoming("01:30", "Europe/London", "2027-03-27T02:00Z", 2)).toEqual([
      "2027-03-28 2027-03-28T01:00Z",
      "2027-03-29 2027-03-29T00:30Z",
    ]);
    // Half an hour is skipped: 02:00 to 02:30.
    expect(upcoming("02:15", "Australia/Lord_Howe", "2027-10-01T20:00Z", 2)).toEqual([
      "2027-10-03 2027-10-02T15:30Z",
      "2027-10-04 2027-10-03T15:15Z",
    ]);
  });

  it("in the hour that an autumn night repeats comes once, the first time", () => {
    expect(upcoming("01:30", "America/New_York", "2027-11-06T12:00Z", 2)).toEqual([
      "2027-11-07 2027-11-07T05:30Z",
      "2027-11-08 2027-11-08T06:30Z",
    ]);
    expect(upcoming("01:30", "Europe/London", "2027-10-30T12:00Z", 2)).toEqual([
      "2027-10-31 2027-10-31T00:30Z",
      "2027-11-01 2027-11-01T01:30Z",
    ]);
    expect(upcoming("01:45", "Australia/Lord_Howe", "2027-04-03T00:00Z", 2)).toEqual([
      "2027-04-04 2027-04-03T14:45Z",
      "2027-04-05 2027-04-04T15:15Z",
    ]);
  });

  it("keeps its time of day when the clocks change, and knows zones with odd offsets", () => {
    expect(upcoming("Mon 09:00", "Europe/London", "2027-03-22T12:00Z", 2, "weekly")).toEqual([
      "2027-03-29 2027-03-29T08:00Z",
      "2027-04-05 2027-04-05T08:00Z",
    ]);
    expect(upcoming("09:00", "Asia/Kathmandu", "2027-01-01T00:00Z", 1)).toEqual([
      "2027-01-01 2027-01-01T03:15Z",
    ]);
    expect(upcoming("09:00", "Pacific/Chatham", "2027-01-01T00:00Z", 1)).toEqual([
      "2027-01-02 2027-01-01T19:15Z",
    ]);
    expect(upcoming("09:00", "America/Sao_Paulo", "2027-01-01T00:00Z", 1)).toEqual([
      "2027-01-01 2027-01-01T12:00Z",
    ]);
  });

  it("of a day that a zone has left out comes when the next one begins", () => {
    expect(upcoming("09:00", "Pacific/Apia", "2011-12-29T20:00Z", 2)).toEqual([
      "2011-12-30 2011-12-30T10:00Z",
      "2011-12-31 2011-12-30T19:00Z",
    ]);
  });

  it("knows the ends of months, quarters and leap years", () => {
    expect(upcoming("last 10:00", "UTC", "2028-01-15T00:00Z", 3, "monthly")).toEqual([
      "2028-01-31 2028-01-31T10:00Z",
      "2028-02-29 2028-02-29T10:00Z",
      "2028-03-31 2028-03-31T10:00Z",
    ]);
    expect(
      upcoming("1 10:00", "UTC", "2027-02-01T00:00Z", 4, "quarterly").map((one) => one.slice(0, 10)),
    ).toEqual([...["2027-04-01", "2027-07-01", "2027-10-01", "2028-01-01"]]);
    expect(upcoming("0 9 29 2 *", "UTC", "2027-01-01T00:00Z", 2).map((one) => one.slice(0, 10))).toEqual([
      ...["2028-02-29", "2032-02-29"],
    ]);
    // Cron's day of the month and day of the week both have to fit.
    expect(upcoming("0 9 13 * 5", "UTC", "2027-01-01T00:00Z", 1)).toEqual(["2027-08-13 2027-08-13T09:00Z"]);
  });

  it("asks no clock but the instant it is given: the same in every zone of the machine", () => {
    const before = process.env.TZ;
    try {
      for (const zone of ["UTC", "America/New_York", "Asia/Kolkata"]) {
        process.env.TZ = zone;
        expect(upcoming("02:30", "America/New_York", "2027-03-13T08:00Z", 1)).toEqual([
          "2027-03-14 2027-03-14T07:00Z",
        ]);
        expect(localDay("Asia/Tokyo", Date.parse("2027-06-30T15:00Z"))).toBe("2027-07-01");
        expect(monthsBefore("2027-03-31", 1)).toBe("2027-02-28");
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});

describe("schedules", () => {
  const under = (review: CharterInput["review"]) =>
    schedulesOf({ charter: charter({ review }) }, readCron).map(({ key }) => key);

  it("send the daily digest to the owner and the others to the review channel", () => {
    expect(
      under({
        daily: "9:00",
        weekly: "Mon 10:00",
        quarterly: "1 10:00",
        channel: "slack:C0REVIEW",
        timezone: "Europe/London",
      }),
    ).toEqual([
      "daily:person:sarah:Europe/London:09:00",
      "weekly:channel:slack:C0REVIEW:Europe/London:Mon 10:00",
      "quarterly:channel:slack:C0REVIEW:Europe/London:1 10:00",
    ]);
  });

  it("send everything to the owner where there is no channel, and nothing that the charter does not name", () => {
    expect(under({ weekly: "Mon 10:00", timezone: "UTC" })).toEqual(["weekly:person:sarah:UTC:Mon 10:00"]);
    expect(under({ timezone: "UTC" })).toEqual([]);
  });
});

describe("the days a digest looks at", () => {
  it.each<readonly [DigestKind, string, readonly string[]]>([
    ["daily", "2027-03-01", ["2027-02-28", "2027-03-01", "2027-02-27"]],
    ["weekly", "2027-01-04", ["2026-12-28", "2027-01-04", "2026-12-21"]],
    ["monthly", "2027-03-01", ["2027-02-01", "2027-03-01", "2027-01-01"]],
    ["monthly", "2027-03-31", ["2027-02-28", "2027-03-31", "2027-01-31"]],
    ["monthly", "2027-03-30", ["2027-02-28", "2027-03-30", "2027-01-31"]],
    ["quarterly", "2027-01-01", ["2026-10-01", "2027-01-01", "2026-07-01"]],
  ])("of the %s one on %s are whole and end the day before", (kind, date, [from, to, before]) => {
    const found = digestDays(kind, date);
    expect(found.days).toEqual({ from, to });
    expect(found.before).toEqual({ from: before, to: from });
    expect(found.yesterday.to).toBe(date);
  });

  it.each<readonly [DigestKind, string, string]>([
    ["weekly", "2027-03-15", "2027-02-15"], // a Monday: four weeks
    ["weekly", "2027-03-18", "2027-02-22"], // three weeks and what there is of the fourth
    ["monthly", "2027-03-01", "2027-02-01"],
    ["quarterly", "2027-04-01", "2027-01-04"],
  ])("for calibration, of the %s one on %s, are whole weeks from %s on", (kind, date, from) => {
    expect(digestDays(kind, date).calibration).toEqual({ from, to: date });
  });
});
