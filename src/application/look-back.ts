/** Looks back on one agent: everything that a digest says of it, read from the store. */
import type { Agent } from "../domain/agent.ts";
import { scopeWord } from "../domain/hold.ts";
import { calibrate } from "../domain/review/calibration.ts";
import type { AgentReport, DigestKind } from "../domain/review/digest.ts";
import { type DigestDays, digestDays, eachDay } from "../domain/review/digest-days.ts";
import { ASKED_FOR } from "../domain/review/inspection.ts";
import { alignmentOf, anomaliesIn, bandsIn, periodOf, sumOf } from "../domain/review/report.ts";
import { startOfDay } from "../domain/time/local-day.ts";
import { type Context, ownerOf } from "./context.ts";
import type { LatestBudgets } from "./latest-budgets.ts";

/** `date`: the local day in the agent's zone up to which it looks, without it. */
export type LookBack = (agent: Agent, kind: DigestKind, date: string) => Promise<AgentReport>;

/** Lists are for reading: what is beyond these is counted, and stands in the console. */
const MOST = { pressing: 5, decisions: 5, patterns: 10, unsigned: 5 };

/** A group that comes up so often in the time looked at is a pattern. */
const PATTERN = 3;

/** Below which the charter asks where it says nothing else. */
const DEFAULT_THRESHOLD = 0.7;

const SIGNED = ["weekly", "monthly", "quarterly"] as const;

export function lookBack(context: Context, budgets: LatestBudgets): LookBack {
  const { store, clock } = context;

  /** How things stand, whatever is looked back on. */
  async function standing({ id }: Agent, now: number) {
    const [open, overdue, first, holds, deadCallbacks, budget, unsigned] = await Promise.all([
      store.overview.openByTrigger(id),
      store.overview.overdue(id, now),
      store.overview.mostPressing(id, MOST.pressing),
      store.holds.activeOf(id),
      store.overview.deadCallbacks(id),
      budgets.of(id),
      Promise.all(
        SIGNED.map((kind) =>
          store.digests.unsigned(id, kind, { since: now - ASKED_FOR, limit: MOST.unsigned }),
        ),
      ),
    ]);
    return { open, overdue, first, holds, deadCallbacks, budget, unsigned: unsigned.flat() };
  }

  async function counted({ id, charter }: Agent, kind: DigestKind, days: DigestDays) {
    const zone = charter.review.timezone;
    const time = { from: startOfDay(zone, days.days.from), to: startOfDay(zone, days.days.to) };
    // What is compared, and what is usual, begins earlier than what is looked at.
    const from = [days.before.from, days.usual.from].toSorted()[0] ?? days.before.from;
    const looksFar = kind === "monthly" || kind === "quarterly";
    const [totals, opened, held, groups, decisions, bands, charters] = await Promise.all([
      store.counts.totals(id, days.days),
      store.counts.byDay(id, "opened", { from, to: days.days.to }),
      store.counts.byDay(id, "held", days.days),
      store.counts.groups(id, days.days, PATTERN, MOST.patterns),
      store.overview.latestDecisions(id, time, MOST.decisions),
      kind === "daily" ? null : store.counts.of(id, "band", days.calibration),
      looksFar ? store.agents.charterVersions(id) : null,
    ]);
    const changes = charters?.filter(({ at }) => time.from <= at && at < time.to) ?? null;
    return { zone, totals, opened, held, groups, decisions, bands, changes };
  }

  return async (agent, kind, date) => {
    const now = clock.now();
    const days = digestDays(kind, date);
    const [stands, past] = await Promise.all([standing(agent, now), counted(agent, kind, days)]);
    const { goal, triggers } = agent.charter;
    const threshold = triggers.low_confidence?.below ?? DEFAULT_THRESHOLD;
    return {
      agent: agent.id,
      name: agent.name,
      owner: ownerOf(context, agent),
      charterVersion: agent.charterVersion,
      now: {
        waiting: stands.open.reduce((sum, { n }) => sum + n, 0),
        overdue: stands.overdue,
        first: stands.first,
        holds: stands.holds.map(({ id, scope, reason, placedBy, placedAt }) => ({
          ...{ id, scope: scopeWord(scope), reason, by: placedBy, placedAt },
        })),
        undeliverableCards: sumOf(past.totals, "card_lost"),
        deadCallbacks: stands.deadCallbacks,
        budget: stands.budget,
        anomalies: anomaliesIn(past.opened, days),
        openFlags: stands.open.find(({ trigger }) => trigger === "flag")?.n ?? 0,
      },
      period: periodOf({ ...past, days, now, holds: stands.holds }),
      calibration: past.bands && calibrate(bandsIn(past.bands), threshold, eachDay(days.calibration).length),
      alignment: past.changes && alignmentOf(goal, past.totals, past.changes),
      unsigned: stands.unsigned.map(({ kind: of, date: on, digest }) => ({ kind: of, date: on, digest })),
    };
  };
}
