/** What people and agents do to an open escalation short of deciding it: acknowledge, reassign, withdraw; and report its outcome. */

import type { Agent } from "../agent.ts";
import { nextWake } from "../chain/advance.ts";
import { tellHold, tellOutcome } from "../delivery/callback.ts";
import type { CardDelivery } from "../delivery/copy.ts";
import type { Hold } from "../hold.ts";
import { due, endsWithIt } from "../job.ts";
import { type Actor, named, type Person } from "../people.ts";
import type { Refusal } from "../refusal.ts";
import { no, type Result, yes } from "../result.ts";
import { countHeld, countWithdrawn } from "../review/counts.ts";
import type { Step } from "../step.ts";
import { auditActor, settledRefusal } from "./decide.ts";
import type { Escalation, Outcome } from "./escalation.ts";

/** "I'm on it": stops the reminders of the stage, not its deadline. */
export function acknowledge(before: Escalation, actor: Actor, now: number): Result<Step, Refusal> {
  const settled = settledRefusal(before, actor);
  if (settled) return no(settled);
  const after: Escalation = {
    ...before,
    revision: before.revision + 1,
    acknowledged: { by: named(actor), at: now },
    reactedAt: before.reactedAt ?? now,
  };
  return yes({
    escalation: { before: before.revision, after },
    jobs: [due("publish", before.id, now), due("advance", before.id, nextWake(after))],
    audit: [{ ...about(before, now), kind: "escalation.acknowledged", actor: auditActor(actor) }],
  });
}

/** Asks somebody else as well: they get a card and may decide; the stage keeps its deadline. */
export function reassign(before: Escalation, actor: Actor, to: Person, now: number): Result<Step, Refusal> {
  const settled = settledRefusal(before, actor);
  if (settled) return no(settled);
  const add = (ids: Escalation["asked"]) => (ids.includes(to.id) ? ids : [...ids, to.id]);
  const after: Escalation = {
    ...before,
    revision: before.revision + 1,
    asked: add(before.asked),
    reassigned: add(before.reassigned),
    acknowledged: null,
    reactedAt: before.reactedAt ?? now,
  };
  return yes({
    escalation: { before: before.revision, after },
    jobs: [due("publish", before.id, now), due("advance", before.id, nextWake(after))],
    audit: [
      {
        ...about(before, now),
        kind: "escalation.reassigned",
        actor: auditActor(actor),
        detail: { to: to.id },
      },
    ],
  });
}

/** The agent no longer needs the answer: its own hold goes with the question. Other holds stay. */
export function withdraw(
  before: Escalation,
  reason: string,
  facts: {
    readonly agent: Agent;
    readonly hold: Hold | null;
    readonly card: CardDelivery;
    readonly newId: () => string;
    readonly now: number;
  },
): Result<Step, Refusal> {
  const { now, hold, agent } = facts;
  if (before.decision)
    return no({
      code: "already_decided",
      verdict: before.decision.verdict,
      by: before.decision.by,
      at: before.decision.at,
      yours: false,
    });
  if (before.status === "expired" || before.status === "withdrawn") return no({ code: before.status });
  const after: Escalation = {
    ...before,
    revision: before.revision + 1,
    status: "withdrawn",
    withdrawnReason: reason,
    settledAt: now,
  };
  const by = { id: agent.id, name: agent.name };
  const told = tellOutcome(after, "escalation.withdrawn", { ...facts, id: facts.newId() });
  const released = hold ? tellHold(hold, "hold.released", { agent, id: facts.newId(), now }) : undefined;
  const line = { ...about(before, now), actor: { kind: "agent" as const, ...by } };
  return yes({
    escalation: { before: before.revision, after },
    holds: hold ? [{ change: "release", hold, by, at: now }] : [],
    callbacks: [...told.callbacks, ...(released?.callbacks ?? [])],
    jobs: [due("publish", before.id, now), ...told.jobs, ...(released?.jobs ?? [])],
    cancelled: endsWithIt(before.id),
    counts: [...countWithdrawn(before, agent, now), ...(hold ? countHeld(hold, agent, now) : [])],
    audit: [
      { ...line, kind: "escalation.withdrawn" },
      ...(hold ? [{ ...line, kind: "hold.released" as const, detail: { hold: hold.id } }] : []),
    ],
  });
}

/** What became of it, told by the agent once it is settled; a later report replaces an earlier one. */
export function reportOutcome(before: Escalation, outcome: Outcome): Result<Step, Refusal> {
  if (before.status === "open") return no({ code: "still_open" });
  const after: Escalation = { ...before, revision: before.revision + 1, outcome };
  const actor = { kind: "agent" as const, id: before.agent };
  return yes({
    escalation: { before: before.revision, after },
    jobs: [due("publish", before.id, outcome.at)],
    audit: [
      {
        ...about(before, outcome.at),
        kind: "escalation.outcome_reported",
        actor,
        detail: { executed: outcome.executed },
      },
    ],
  });
}

function about(escalation: Escalation, now: number) {
  return { at: now, agent: escalation.agent, escalation: escalation.id };
}
