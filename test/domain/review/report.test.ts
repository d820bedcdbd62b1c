/** What a digest says of an agent, from what was counted. */
import { describe, expect, it } from "vitest";
import type { Trigger } from "../../../src/domain/charter/trigger.ts";
import type { Counted, Total } from "../../../src/domain/review/counts.ts";
import { digestDays } from "../../../src/domain/review/digest-days.ts";
import { bucketOf } from "../../../src/domain/review/duration-buckets.ts";
import {
  alignmentOf,
  anomaliesIn,
  bandsIn,
  type DayCount,
  periodOf,
} from "../../../src/domain/review/report.ts";
import { open } from "../scene.ts";

const HOUR = 3_600_000;

const days = digestDays("weekly", "2027-03-15");
const total = (what: Counted, of: string, n: number, trigger: Trigger | "" = ""): Total => ({
  what,
  trigger,
  of,
  n,
});
const day = (on: string, n: number, trigger: Trigger | "" = "budget"): DayCount => ({ day: on, trigger, n });
const nothing = {
  ...{ days, zone: "UTC", now: Date.parse("2027-03-15T10:00Z") },
  ...{ totals: [], opened: [], held: [], holds: [], groups: [], decisions: [] },
};

describe("a period", () => {
  it("in which nothing happened says so", () => {
    const period = periodOf(nothing);
    expect(period).toMatchObject({
      opened: 0,
      openedBefore: 0,
      byTrigger: [],
      toAcknowledge: null,
      toDecide: null,
    });
    expect(period.byDay.map((one) => one.day)).toEqual([
      ...["2027-03-08", "2027-03-09", "2027-03-10", "2027-03-11", "2027-03-12", "2027-03-13", "2027-03-14"],
    ]);
    expect(period.inTime).toEqual({ n: 0, of: 0 });
  });

  it("counts what was opened by trigger and day, beside the time before, and leaves out the day that has begun", () => {
    const opened = [
      day("2027-02-28", 50), // before both
      day("2027-03-01", 2), // the week before
      day("2027-03-07", 3, "question"),
      day("2027-03-08", 4),
      day("2027-03-14", 1),
      day("2027-03-14", 6, "flag"),
      day("2027-03-15", 9), // today
    ];
    const period = periodOf({ ...nothing, opened });
    expect(period).toMatchObject({ opened: 11, openedBefore: 5 });
    expect(period.byTrigger).toEqual([
      { trigger: "flag", n: 6, before: 0 },
      { trigger: "budget", n: 5, before: 2 },
      { trigger: "question", n: 0, before: 3 },
    ]);
    expect(period.byDay.at(-1)).toEqual({ day: "2027-03-14", n: 7 });
  });

  it("says what people decided, how fast, and how often they overrode the agent", () => {
    const totals = [
      total("decided", "approve", 6, "budget"),
      total("decided", "approve", 1, "flag"),
      total("decided", "reject", 2, "budget"),
      total("decided", "edit", 1, "budget"),
      total("approve_action", "discount", 5),
      total("edit_action", "discount", 1),
      total("reject_action", "refund", 2),
      total("respond_action", "refund", 2),
      total("settled", "in time", 7, "budget"),
      total("settled", "late", 3, "budget"),
      total("expired", "", 1, "budget"),
      total("withdrawn", "", 2, "budget"),
      total("decided_in", String(bucketOf(HOUR)), 10),
    ];
    const period = periodOf({ ...nothing, totals });
    expect(period.verdicts).toEqual({ approve: 7, edit: 1, reject: 2, respond: 0, dismiss: 0 });
    expect(period).toMatchObject({ expired: 1, withdrawn: 2 });
    expect(period.inTime).toEqual({ n: 7, of: 10 });
    expect(period.overridden).toEqual({ n: 3, of: 10 });
    expect((period.toDecide?.p50 ?? 0) / HOUR).toBeGreaterThan(0.84);
    expect((period.toDecide?.p50 ?? 0) / HOUR).toBeLessThan(1.19);
    expect(period.toAcknowledge).toBeNull();
  });

  it("adds the holds that still stand to those that were released, and no day has more than all of it", () => {
    const { hold } = open({ trigger: "budget", action: undefined });
    const placed = (at: string) => ({ ...(hold ?? never()), placedAt: Date.parse(at) });
    const held = [
      day("2027-03-08", 2 * HOUR, ""),
      day("2027-03-14", 23 * HOUR, ""),
      day("2027-03-15", HOUR, ""),
    ];
    const of = (more: object) => periodOf({ ...nothing, held, ...more }).heldFor / HOUR;
    expect(of({})).toBe(25);
    // From Sunday noon on: its 12 hours and the 23 make one whole day.
    expect(of({ holds: [placed("2027-03-14T12:00Z")] })).toBe(26);
    expect(of({ holds: [placed("2027-03-13T12:00Z")] })).toBe(38);
    expect(of({ holds: [placed("2026-01-01T00:00Z")] })).toBe(7 * 24);
    const narrow = { ...placed("2026-01-01T00:00Z"), scope: { kind: "subject", subject: "contact:1" } };
    expect(of({ holds: [narrow] })).toBe(25);
  });
});

function never(): never {
  throw new Error("there is no hold");
}

describe("an anomaly", () => {
  const usual = (n: number) =>
    Array.from({ length: 7 }, (_, at) => day(`2027-03-${String(at + 7).padStart(2, "0")}`, n));

  it.each([
    // The mean and three times its root: 4 + 6, 100 + 30, 0 + 0 with three at least.
    [4, 10, false],
    [4, 11, true],
    [100, 130, false],
    [100, 131, true],
    [0, 2, false],
    [0, 3, true],
  ])("with %d a day is not %d yesterday, or is: %s", (mean, yesterday, is) => {
    const found = anomaliesIn([...usual(mean), day("2027-03-14", yesterday)], days);
    expect(found).toEqual(is ? [{ trigger: "budget", n: yesterday, usual: mean }] : []);
  });
});

describe("alignment", () => {
  it("says for each action how often it was asked about, approved and refused, the most frequent first", () => {
    const totals = [
      total("opened", "discount", 5, "approval_required"),
      total("opened", "discount", 1, "low_confidence"),
      total("opened", "", 9, "budget"),
      total("opened", "refund", 8, "approval_required"),
      total("approve_action", "discount", 2),
      total("edit_action", "discount", 1),
      total("reject_action", "discount", 3),
      total("respond_action", "refund", 8),
      total("executed", "", 3),
      total("not_executed", "", 1),
      total("paused", "", 2),
    ];
    const made = alignmentOf(
      { outcome: "Convert trials", guards: ["csat >= 4"], metric: "conversion" },
      totals,
      [],
    );
    expect(made).toEqual({
      ...{ outcome: "Convert trials", metric: "conversion", target: null, guards: ["csat >= 4"] },
      ...{ executed: 3, notExecuted: 1, pausedByPeople: 2, charterChanges: [] },
      actions: [
        { name: "refund", asked: 8, approved: 0, refused: 0 },
        { name: "discount", asked: 6, approved: 3, refused: 3 },
      ],
    });
  });
});

describe("bands", () => {
  it("are read as they were counted", () => {
    const bands = bandsIn([
      { of: "12 unchanged", n: 4 },
      { of: "12 changed", n: 1 },
      { of: "1 changed", n: 2 },
    ]);
    expect(bands.get(12)).toEqual({ unchanged: 4, changed: 1 });
    expect(bands.get(1)).toEqual({ unchanged: 0, changed: 2 });
    expect(bands.get(2)).toEqual({ unchanged: 0, changed: 0 });
  });
});
