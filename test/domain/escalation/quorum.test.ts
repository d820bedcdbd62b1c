/** Two people for one approval: who counts, for which arguments. */
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../src/domain/charter/trigger.ts";
import { actionDigest } from "../../../src/domain/escalation/action-digest.ts";
import { type Deciding, decide } from "../../../src/domain/escalation/decide.ts";
import { digestAtStake, type Escalation } from "../../../src/domain/escalation/escalation.ts";
import { agent, allowed, changed, charter, deciding, facts, NOW, open, refusal, sha256 } from "../scene.ts";

function opened(approvals: number) {
  return open({}, { agent: agent(charter({ triggers: { approval_required: { approvals } } })) });
}
const two = opened(2);
const three = opened(3);
const digestOf = (percent: number) => actionDigest({ name: "discount", args: { percent } }, sha256);

function press(before: Escalation, who: string, verdict: Verdict, more: Partial<Deciding> = {}) {
  return decide(before, deciding(who, verdict, more), facts(two.hold));
}
const then = (...asked: Parameters<typeof press>) => changed(allowed(press(...asked)));
const edit = (percent: number) => ({ args: { percent } });

describe("where two must approve", () => {
  it("one approval is counted and releases nothing", () => {
    const step = allowed(press(two.escalation, "sarah", "approve"));
    expect(changed(step)).toMatchObject({
      status: "open",
      revision: 2,
      decision: null,
      dueAt: two.escalation.dueAt,
    });
    expect(step).not.toHaveProperty("holds");
    expect(step).not.toHaveProperty("cancelled");
    expect(step.audit).toMatchObject([
      { kind: "escalation.approval_counted", actor: { id: "sarah" }, detail: { missing: 1 } },
    ]);
  });

  it("the second, by somebody else, decides, and both are on record", () => {
    const done = then(then(two.escalation, "sarah", "approve"), "james", "approve");
    expect(done).toMatchObject({
      status: "decided",
      decision: { verdict: "approve", by: { id: "james" }, args: { percent: 20 } },
    });
    expect(done.approvals.map(({ by, digest }) => [by.id, digest])).toEqual([
      ["sarah", digestOf(20)],
      ["james", digestOf(20)],
    ]);
  });

  it("the same person twice is one person, from whatever surface", () => {
    const once = then(two.escalation, "sarah", "approve");
    expect(refusal(press(once, "sarah", "approve"))).toEqual({ code: "already_approved_by_you", missing: 1 });
    const elsewhere = {
      ...deciding("sarah", "approve").actor,
      surface: "console",
      account: "console:sarah",
    } as const;
    expect(refusal(press(once, "sarah", "approve", { actor: elsewhere })).code).toBe(
      "already_approved_by_you",
    );
    expect(then(once, "sarah", "edit", edit(20)).status).toBe("open");
  });

  it("one rejection is enough", () => {
    const step = allowed(
      press(then(two.escalation, "sarah", "approve"), "james", "reject", { reason: "no" }),
    );
    expect(changed(step)).toMatchObject({
      status: "decided",
      decision: { verdict: "reject", args: undefined },
    });
    expect(step.holds).toHaveLength(1);
  });

  it("an edit is a proposal, which the next person approves as it was edited", () => {
    const proposed = then(two.escalation, "sarah", "edit", edit(10));
    expect(proposed).toMatchObject({
      status: "open",
      proposal: { args: { percent: 10 }, digest: digestOf(10), by: { id: "sarah" } },
    });
    expect(digestAtStake(proposed)).toBe(digestOf(10));
    expect(then(proposed, "james", "approve", { seen: digestOf(10) }).decision).toMatchObject({
      verdict: "edit",
      args: { percent: 10 },
      actionDigest: digestOf(10),
      by: { id: "james" },
    });
  });

  it("a card that still shows the old arguments approves nothing", () => {
    const proposed = then(two.escalation, "sarah", "edit", edit(10));
    expect(refusal(press(proposed, "james", "approve", { seen: two.escalation.actionDigest }))).toEqual({
      code: "stale_card",
    });
  });

  it("an edit drops the approvals of what was there before", () => {
    const approved = then(two.escalation, "sarah", "approve");
    const proposed = then(approved, "james", "edit", edit(10));
    expect(proposed).toMatchObject({
      status: "open",
      approvals: [{ by: { id: "james" }, digest: digestOf(10) }],
    });
    expect(then(proposed, "sarah", "approve").decision).toMatchObject({
      actionDigest: digestOf(10),
      by: { id: "sarah" },
    });
  });

  it("two who make the same edit agree", () => {
    const proposed = then(two.escalation, "sarah", "edit", edit(10));
    expect(then(proposed, "james", "edit", edit(10)).decision).toMatchObject({
      verdict: "edit",
      actionDigest: digestOf(10),
    });
  });

  it("two who make different edits do not, however often they try", () => {
    let now = two.escalation;
    for (const percent of [10, 11, 12, 13])
      now = then(now, percent % 2 ? "james" : "sarah", "edit", edit(percent));
    expect(now).toMatchObject({
      status: "open",
      approvals: [{ digest: digestOf(13) }],
      proposal: { digest: digestOf(13) },
    });
  });
});

it("where three must approve, counts to three and says how many are missing", () => {
  const first = then(three.escalation, "sarah", "approve");
  const second = then(first, "james", "approve");
  expect(second.status).toBe("open");
  expect(refusal(press(second, "james", "approve"))).toEqual({ code: "already_approved_by_you", missing: 1 });
  expect(then(second, "nina", "approve").status).toBe("decided");
  expect(then(then(second, "james", "edit", edit(20)), "nina", "approve").status).toBe("decided");
  expect(second.approvals[0]?.at).toBe(NOW + 60_000);
});
