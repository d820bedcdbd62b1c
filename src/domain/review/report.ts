/** What a digest says of one agent, put together from what was counted. */

import { TRIGGERS, type Trigger, VERDICTS, type Verdict } from "../charter/trigger.ts";
import type { Hold } from "../hold.ts";
import { startOfDay } from "../time/local-day.ts";
import { nextDate } from "../time/zoned-time.ts";
import { BANDS, type BandCount } from "./calibration.ts";
import { type Counted, type Days, heldByDay, IN_TIME, type Total } from "./counts.ts";
import type { Alignment, Percentiles, Period, Present } from "./digest.ts";
import { type DigestDays, eachDay } from "./digest-days.ts";
import { percentiles } from "./duration-buckets.ts";

export interface DayCount {
  readonly day: string;
  readonly trigger: Trigger | "";
  readonly n: number;
}

export interface PeriodFacts {
  readonly days: DigestDays;
  readonly zone: string;
  readonly now: number;
  /** Of the days looked at. */
  readonly totals: readonly Total[];
  /** Of those and of the days before them. */
  readonly opened: readonly DayCount[];
  /** Milliseconds under holds that have been released. */
  readonly held: readonly DayCount[];
  /** Holds that are active now. */
  readonly holds: readonly Hold[];
  readonly groups: Period["patterns"];
  readonly decisions: Period["decisions"];
}

export function periodOf(facts: PeriodFacts): Period {
  const { days, totals, opened } = facts;
  const now = within(days.days, opened);
  const before = within(days.before, opened);
  const verdicts = Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, sumOf(totals, "decided", verdict)]),
  ) as Record<Verdict, number>;
  const onActions = (verdict: Verdict) => sumOf(totals, `${verdict}_action`);
  return {
    opened: sum(now),
    openedBefore: sum(before),
    byTrigger: TRIGGERS.map((trigger) => ({
      trigger,
      n: sum(now.filter((one) => one.trigger === trigger)),
      before: sum(before.filter((one) => one.trigger === trigger)),
    }))
      .filter(({ n, before: then }) => n + then > 0)
      .sort((a, b) => b.n - a.n),
    byDay: eachDay(days.days).map((day) => ({ day, n: sum(now.filter((one) => one.day === day)) })),
    verdicts,
    expired: sumOf(totals, "expired"),
    withdrawn: sumOf(totals, "withdrawn"),
    toAcknowledge: timesOf(totals, "reacted_in"),
    toDecide: timesOf(totals, "decided_in"),
    inTime: { n: sumOf(totals, "settled", IN_TIME), of: sumOf(totals, "settled") },
    overridden: {
      n: onActions("edit") + onActions("reject"),
      of: VERDICTS.reduce((all, verdict) => all + onActions(verdict), 0),
    },
    heldFor: heldFor(facts),
    patterns: facts.groups,
    decisions: facts.decisions,
  };
}

/** At least so many, or one busy hour of a quiet agent would be news. */
const FEWEST = 3;

/**
 * Triggers of which yesterday had more than three standard deviations above the mean of the seven days before: requests
 * arrive by themselves, so the deviation of their number is taken to be the root of its mean, as Poisson's is.
 */
export function anomaliesIn(
  opened: readonly DayCount[],
  { yesterday, usual }: Pick<DigestDays, "yesterday" | "usual">,
): Present["anomalies"] {
  const [last, earlier] = [within(yesterday, opened), within(usual, opened)];
  const length = eachDay(usual).length;
  return TRIGGERS.map((trigger) => {
    const mean = sum(earlier.filter((one) => one.trigger === trigger)) / length;
    return { trigger, n: sum(last.filter((one) => one.trigger === trigger)), usual: mean };
  }).filter(({ n, usual: mean }) => n >= FEWEST && n > mean + 3 * Math.sqrt(mean));
}

/** How many actions of a kind an alignment lists. */
const MOST_ACTIONS = 20;

export function alignmentOf(
  goal: Pick<Alignment, "guards" | "outcome"> & {
    readonly metric?: string | undefined;
    readonly target?: string | undefined;
  },
  totals: readonly Total[],
  charterChanges: Alignment["charterChanges"],
): Alignment {
  const names = new Set(
    totals
      .filter(({ what, of }) => of !== "" && (what === "opened" || what.endsWith("_action")))
      .map(({ of }) => of),
  );
  return {
    outcome: goal.outcome,
    metric: goal.metric ?? null,
    target: goal.target ?? null,
    guards: goal.guards,
    executed: sumOf(totals, "executed"),
    notExecuted: sumOf(totals, "not_executed"),
    actions: [...names]
      .map((name) => ({
        name,
        asked: sumOf(totals, "opened", name),
        approved: sumOf(totals, "approve_action", name) + sumOf(totals, "edit_action", name),
        refused: sumOf(totals, "reject_action", name),
      }))
      .sort((a, b) => b.asked - a.asked || (a.name < b.name ? -1 : 1))
      .slice(0, MOST_ACTIONS),
    pausedByPeople: sumOf(totals, "paused"),
    charterChanges,
  };
}

/** What was counted of each band of confidence. */
export function bandsIn(
  counted: readonly { readonly of: string; readonly n: number }[],
): ReadonlyMap<number, BandCount> {
  const of = (word: string) => sum(counted.filter((one) => one.of === word));
  return new Map(
    Array.from({ length: BANDS }, (_, band) => [
      band,
      { unchanged: of(`${band} unchanged`), changed: of(`${band} changed`) },
    ]),
  );
}

export function sumOf(totals: readonly Total[], what: Counted, of?: string): number {
  return sum(totals.filter((one) => one.what === what && (of === undefined || one.of === of)));
}

function timesOf(totals: readonly Total[], what: Counted): Percentiles | null {
  return percentiles(new Map(totals.filter((one) => one.what === what).map(({ of, n }) => [Number(of), n])));
}

/** Holds that overlap were counted each by itself: no day has more than all of it. */
function heldFor({ days, zone, held, holds, now }: PeriodFacts): number {
  const { from, to } = days.days;
  const [begins, ends] = [startOfDay(zone, from), Math.min(now, startOfDay(zone, to))];
  const still = holds
    .filter(({ scope }) => scope.kind === "agent" || scope.kind === "fleet")
    .flatMap(({ placedAt }) => heldByDay(zone, Math.max(placedAt, begins), ends));
  const byDay = new Map<string, number>();
  const known = within(days.days, held).map(({ day, n }) => ({ day, ms: n }));
  for (const { day, ms } of [...known, ...still]) byDay.set(day, (byDay.get(day) ?? 0) + ms);
  return [...byDay].reduce((all, [day, ms]) => {
    const length = startOfDay(zone, nextDate(day)) - startOfDay(zone, day);
    return all + Math.min(ms, length);
  }, 0);
}

function within<One extends { readonly day: string }>(
  { from, to }: Days,
  counts: readonly One[],
): readonly One[] {
  return counts.filter(({ day }) => from <= day && day < to);
}

function sum(counts: readonly { readonly n: number }[]): number {
  return counts.reduce((all, { n }) => all + n, 0);
}
