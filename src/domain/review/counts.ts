/** What digests count: derived from what a step does, and added up in the step's own transaction. */
import type { Agent } from "../agent.ts";
import { timeOver } from "../chain/chain.ts";
import { type Trigger, VERDICTS, type Verdict } from "../charter/trigger.ts";
import type { Escalation, Outcome } from "../escalation/escalation.ts";
import type { Hold } from "../hold.ts";
import { dayNumber, localDay, mondayOf, startOfDay } from "../time/local-day.ts";
import { nextDate } from "../time/zoned-time.ts";
import { bandOf } from "./calibration.ts";
import { bucketOf } from "./duration-buckets.ts";

/**
 * What is counted, and what `of` says beside it.
 * `opened`: the action that was asked about, or nothing. `group`: the group. `decided`: the verdict. `approve_action` and its
 * like: the action. `band`: a band of confidence and whether people approved unchanged. `reacted_in`, `decided_in`: a bucket
 * of time. `settled`: in time or late. `held`: nothing, and the number is milliseconds.
 */
export type Counted =
  | ("opened" | "group" | "decided" | "expired" | "withdrawn" | `${Verdict}_action` | "band")
  | ("reacted_in" | "decided_in" | "settled" | "held" | "paused" | "executed" | "not_executed")
  | "card_lost";

/** What a digest looks at together. Groups may be many, confidence is looked at over longer, and time held by the day. */
export const TOTALLED: readonly Counted[] = [
  ...(["opened", "decided", "expired", "withdrawn", "reacted_in", "decided_in", "settled"] as const),
  ...(["paused", "executed", "not_executed", "card_lost"] as const),
  ...VERDICTS.map((verdict) => `${verdict}_action` as const),
];

/** So much more of one thing on one local day of an agent. */
export interface Count {
  readonly agent: string;
  /** In the time zone of the charter's review; of `band`, the Monday of its week: calibration looks at whole weeks. */
  readonly day: string;
  readonly what: Counted;
  /** Where it matters; otherwise empty. */
  readonly trigger: Trigger | "";
  readonly of: string;
  readonly n: number;
}

/** Local days from the first (inclusive) to the last (exclusive). */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** Counts of one kind, added up over days. */
export type Total = Omit<Count, "agent" | "day">;

export const IN_TIME = "in time";
export const LATE = "late";

type Chartered = Pick<Agent, "id" | "charter">;

/** One count, or two where the request names a group: opening is the busiest path there is. */
export function countOpened({ request, trigger, createdAt }: Escalation, agent: Chartered): readonly Count[] {
  const add = adding(agent, createdAt);
  const opened = add("opened", request.action?.name ?? "", trigger);
  return request.group === undefined ? [opened] : [opened, add("group", request.group)];
}

/** A person did something about it for the first time: picked it up, passed it on, approved as one of several. */
export function countReacted(before: Escalation, agent: Chartered, now: number): readonly Count[] {
  if (before.reactedAt !== undefined) return [];
  return [adding(agent, now)("reacted_in", String(bucketOf(now - before.createdAt)))];
}

/** `after` has its decision. */
export function countDecided(before: Escalation, after: Escalation, agent: Chartered): readonly Count[] {
  const { decision, request, trigger, createdAt } = after;
  if (!decision) return [];
  const { verdict, at } = decision;
  const add = adding(agent, at);
  return [
    add("decided", verdict, trigger),
    ...(request.action ? [add(`${verdict}_action`, request.action.name)] : []),
    ...bandCount(after, verdict, add),
    ...countReacted(before, agent, at),
    add("decided_in", String(bucketOf(at - createdAt))),
    add("settled", inTime(after, at), trigger),
  ];
}

export function countExpired(escalation: Escalation, agent: Chartered, now: number): readonly Count[] {
  const { trigger } = escalation;
  const add = adding(agent, now);
  return [add("expired", "", trigger), add("settled", inTime(escalation, now), trigger)];
}

/** Not among those settled in time or late: nobody was asked to the end. */
export function countWithdrawn({ trigger }: Escalation, agent: Chartered, now: number): readonly Count[] {
  return [adding(agent, now)("withdrawn", "", trigger)];
}

/** The latest report counts: one that says otherwise than the report before takes that one back. */
export function countOutcome(before: Escalation, outcome: Outcome, agent: Chartered): readonly Count[] {
  const verdict = before.decision?.verdict;
  const earlier = before.outcome?.executed;
  if ((verdict !== "approve" && verdict !== "edit") || earlier === outcome.executed) return [];
  const add = adding(agent, outcome.at);
  const word = (executed: boolean) => (executed ? "executed" : "not_executed");
  return [
    add(word(outcome.executed), ""),
    ...(earlier === undefined ? [] : [add(word(earlier), "", "", -1)]),
  ];
}

/** A person stopped the agent by themselves. */
export function countPaused(agent: Chartered, now: number): readonly Count[] {
  return [adding(agent, now)("paused", "")];
}

/** Nobody can see a card of this agent. */
export function countLostCard(agent: Chartered, now: number): readonly Count[] {
  return [adding(agent, now)("card_lost", "")];
}

/** Beyond so many days, the earlier part of a hold is not counted. */
const LONGEST_HELD_DAYS = 100;

/** The time that a hold of the whole agent, or of the fleet, has lasted, shared out to its local days; of others, nothing. */
export function countHeld(hold: Hold, agent: Chartered, now: number): readonly Count[] {
  if (hold.scope.kind !== "agent" && hold.scope.kind !== "fleet") return [];
  const zone = agent.charter.review.timezone;
  return heldByDay(zone, hold.placedAt, now).map(({ day, ms }) => ({
    ...{ agent: agent.id, day, what: "held", trigger: "", of: "", n: ms },
  }));
}

/** Milliseconds between two instants by local day, oldest first. */
export function heldByDay(
  zone: string,
  from: number,
  to: number,
): readonly { readonly day: string; readonly ms: number }[] {
  const last = localDay(zone, to);
  const number = Math.min(LONGEST_HELD_DAYS, dayNumber(last) - dayNumber(localDay(zone, from)) + 1);
  const first = nextDate(last, 1 - number);
  const days = Array.from({ length: Math.max(0, number) }, (_, at) => nextDate(first, at));
  return days
    .map((day) => {
      const begins = Math.max(from, startOfDay(zone, day));
      const ends = Math.min(to, startOfDay(zone, nextDate(day, 1)));
      return { day, ms: Math.max(0, ends - begins) };
    })
    .filter(({ ms }) => ms > 0);
}

type Add = (what: Counted, of: string, trigger?: Trigger | "", n?: number) => Count;

function adding(agent: Chartered, at: number): Add {
  const day = localDay(agent.charter.review.timezone, at);
  return (what, of, trigger = "", n = 1) => ({ agent: agent.id, day, what, trigger, of, n });
}

function inTime({ createdAt, chain }: Escalation, at: number): string {
  return at <= timeOver(chain, createdAt, chain.stages[0].within) ? IN_TIME : LATE;
}

/** What people made of something that the agent was so sure of: an answer or a dismissal tells nothing of that. */
function bandCount({ request }: Escalation, verdict: Verdict, add: Add): readonly Count[] {
  const confidence = request.signal?.confidence;
  if (confidence === undefined || !["approve", "edit", "reject"].includes(verdict)) return [];
  const count = add("band", `${bandOf(confidence)} ${verdict === "approve" ? "unchanged" : "changed"}`);
  return [{ ...count, day: mondayOf(count.day) }];
}
