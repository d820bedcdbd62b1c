/** Asks the charter: which of its rules a signal meets, in words a person can check. */
import type { Agent } from "./agent.ts";
import type { Charter } from "./charter.ts";
import { ASKS_FOR_A_CHANGE, ASKS_FOR_A_PERSON, LEGAL_CONCERNS, phraseIn } from "./phrases.ts";
import { type SignalRequest, subjectKey } from "./request.ts";
import { graver, SEVERITIES, type Severity } from "./severity.ts";
import { DAY, formatDuration } from "./time.ts";
import { TRIGGERS, type Trigger } from "./trigger.ts";
import { ruleFor } from "./trigger-rule.ts";

/** The metric by which an agent reports its share of negative replies, as a part of 1. */
export const NEGATIVE_REPLIES = "negative_replies";

export interface Finding {
  readonly trigger: Trigger;
  /** The rule that was met, level included: the same words mean the same rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** The charter forbids this action: no approval is possible. */
  readonly never?: boolean;
  /** From when a decision on the same rule still stands, so that it is not asked again: budget and metric levels. */
  readonly standsSince?: number;
}

/** A count the judge needs: how often something happened on a subject since an instant. */
export interface Question {
  readonly what: string;
  readonly subject: string;
  readonly since: number;
}

/** What has to be counted before judging, and what this signal adds to the counts. */
export interface Counting {
  readonly questions: readonly Question[];
  /** Counted at once: a contact that asks for a change. */
  readonly contact?: { readonly what: string; readonly subject: string };
  /** Counted only if the signal may proceed: an action with a frequency limit. */
  readonly permits: readonly { readonly what: string; readonly subject: string }[];
}

export function whatToCount(agent: Agent, request: SignalRequest, now: number): Counting {
  const { charter } = agent;
  const limits = frequencyLimits(charter, request);
  const repeated = asksForChange(charter, request);
  return {
    questions: [
      ...limits.map(({ what, subject, per }) => ({ what, subject, since: now - per })),
      ...(repeated ? [{ what: repeated.what, subject: repeated.subject, since: now - repeated.within }] : []),
    ],
    ...(repeated ? { contact: { what: repeated.what, subject: repeated.subject } } : {}),
    permits: [
      ...new Map(limits.map(({ what, subject }) => [`${what} ${subject}`, { what, subject }])).values(),
    ],
  };
}

/** Every rule that is met, gravest first. `count` answers the questions of `whatToCount`, in their order. */
export function judge(
  agent: Agent,
  request: SignalRequest,
  counts: readonly number[],
  now: number,
): readonly Finding[] {
  const { charter } = agent;
  const limits = frequencyLimits(charter, request);
  const found: (Omit<Finding, "severity"> & { readonly severity?: Severity })[] = [
    ...labLeak(agent, request),
    ...saidInText(charter, request),
    ...measured(charter, request, now),
    ...actionBounds(charter, request),
    ...limits.flatMap((limit, at) =>
      (counts[at] ?? 0) >= limit.atMost
        ? [
            {
              trigger: "approval_required" as const,
              rule: `${limit.action} more than ${limit.atMost} times in ${formatDuration(limit.per)}`,
            },
          ]
        : [],
    ),
  ];
  const repeated = asksForChange(charter, request);
  if (repeated && (counts[limits.length] ?? 0) + 1 > repeated.moreThan) {
    found.push({
      trigger: "repeated_contact",
      rule: `asked for a change more than ${repeated.moreThan === 1 ? "once" : `${repeated.moreThan} times`}`,
    });
  }
  return found
    .filter((finding) => !charter.triggers[finding.trigger]?.off)
    .map((finding) => {
      const usual = ruleFor(charter, finding.trigger).severity;
      return { ...finding, severity: finding.severity ? graver(finding.severity, usual) : usual };
    })
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
        TRIGGERS.indexOf(a.trigger) - TRIGGERS.indexOf(b.trigger),
    );
}

type Met = Omit<Finding, "severity"> & { readonly severity?: Severity };

/** A lab agent may touch only subjects whose id matches one of these patterns; every other subject counts as production. */
const LAB_SUBJECTS: readonly string[] = ["lab-*", "test-*"];

function labLeak(agent: Agent, { subject }: SignalRequest): Met[] {
  if (agent.environment !== "lab" || !subject) return [];
  const patterns = agent.charter.triggers.lab_leak?.lab_subjects ?? LAB_SUBJECTS;
  const inLab = patterns.some((pattern) =>
    pattern.endsWith("*") ? subject.id.startsWith(pattern.slice(0, -1)) : subject.id === pattern,
  );
  return inLab ? [] : [{ trigger: "lab_leak", rule: `a lab agent touches ${subject.type} ${subject.id}` }];
}

function saidInText(charter: Charter, { text }: SignalRequest): Met[] {
  if (!text) return [];
  const legal = phraseIn(text, charter.triggers.compliance?.phrases ?? LEGAL_CONCERNS);
  const person = phraseIn(text, charter.triggers.human_requested?.phrases ?? ASKS_FOR_A_PERSON);
  return [
    ...(legal ? [{ trigger: "compliance" as const, rule: `the text says “${legal}”` }] : []),
    ...(person
      ? [{ trigger: "human_requested" as const, rule: `the customer asks for a person: “${person}”` }]
      : []),
  ];
}

function measured(charter: Charter, { signal }: SignalRequest, now: number): Met[] {
  const met: Met[] = [];
  const below = charter.triggers.low_confidence?.below ?? 0.7;
  if (signal.confidence !== undefined && signal.confidence < below) {
    met.push({ trigger: "low_confidence", rule: `confidence below ${percent(below)}` });
  }
  const mood = charter.triggers.negative_sentiment;
  if (signal.sentiment !== undefined && signal.sentiment < (mood?.below ?? -0.4)) {
    met.push({ trigger: "negative_sentiment", rule: `sentiment below ${mood?.below ?? -0.4}` });
  }
  if (signal.budget) met.push(...budgetLevel(charter, signal.budget, now));
  if (signal.metric?.name === NEGATIVE_REPLIES) {
    const above = mood?.share_above ?? 0.1;
    if (signal.metric.current > above)
      met.push({ trigger: "negative_sentiment", rule: `negative replies above ${percent(above)}` });
  } else if (signal.metric) met.push(...deviation(charter, signal.metric, now));
  return met;
}

/** Utilisation is asked about at the charter's level, and again at 100 %; each level once per budget period. */
function budgetLevel(
  charter: Charter,
  budget: { spent: number; cap: number; currency: string },
  now: number,
): Met[] {
  const agreed = charter.constraints.budget;
  // The agent may report a smaller cap than the charter's, never a larger one.
  const cap = agreed && agreed.currency === budget.currency ? Math.min(agreed.cap, budget.cap) : budget.cap;
  const above = charter.triggers.budget?.above ?? 0.8;
  const used = budget.spent / cap;
  const level = used > 1 && above < 1 ? 1 : used > above ? above : undefined;
  if (level === undefined) return [];
  const standsSince = periodStart(agreed?.per ?? "month", now);
  return [{ trigger: "budget", rule: `budget above ${percent(level)}`, standsSince }];
}

/** Each further multiple of the agreed deviation is a level of its own, asked about once per window. */
function deviation(
  charter: Charter,
  metric: { name: string; baseline: number; current: number; window?: number | undefined },
  now: number,
): Met[] {
  const beyond = charter.triggers.metric_deviation?.beyond ?? 0.3;
  const within = charter.triggers.metric_deviation?.within ?? 2 * DAY;
  if (metric.window !== undefined && metric.window > within) return [];
  const drift =
    metric.baseline === 0
      ? metric.current === 0
        ? 0
        : Number.POSITIVE_INFINITY
      : Math.abs(metric.current / metric.baseline - 1);
  if (drift <= beyond) return [];
  const steps = beyond > 0 && Number.isFinite(drift) ? Math.ceil(drift / beyond - 1e-9) - 1 : 1;
  const rule = `${metric.name} more than ${percent(beyond * Math.max(1, steps))} from its baseline within ${formatDuration(within)}`;
  return [{ trigger: "metric_deviation", rule, standsSince: now - within }];
}

function actionBounds(charter: Charter, { action }: SignalRequest): Met[] {
  if (!action) return [];
  const { may, ask_first, never } = charter.actions;
  if (never.includes(action.name)) {
    return [
      {
        trigger: "approval_required",
        rule: `the charter never allows ${action.name}`,
        never: true,
        severity: "high",
      },
    ];
  }
  const asks = ask_first.filter((entry) => entry.action === action.name);
  const met = asks.find(
    (entry) =>
      !entry.when || Object.entries(entry.when).every(([name, when]) => holds(when, action.args[name])),
  );
  if (met)
    return [
      {
        trigger: "approval_required",
        rule: `the charter asks first for ${action.name}${met.when ? ` (${conditionWords(met.when)})` : ""}`,
      },
    ];
  if (asks.length > 0 || may.includes(action.name)) return [];
  return [{ trigger: "approval_required", rule: `the charter does not list ${action.name}` }];
}

type Condition = NonNullable<Charter["actions"]["ask_first"][number]["when"]>[string];

/** Whether an argument meets a condition. One that is missing, or is not a number where one is compared, meets it: ask. */
function holds(when: Condition, value: unknown): boolean {
  if (typeof when !== "object") return value === when;
  if (when.is !== undefined && value !== when.is) return false;
  if (when.one_of && !when.one_of.some((one) => one === value)) return false;
  if (when.above === undefined && when.below === undefined) return true;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || Number.isNaN(number)) return true;
  return (
    (when.above === undefined || number > when.above) && (when.below === undefined || number < when.below)
  );
}

function conditionWords(when: Readonly<Record<string, Condition>>): string {
  return Object.entries(when)
    .map(([name, one]) => {
      if (typeof one !== "object") return `${name} is ${one}`;
      return [
        one.above !== undefined ? `${name} above ${one.above}` : "",
        one.below !== undefined ? `${name} below ${one.below}` : "",
        one.is !== undefined ? `${name} is ${one.is}` : "",
        one.one_of ? `${name} is one of ${one.one_of.join(", ")}` : "",
      ]
        .filter(Boolean)
        .join(", ");
    })
    .join("; ");
}

function frequencyLimits(charter: Charter, { action, subject }: SignalRequest) {
  if (!action) return [];
  return charter.constraints.frequency
    .filter((limit) => limit.action === action.name && (limit.by === "agent" || subject))
    .map((limit) => ({
      action: limit.action,
      what: `action:${limit.action}`,
      subject: limit.by === "subject" && subject ? subjectKey(subject) : "*",
      atMost: limit.at_most,
      per: limit.per,
    }));
}

function asksForChange(charter: Charter, { text, subject }: SignalRequest) {
  const rule = charter.triggers.repeated_contact;
  if (!text || !subject || !phraseIn(text, rule?.phrases ?? ASKS_FOR_A_CHANGE)) return undefined;
  return {
    what: "repeated_contact",
    subject: subjectKey(subject),
    moreThan: rule?.more_than ?? 1,
    within: rule?.within ?? 30 * DAY,
  };
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
  return `${Math.round(part * 1000) / 10} %`;
}
