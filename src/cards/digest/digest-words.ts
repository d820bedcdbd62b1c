/** How digests say their numbers: with units, of how many, and compared with the time before. */

import type { Trigger, Verdict } from "../../domain/charter/trigger.ts";
import type { Digest, DigestKind, Percentiles } from "../../domain/review/digest.ts";
import { DAY, formatDuration } from "../../domain/time/time.ts";
import { plain, type Text } from "../card.ts";
import { counted, counting } from "../literal.ts";

/** As labels of charts and rows: at most 20 characters. */
const TRIGGER_NAMES: Readonly<Record<Trigger, string>> = {
  low_confidence: "Low confidence",
  human_requested: "Person asked for",
  negative_sentiment: "Negative replies",
  budget: "Budget",
  metric_deviation: "Metric off baseline",
  compliance: "Compliance",
  approval_required: "Approval required",
  repeated_contact: "Repeated contact",
  lab_leak: "Lab in production",
  question: "Question",
  flag: "Flagged by a person",
};

export function triggerName(trigger: Trigger): string {
  return TRIGGER_NAMES[trigger];
}

interface KindWords {
  /** "Weekly digest". */
  readonly name: string;
  readonly before: string;
}

const KINDS: Readonly<Record<DigestKind, KindWords>> = {
  daily: { name: "Daily digest", before: "the day before" },
  weekly: { name: "Weekly digest", before: "the week before" },
  monthly: { name: "Monthly review", before: "the month before" },
  quarterly: { name: "Quarterly audit", before: "the quarter before" },
};

export function kindWords(kind: DigestKind): KindWords {
  return KINDS[kind];
}

/** "8 more than the week before", "as many as the week before". */
export function trend(n: number, before: number, kind: DigestKind): string {
  const then = KINDS[kind].before;
  if (before === 0) return `none ${then}`;
  if (n === before) return `as many as ${then}`;
  return n > before
    ? `${counted(n - before)} more than ${then}`
    : `${counted(before - n)} fewer than ${then}`;
}

/** In whole per cent: what is not all never reads as all, and what is not nothing never as nothing. */
export function wholePercent(n: number, of: number): number {
  if (of === 0) return 0;
  const rounded = Math.round((n / of) * 100);
  if (n > 0 && n < of) return Math.min(99, Math.max(1, rounded));
  return rounded;
}

export function share(n: number, of: number): string {
  return `${wholePercent(n, of)} %`;
}

/** "24 of 31 (77 %)". */
export function outOf(n: number, of: number): string {
  return `${counted(n)} of ${counted(of)} (${share(n, of)})`;
}

/** Milliseconds in words: "half within 4 min, 9 of 10 within 22 min". */
export function within({ p50, p90 }: Percentiles): string {
  return `half within ${formatDuration(p50)}, 9 of 10 within ${formatDuration(p90)}`;
}

const DID: Readonly<Record<Verdict, string>> = {
  approve: "approved unchanged",
  edit: "edited and approved",
  reject: "rejected",
  respond: "answered",
  dismiss: "dismissed",
};

/** "8 approved unchanged, 2 edited and approved"; with shares "8 approved unchanged (67 %), …". Nothing that is zero. */
export function verdictWords(verdicts: Readonly<Record<Verdict, number>>, withShares: boolean): string {
  const all = decidedIn(verdicts);
  return (Object.keys(DID) as readonly Verdict[])
    .filter((verdict) => verdicts[verdict] > 0)
    .map((verdict) => {
      const n = verdicts[verdict];
      return `${counted(n)} ${DID[verdict]}${withShares && all > 1 ? ` (${share(n, all)})` : ""}`;
    })
    .join(", ");
}

export function decidedIn(verdicts: Readonly<Record<Verdict, number>>): number {
  return Object.values(verdicts).reduce((sum, n) => sum + n, 0);
}

/** An average, with one decimal where it needs one. */
export function average(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A threshold or confidence as the charter writes it: `0.62`. */
export function decimal(value: number): string {
  return value.toFixed(2);
}

/** "Friday 20 November 2026" of a local date `2026-11-20`. */
export function dayWords(date: string): string {
  return formatted(Date.parse(`${date}T12:00:00Z`), "UTC", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

/** The days a digest looks at, in its own zone: "Thursday 19 November", "9 to 15 November 2026". */
export function periodWords({ from, to, zone }: Pick<Digest, "from" | "to" | "zone">): string {
  const last = Math.max(from, to - 1);
  const day = (at: number, parts: Intl.DateTimeFormatOptions) => formatted(at, zone, parts);
  const whole = { day: "numeric", month: "long", year: "numeric" } as const;
  if (to - from <= DAY + DAY / 12) return day(from, { weekday: "long", day: "numeric", month: "long" });
  const year = (at: number) => day(at, { year: "numeric" });
  const month = (at: number) => day(at, { month: "long", year: "numeric" });
  if (year(from) !== year(last)) return `${day(from, whole)} to ${day(last, whole)}`;
  if (month(from) !== month(last))
    return `${day(from, { day: "numeric", month: "long" })} to ${day(last, whole)}`;
  return `${day(from, { day: "numeric" })} to ${day(last, whole)}`;
}

/** "12 Nov" of a local date `2026-11-12`. */
export function shortDay(date: string): string {
  return formatted(Date.parse(`${date}T12:00:00Z`), "UTC", { day: "numeric", month: "short" });
}

function formatted(at: number, zone: string, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: zone }).format(at).replace(",", "");
}

/** Entries as one text, and how many there are besides: "a; b; and 3 more holds". Empty for none. */
export function firstOf(shown: readonly string[], all: number, thing: string): Text {
  if (shown.length === 0) return [];
  const rest = all - shown.length;
  return [plain([...shown, ...(rest > 0 ? [`and ${counting(rest, `more ${thing}`)}`] : [])].join("; "))];
}
