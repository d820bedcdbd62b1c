/** What time does to an open escalation: reminders, the next stage, another round, and (where the charter says so) expiry. */
import type { Agent } from "./agent.ts";
import { type AuditLine, SYSTEM } from "./audit.ts";
import { tellOutcome } from "./callback.ts";
import { REMINDERS, type Stage } from "./chain.ts";
import type { CardDelivery } from "./copy.ts";
import type { Escalation } from "./escalation.ts";
import { due, endsWithIt } from "./job.ts";
import type { Step } from "./step.ts";

/** What telling the agent of an outcome needs. */
interface Telling {
  readonly agent: Agent;
  readonly card: CardDelivery;
  readonly newId: () => string;
  readonly now: number;
}

/** The present stage of the frozen chain. */
export function presentStage(escalation: Escalation): Stage {
  return escalation.chain.stages[escalation.stage] ?? escalation.chain.stages[0];
}

/** When the escalation is to be looked at again: its next reminder, unless somebody is on it, else its deadline. */
export function nextWake(escalation: Escalation): number {
  const part = REMINDERS[escalation.reminders];
  if (part === undefined || escalation.acknowledged) return escalation.dueAt;
  return Math.min(escalation.dueAt, reminderAt(escalation, part));
}

function reminderAt(escalation: Escalation, part: number): number {
  return escalation.stageStartedAt + Math.round(presentStage(escalation).within * part);
}

/**
 * The step that time asks for at `now`; undefined for a stale timer: settled meanwhile, or the next wake lies ahead.
 * A process that was away over several deadlines moves one stage per call, and each stage gets its full time from then on.
 */
export function advance(before: Escalation, facts: Telling): Step | undefined {
  const { now } = facts;
  if (before.status !== "open" || now < nextWake(before)) return undefined;
  if (now < before.dueAt) return remind(before, now);
  const last = before.stage === before.chain.stages.length - 1;
  if (!last) return askNextStage(before, now);
  return before.chain.onSilence === "expire" ? expire(before, facts) : askAgain(before, now);
}

/** One reminder, however many fell due while the process was away. */
function remind(before: Escalation, now: number): Step {
  const reminders = REMINDERS.filter((part) => now >= reminderAt(before, part)).length;
  const after = { ...before, revision: before.revision + 1, reminders };
  return step(before, after, now, "escalation.reminded", { stage: before.stage, reminder: after.reminders });
}

/** The next stage before its time, because nobody of this one can be reached; undefined when it is the last, or all is settled. */
export function skipUnreachable(before: Escalation, now: number): Step | undefined {
  const last = before.stage === before.chain.stages.length - 1;
  return last || before.status !== "open" ? undefined : askNextStage(before, now, "unreachable");
}

/** The next stage before its time, because the agent says it can't wait; undefined when nobody is left to ask, or all is settled. */
export function askSooner(before: Escalation, now: number): Step | undefined {
  const last = before.stage === before.chain.stages.length - 1;
  return last || before.status !== "open" ? undefined : askNextStage(before, now, "hurry");
}

function askNextStage(
  before: Escalation,
  now: number,
  why: "silence" | "unreachable" | "hurry" = "silence",
): Step {
  const stage = before.stage + 1;
  const next = before.chain.stages[stage];
  const asked = [...before.asked, ...(next?.people ?? []).filter((id) => !before.asked.includes(id))];
  const started = restarted(before, now, next?.within ?? presentStage(before).within);
  // Nobody let a deadline pass who never saw the card.
  const after = { ...started, stage, asked, breached: why === "silence" || before.breached };
  return step(before, after, now, "escalation.stage_advanced", {
    stage,
    asked: next?.people ?? [],
    channel: next?.channel,
    ...(why === "hurry" ? { why: "the agent asked for it" } : {}),
  });
}

function askAgain(before: Escalation, now: number): Step {
  const after = { ...restarted(before, now, presentStage(before).within), rounds: before.rounds + 1 };
  return step(before, after, now, "escalation.stage_advanced", { stage: before.stage, round: after.rounds });
}

/** A stage begins: its clock and reminders anew, and an acknowledgement that led to nothing lapses. */
function restarted(before: Escalation, now: number, within: number): Escalation {
  return {
    ...before,
    ...{ revision: before.revision + 1, stageStartedAt: now, dueAt: now + within },
    ...{ reminders: 0, acknowledged: null, breached: true },
  };
}

/** Nobody answered: an outcome of its own, told as `expired`. The hold stands. */
function expire(before: Escalation, facts: Telling): Step {
  const { now } = facts;
  const after: Escalation = {
    ...before,
    ...{ revision: before.revision + 1, status: "expired", settledAt: now, breached: true },
  };
  const told = tellOutcome(after, "escalation.expired", { ...facts, id: facts.newId() });
  return {
    escalation: { before: before.revision, after },
    callbacks: told.callbacks,
    jobs: [due("publish", before.id, now), ...told.jobs],
    cancelled: endsWithIt(before.id),
    audit: [lineOf(before, now, "escalation.expired", {})],
  };
}

function step(
  before: Escalation,
  after: Escalation,
  now: number,
  kind: AuditLine["kind"],
  detail: Readonly<Record<string, unknown>>,
): Step {
  return {
    escalation: { before: before.revision, after },
    jobs: [due("publish", before.id, now), due("advance", before.id, nextWake(after))],
    audit: [lineOf(before, now, kind, detail)],
  };
}

function lineOf(
  escalation: Escalation,
  now: number,
  kind: AuditLine["kind"],
  detail: Readonly<Record<string, unknown>>,
): AuditLine {
  return { at: now, kind, actor: SYSTEM, agent: escalation.agent, escalation: escalation.id, detail };
}
