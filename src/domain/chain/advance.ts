/** What time does to an open escalation: reminders, the next stage, another round, and (where the charter says so) expiry. */

import type { Agent } from "../agent.ts";
import { type AuditLine, SYSTEM } from "../audit.ts";
import { tellOutcome } from "../delivery/callback.ts";
import type { CardDelivery } from "../delivery/copy.ts";
import type { Escalation } from "../escalation/escalation.ts";
import { due, endsWithIt } from "../job.ts";
import { countExpired } from "../review/counts.ts";
import type { Step } from "../step.ts";
import { DAY } from "../time/time.ts";
import type { CoverFor } from "./absence.ts";
import { REMINDERS, ROUNDS_POSTED, type Stage, timeOver } from "./chain.ts";
import { deputiesOf, insteadOf, type StandIn, stageAsItIs, stageToAsk } from "./stand-in.ts";

/** What time needs to know: whom to ask while others are away, and how the agent is told of an outcome. */
interface Facts {
  readonly cover: CoverFor;
  readonly agent: Agent;
  readonly card: CardDelivery;
  readonly newId: () => string;
  readonly now: number;
}
type Asking = Pick<Facts, "cover" | "now">;

/** The present stage of the frozen chain, with the people who are really asked. */
export function presentStage(escalation: Escalation): Stage {
  const { chain, stage, standIns } = escalation;
  const frozen = chain.stages[stage] ?? chain.stages[0];
  return { ...frozen, people: insteadOf(standIns, frozen.people) };
}

/** Everyone who is asked at present: the people of the stage, and whoever was asked by name. */
export function askedNow(escalation: Escalation): readonly StandIn["for"][] {
  const byName = insteadOf(escalation.standIns, escalation.reassigned);
  return [...new Set([...presentStage(escalation).people, ...byName])];
}

/**
 * When the escalation is to be looked at again: its next reminder, unless somebody is on it, else its deadline. A round of
 * the last stage is itself a reminder and has none.
 */
export function nextWake(escalation: Escalation): number {
  const part = REMINDERS[escalation.reminders];
  if (part === undefined || escalation.acknowledged || escalation.rounds > 0) return escalation.dueAt;
  return Math.min(escalation.dueAt, reminderAt(escalation, part));
}

function reminderAt(escalation: Escalation, part: number): number {
  const { chain, stageStartedAt } = escalation;
  return timeOver(chain, stageStartedAt, Math.round(presentStage(escalation).within * part));
}

/** When the people of the present stage were last reminded or asked again; null: they have only had their card so far. */
export function lastNotice(escalation: Escalation): number | null {
  const part = REMINDERS[escalation.reminders - 1];
  if (escalation.rounds > 0) return escalation.stageStartedAt;
  return part === undefined ? null : reminderAt(escalation, part);
}

/**
 * The step that time asks for at `now`; undefined for a stale timer: settled meanwhile, or the next wake lies ahead.
 * A process that was away over several deadlines moves one stage per call, and each stage gets its full time from then on.
 */
export function advance(before: Escalation, facts: Facts): Step | undefined {
  const { now } = facts;
  if (before.status !== "open" || now < nextWake(before)) return undefined;
  if (now < before.dueAt) return remind(before, now);
  const last = before.stage === before.chain.stages.length - 1;
  if (!last) return askNextStage(before, facts);
  return before.chain.onSilence === "expire" ? expire(before, facts) : askAgain(before, now);
}

/** One reminder, however many fell due while the process was away. */
function remind(before: Escalation, now: number): Step {
  const reminders = REMINDERS.filter((part) => now >= reminderAt(before, part)).length;
  const after = { ...before, revision: before.revision + 1, reminders };
  return step(before, after, now, "escalation.reminded", { stage: before.stage, reminder: after.reminders });
}

/** The next stage before its time, because nobody of this one can be reached; undefined when it is the last, or all is settled. */
export function skipUnreachable(before: Escalation, facts: Asking): Step | undefined {
  const last = before.stage === before.chain.stages.length - 1;
  return last || before.status !== "open" ? undefined : askNextStage(before, facts, "unreachable");
}

/** The next stage before its time, because the agent says it can't wait; undefined when nobody is left to ask, or all is settled. */
export function askSooner(before: Escalation, facts: Asking): Step | undefined {
  const last = before.stage === before.chain.stages.length - 1;
  return last || before.status !== "open" ? undefined : askNextStage(before, facts, "hurry");
}

const WORDS = { hurry: "the agent asked for it", away: "those who were asked are away" } as const;

/** @param why what ends the stage; only silence breaks its promise: nobody else let a deadline pass */
export function askNextStage(
  before: Escalation,
  { cover, now }: Asking,
  why: "silence" | "unreachable" | "hurry" | "away" = "silence",
): Step {
  const { chain } = before;
  const following = before.stage + 1;
  const { stage, asked, standIns } =
    stageToAsk(chain, following, before, cover, now) ?? stageAsItIs(chain, following, before);
  const next = chain.stages[stage];
  const started = restarted(before, now, next?.within ?? presentStage(before).within);
  const after = { ...started, stage, asked, standIns, breached: why === "silence" || before.breached };
  return step(before, after, now, "escalation.stage_advanced", {
    stage,
    asked: presentStage(after).people,
    channel: next?.channel,
    ...instead(after.standIns, next?.people ?? []),
    ...(why === "hurry" || why === "away" ? { why: WORDS[why] } : {}),
  });
}

/** Who is asked in whose place, for the trail: both names. */
export function instead(
  standIns: readonly StandIn[],
  ids: readonly StandIn["for"][],
): { readonly instead?: readonly object[] } {
  const mine = deputiesOf(standIns, ids);
  return mine.length > 0
    ? { instead: mine.map(({ person, for: of, until }) => ({ person, for: of, until })) }
    : {};
}

/** Rounds that are posted take the stage's time; later ones only redraw, so each takes twice as long as the one before, a day at most. */
function askAgain(before: Escalation, now: number): Step {
  const { within } = presentStage(before);
  const rounds = before.rounds + 1;
  const longer = within * 2 ** Math.min(Math.max(0, rounds - ROUNDS_POSTED), 10);
  const after = { ...restarted(before, now, Math.max(within, Math.min(longer, DAY))), rounds };
  return step(before, after, now, "escalation.stage_advanced", { stage: before.stage, round: after.rounds });
}

/** A stage begins: its clock and reminders anew, and an acknowledgement that led to nothing lapses. */
function restarted(before: Escalation, now: number, within: number): Escalation {
  return {
    ...before,
    ...{ revision: before.revision + 1, stageStartedAt: now, dueAt: timeOver(before.chain, now, within) },
    ...{ reminders: 0, acknowledged: null, breached: true },
  };
}

/** Nobody answered: an outcome of its own, told as `expired`. The hold stands. */
function expire(before: Escalation, facts: Facts): Step {
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
    counts: countExpired(after, facts.agent, now),
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
