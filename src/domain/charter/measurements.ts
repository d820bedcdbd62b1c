/** What a signal's numbers say against the charter: confidence, sentiment, budget and metrics. */

import type { Signal } from "../escalation/request.ts";
import { DAY, formatDuration } from "../time/time.ts";
import type { Charter } from "./charter.ts";
import type { Met } from "./finding.ts";

/** The metric by which an agent reports its share of negative replies, as a part of 1. */
export const NEGATIVE_REPLIES = "negative_replies";

export function measured(charter: Charter, signal: Signal, now: number): Met[] {
  const met: Met[] = [];
  const below = charter.triggers.low_confidence?.below ?? 0.7;
  if (signal.confidence !== undefined && exceeds(below, signal.confidence)) {
    met.push({ trigger: "low_confidence", rule: `confidence below ${percent(below)}` });
  }
  const mood = charter.triggers.negative_sentiment;
  const low = mood?.below ?? -0.4;
  if (signal.sentiment !== undefined && exceeds(low, signal.sentiment)) {
    met.push({ trigger: "negative_sentiment", rule: `sentiment below ${low}` });
  }
  if (signal.budget) met.push(...budgetLevel(charter, signal.budget, now));
  if (signal.metric?.name === NEGATIVE_REPLIES) {
    const share = mood?.share_above ?? 0.1;
    if (exceeds(signal.metric.current, share)) {
      met.push({ trigger: "negative_sentiment", rule: `negative replies above ${percent(share)}` });
    }
  } else if (signal.metric) met.push(...deviation(charter, signal.metric, now));
  return met;
}

/** Measurements are computed in floating point: 130 against 100 is 30 % more, not a hair above 30 %. */
function exceeds(value: number, bound: number): boolean {
  return value - bound > 1e-9;
}

/** Utilisation is asked about at the charter's level, and again at 100 %; each level once per budget period. */
function budgetLevel(charter: Charter, budget: NonNullable<Signal["budget"]>, now: number): Met[] {
  const agreed = charter.constraints.budget;
  const standsSince = periodStart(agreed?.per ?? "month", now);
  if (agreed && agreed.currency !== budget.currency) {
    // Nobody can tell whether that is within the agreed cap, so a person looks.
    const rule = `the budget is agreed in ${agreed.currency} and was reported in ${budget.currency}`;
    return [{ trigger: "budget", rule, standsSince }];
  }
  // The agent may report a smaller cap than the charter's, never a larger one.
  const used = budget.spent / Math.min(agreed?.cap ?? budget.cap, budget.cap);
  const above = charter.triggers.budget?.above ?? 0.8;
  if (above < 1 && !exceeds(1, used)) return [{ trigger: "budget", rule: "budget at 100 %", standsSince }];
  return exceeds(used, above)
    ? [{ trigger: "budget", rule: `budget above ${percent(above)}`, standsSince }]
    : [];
}

/** Each further multiple of the agreed deviation, up or down, is a level of its own, asked about once per window. */
function deviation(charter: Charter, metric: NonNullable<Signal["metric"]>, now: number): Met[] {
  const beyond = charter.triggers.metric_deviation?.beyond ?? 0.3;
  const within = charter.triggers.metric_deviation?.within ?? 2 * DAY;
  if (metric.window !== undefined && metric.window > within) return [];
  const change = metric.current - metric.baseline;
  // From a baseline of 0 every change is beyond any share of it.
  const drift = change === 0 ? 0 : Math.abs(change / metric.baseline);
  if (!exceeds(drift, beyond)) return [];
  const level = beyond > 0 && Number.isFinite(drift) ? Math.ceil(drift / beyond - 1e-9) - 1 : 1;
  const rule = `${metric.name} more than ${percent(beyond * Math.max(1, level))} ${change > 0 ? "above" : "below"} its baseline within ${formatDuration(within)}`;
  return [{ trigger: "metric_deviation", rule, standsSince: now - within }];
}

/** The first instant (UTC) of the calendar period that a budget counts by. */
function periodStart(per: "day" | "week" | "month" | "quarter" | "year", now: number): number {
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (per) {
    case "day":
      return Date.UTC(year, month, day);
    case "week":
      return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7));
    case "month":
      return Date.UTC(year, month, 1);
    case "quarter":
      return Date.UTC(year, month - (month % 3), 1);
    case "year":
      return Date.UTC(year, 0, 1);
  }
}

function percent(part: number): string {
  return `${Number((part * 100).toFixed(4))} %`;
}
