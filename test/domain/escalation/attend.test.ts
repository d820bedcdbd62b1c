/** Short of deciding: acknowledging, asking somebody else, withdrawing, and reporting what became of it. */
import { describe, expect, it } from "vitest";
import { nextWake } from "../../../src/domain/chain/advance.ts";
import { acknowledge, reassign, reportOutcome, withdraw } from "../../../src/domain/escalation/attend.ts";
import { decide } from "../../../src/domain/escalation/decide.ts";
import type { Escalation } from "../../../src/domain/escalation/escalation.ts";
import {
  actor,
  agent,
  allowed,
  changed,
  charter,
  deciding,
  facts,
  NOW,
  newId,
  open,
  person,
  refusal,
} from "../scene.ts";

const { escalation, hold } = open();
const decided = changed(allowed(decide(escalation, deciding("sarah", "approve"), facts(hold))));
const settled: [string, Escalation, string][] = [
  ["decided", decided, "already_decided"],
  ["expired", { ...escalation, status: "expired" }, "expired"],
  ["withdrawn", { ...escalation, status: "withdrawn" }, "withdrawn"],
];
const later = { agent: agent(), card: "shown", newId, now: NOW + 10 } as const;

it.each(settled)("nothing of it is possible once it is %s", (_, before, code) => {
  expect(refusal(acknowledge(before, actor("sarah"), NOW)).code).toBe(code);
  expect(refusal(reassign(before, actor("sarah"), person("milo"), NOW)).code).toBe(code);
  expect(refusal(withdraw(before, "no need", { ...later, hold })).code).toBe(code);
});

describe("reassigning", () => {
  const step = allowed(reassign(escalation, actor("sarah"), person("milo"), NOW + 10));

  it("asks one more person, in the stage's own time", () => {
    expect(changed(step)).toMatchObject({
      asked: ["sarah", "milo"],
      reassigned: ["milo"],
      dueAt: escalation.dueAt,
      stage: 0,
      revision: 2,
    });
    expect(step.jobs?.map(({ key }) => key)).toEqual(["publish:esc_1", "advance:esc_1"]);
    expect(step.audit).toMatchObject([
      { kind: "escalation.reassigned", actor: { id: "sarah" }, detail: { to: "milo" } },
    ]);
  });

  it("the same person again asks nobody twice", () => {
    const twice = changed(allowed(reassign(changed(step), actor("sarah"), person("milo"), NOW + 20)));
    expect(twice).toMatchObject({ asked: ["sarah", "milo"], reassigned: ["milo"] });
  });

  it("ends an acknowledgement: whoever is asked now is reminded", () => {
    const acked = changed(allowed(acknowledge(escalation, actor("sarah"), NOW)));
    const passed = changed(allowed(reassign(acked, actor("sarah"), person("milo"), NOW + 10)));
    expect(passed.acknowledged).toBeNull();
    expect(nextWake(passed)).toBe(nextWake(escalation));
  });
});

describe("withdrawing", () => {
  const hooked = agent(charter(), { callbackUrl: "https://agent.example/hook" });
  const step = allowed(withdraw(escalation, "the customer called back", { ...later, agent: hooked, hold }));

  it("ends the question and the agent's own hold with it", () => {
    expect(changed(step)).toMatchObject({
      status: "withdrawn",
      withdrawnReason: "the customer called back",
      settledAt: NOW + 10,
      decision: null,
    });
    expect(step.holds).toEqual([
      { change: "release", hold, by: { id: "trial-nurture", name: "Trial nurture" }, at: NOW + 10 },
    ]);
    expect(step.cancelled).toEqual(["advance:esc_1", "publish:esc_1:confirmed"]);
    expect(step.callbacks?.map(({ type }) => type)).toEqual(["escalation.withdrawn", "hold.released"]);
    expect(step.audit.map(({ kind, actor }) => [kind, actor.kind])).toEqual([
      ["escalation.withdrawn", "agent"],
      ["hold.released", "agent"],
    ]);
  });

  it("releases nothing where the hold is gone already", () => {
    const without = allowed(withdraw(escalation, "done", { ...later, hold: null }));
    expect(without.holds).toEqual([]);
    expect(without.audit).toHaveLength(1);
  });
});

describe("reporting the outcome", () => {
  const outcome = { executed: true, detail: "sent", at: NOW + 99 };

  it("waits until it is settled", () => {
    expect(refusal(reportOutcome(escalation, outcome))).toEqual({ code: "still_open" });
  });

  it("is kept beside the decision, the later report in place of the earlier", () => {
    const once = allowed(reportOutcome(decided, { executed: false, at: NOW + 98 }));
    const twice = allowed(reportOutcome(changed(once), outcome));
    expect(changed(twice)).toMatchObject({
      outcome,
      decision: decided.decision,
      status: "decided",
      revision: 4,
    });
    expect(twice.audit).toMatchObject([
      { kind: "escalation.outcome_reported", actor: { kind: "agent" }, detail: { executed: true } },
    ]);
  });
});
