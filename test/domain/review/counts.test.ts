/** What steps add to the counts of digests. */
import { describe, expect, it } from "vitest";
import { advance } from "../../../src/domain/chain/advance.ts";
import { acknowledge, withdraw } from "../../../src/domain/escalation/attend.ts";
import { decide } from "../../../src/domain/escalation/decide.ts";
import type { Escalation } from "../../../src/domain/escalation/escalation.ts";
import {
  type Count,
  countHeld,
  countOutcome,
  countReacted,
  heldByDay,
} from "../../../src/domain/review/counts.ts";
import { bucketOf } from "../../../src/domain/review/duration-buckets.ts";
import type { Step } from "../../../src/domain/step.ts";
import { actor, agent, allowed, changed, charter, deciding, facts, NOW, newId, open } from "../scene.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `what trigger of` → n, of counts that all fall on one day. */
function told({ counts = [] }: Step, day = "2026-03-02"): Readonly<Record<string, number>> {
  return words(counts, day);
}

function words(counts: readonly Count[], day = "2026-03-02"): Readonly<Record<string, number>> {
  for (const count of counts) expect(count).toMatchObject({ agent: "trial-nurture", day });
  return Object.fromEntries(counts.map(({ what, trigger, of, n }) => [[what, trigger, of].join(" "), n]));
}

const approve = (before: Escalation, more: object = {}) =>
  allowed(decide(before, deciding("sarah", "approve", more), facts(null)));

describe("opening", () => {
  it("adds one count: the trigger, and the action that is asked about", () => {
    expect(told(open().step)).toEqual({ "opened approval_required discount": 1 });
    expect(told(open({ action: undefined }).step)).toEqual({ "opened approval_required ": 1 });
  });

  it("adds a second one for a group", () => {
    expect(told(open({ group: "big discounts" }).step)).toEqual({
      "opened approval_required discount": 1,
      "group  big discounts": 1,
    });
  });

  it("falls on the local day of the charter's zone", () => {
    const inAuckland = agent(charter({ review: { timezone: "Pacific/Auckland" } }));
    const at = Date.UTC(2026, 2, 2, 12);
    expect(told(open({}, { agent: inAuckland, now: at }).step, "2026-03-03")).toBeTruthy();
  });
});

describe("a decision", () => {
  it("adds its verdict, what became of the action, and how long everything took", () => {
    const { escalation } = open();
    expect(told(approve(escalation, { now: NOW + HOUR }))).toEqual({
      "decided approval_required approve": 1,
      "approve_action  discount": 1,
      [`reacted_in  ${bucketOf(HOUR)}`]: 1,
      [`decided_in  ${bucketOf(HOUR)}`]: 1,
      "settled approval_required in time": 1,
    });
  });

  it("is in time up to the target of the first stage, and late after it", () => {
    const { escalation } = open();
    const within = escalation.chain.stages[0].within;
    expect(told(approve(escalation, { now: NOW + within }))).toHaveProperty(
      "settled approval_required in time",
    );
    expect(told(approve(escalation, { now: NOW + within + 1 }))).toHaveProperty(
      "settled approval_required late",
    );
  });

  it.each([
    ["approve", "unchanged"],
    ["reject", "changed"],
  ] as const)("of %s counts the agent's confidence as %s", (verdict, word) => {
    const { escalation } = open({ signal: { confidence: 0.62 } });
    const step = allowed(decide(escalation, deciding("sarah", verdict, { reason: "No" }), facts(null)));
    expect(told(step)).toHaveProperty([`band  12 ${word}`], 1);
  });

  it("counts confidence under the Monday of its week", () => {
    const { escalation } = open({ signal: { confidence: 0.99 } });
    const monday = (daysLater: number) => {
      const { counts = [] } = approve(escalation, { now: NOW + daysLater * DAY });
      return counts.find(({ what }) => what === "band")?.day;
    };
    expect([0, 3, 6, 7].map(monday)).toEqual(["2026-03-02", "2026-03-02", "2026-03-02", "2026-03-09"]);
  });

  it("says nothing of confidence with an answer, and without a number", () => {
    const answered = decide(
      open({ signal: { confidence: 0.62 } }).escalation,
      deciding("sarah", "respond", { response: "Later" }),
      facts(null),
    );
    expect(Object.keys(told(allowed(answered))).join()).not.toContain("band");
    expect(Object.keys(told(approve(open().escalation))).join()).not.toContain("band");
  });

  it("adds the time the agent was held, where the hold was one of the whole agent", () => {
    const { escalation, hold } = open({ trigger: "budget", action: undefined });
    const step = allowed(decide(escalation, deciding("sarah", "approve", { now: NOW + HOUR }), facts(hold)));
    expect(told(step)).toHaveProperty(["held  "], HOUR);
    const narrow = open();
    expect(narrow.hold?.scope.kind).toBe("action");
    const other = decide(narrow.escalation, deciding("sarah", "approve"), facts(narrow.hold));
    expect(told(allowed(other))).not.toHaveProperty(["held  "]);
  });

  it("that keeps the hold adds no time: it goes on", () => {
    const { escalation, hold } = open({ trigger: "budget", action: undefined });
    const kept = deciding("sarah", "reject", { reason: "No", keepHeld: true });
    expect(told(allowed(decide(escalation, kept, facts(hold))))).not.toHaveProperty(["held  "]);
  });

  it("by two people counts the first one's approval as the reaction, once", () => {
    const under = agent(charter({ ownership: { approvals: 2 } }));
    const { escalation } = open({}, { agent: under });
    const first = allowed(decide(escalation, deciding("sarah", "approve"), facts(null, { agent: under })));
    expect(told(first)).toEqual({ [`reacted_in  ${bucketOf(MINUTE)}`]: 1 });
    const second = decide(changed(first), deciding("nina", "approve", { now: NOW + HOUR }), facts(null));
    expect(Object.keys(told(allowed(second))).join()).not.toContain("reacted_in");
  });
});

describe("a reaction", () => {
  it("is counted the first time only, also after it has lapsed", () => {
    const { escalation } = open();
    expect(words(countReacted(escalation, agent(), NOW + MINUTE))).toEqual({
      [`reacted_in  ${bucketOf(MINUTE)}`]: 1,
    });
    const acked = changed(allowed(acknowledge(escalation, actor("sarah"), NOW + MINUTE)));
    expect(countReacted({ ...acked, acknowledged: null }, agent(), NOW + HOUR)).toEqual([]);
  });
});

describe("other ends", () => {
  it("count what expired, as late", () => {
    const under = agent(charter({ ownership: { on_silence: "expire", escalate_to: [], deputies: [] } }));
    const { escalation } = open({}, { agent: under });
    let before = { ...escalation, stage: escalation.chain.stages.length - 1 };
    before = { ...before, reminders: 2 };
    const cover = () => ({ kind: "here" as const });
    const now = before.dueAt;
    const step = advance(before, { agent: under, card: "shown", newId, cover, now });
    expect(step && words(step.counts ?? [], "2026-03-02")).toMatchObject({ "expired approval_required ": 1 });
  });

  it("count what was withdrawn, neither in time nor late", () => {
    const { escalation, hold } = open({ trigger: "budget", action: undefined });
    const step = withdraw(escalation, "done", {
      agent: agent(),
      hold,
      card: "shown",
      newId,
      now: NOW + HOUR,
    });
    expect(told(allowed(step))).toEqual({ "withdrawn budget ": 1, "held  ": HOUR });
  });
});

describe("reports on what was approved", () => {
  const approved = changed(approve(open().escalation));
  const report = (before: Escalation, executed: boolean) =>
    words(countOutcome(before, { executed, at: NOW + HOUR }, agent()));

  it("count once, and a later one takes an earlier one back", () => {
    expect(report(approved, true)).toEqual({ "executed  ": 1 });
    const reported = { ...approved, outcome: { executed: true, at: NOW } };
    expect(report(reported, true)).toEqual({});
    expect(report(reported, false)).toEqual({ "not_executed  ": 1, "executed  ": -1 });
  });

  it("of anything else are not counted", () => {
    const rejected = decide(open().escalation, deciding("sarah", "reject", { reason: "No" }), facts(null));
    expect(report(changed(allowed(rejected)), false)).toEqual({});
  });
});

describe("time under a hold", () => {
  it("is shared out to its local days, as long as each of them was", () => {
    // In New York, 14 March 2027 has 23 hours and 7 November 25.
    const day = (text: string) => Date.parse(text);
    expect(
      heldByDay("America/New_York", day("2027-03-13T23:00-05:00"), day("2027-03-15T01:00-04:00")),
    ).toEqual([
      { day: "2027-03-13", ms: HOUR },
      { day: "2027-03-14", ms: 23 * HOUR },
      { day: "2027-03-15", ms: HOUR },
    ]);
    expect(
      heldByDay("America/New_York", day("2027-11-07T00:00-04:00"), day("2027-11-08T00:00-05:00")),
    ).toEqual([{ day: "2027-11-07", ms: 25 * HOUR }]);
    expect(heldByDay("UTC", NOW, NOW)).toEqual([]);
    expect(heldByDay("UTC", NOW, NOW - DAY)).toEqual([]);
  });

  it("of years is counted for its last hundred days", () => {
    const { hold } = open({ trigger: "budget", action: undefined });
    if (!hold) throw new Error("there is no hold");
    const counts = countHeld(hold, agent(), NOW + 400 * DAY);
    expect(counts).toHaveLength(100);
    expect(counts.at(-1)).toMatchObject({ what: "held", day: "2027-04-06" });
  });
});
