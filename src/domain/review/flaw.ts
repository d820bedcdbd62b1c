/** Flaws: what must never be so in the store, found by the auditor, in words for whoever runs Holdpoint. */
import type { CopyId } from "../ids.ts";
import { formatDuration, MINUTE, rfc3339 } from "../time/time.ts";

export const FLAW_KINDS = [
  "no_wake_up",
  "overdue_wake_up",
  "late_wake_up",
  "overdue_jobs",
  "broken_trail",
  "unreadable_store",
] as const;
export type FlawKind = (typeof FLAW_KINDS)[number];

export interface Flaw {
  readonly kind: FlawKind;
  /** How many escalations or jobs it concerns; 1 where it is about the whole. */
  readonly n: number;
  readonly words: string;
}

/** An open escalation, and the job that wakes it for its next reminder or deadline. */
export interface Wake {
  readonly id: string;
  /** When the present stage's time is over. */
  readonly dueAt: number;
  /** Null: no such job is there. */
  readonly wakesAt: number | null;
}

/** A wake-up may be so late while the process is busy. */
export const WAKE_TOLERANCE = 2 * MINUTE;

/** A job may have been due for so long. */
export const JOB_TOLERANCE = 5 * MINUTE;

/** A wake-up that failed is tried again within six minutes: only one that lies further off leads nowhere. */
const RETRIED_WITHIN = 10 * MINUTE;

/** What is wrong with a wake-up; null: nothing. */
export function flawOf({ dueAt, wakesAt }: Wake, now: number): Extract<FlawKind, `${string}wake_up`> | null {
  if (wakesAt === null) return "no_wake_up";
  if (wakesAt < now - WAKE_TOLERANCE) return "overdue_wake_up";
  return wakesAt > Math.max(dueAt, now) + RETRIED_WITHIN ? "late_wake_up" : null;
}

const NAMED = 3;

export function wakeFlaw(kind: ReturnType<typeof flawOf> & string, ids: readonly string[], n: number): Flaw {
  const named = ids.slice(0, NAMED).join(", ");
  const which = `${n === 1 ? "1 open request" : `${n} open requests`} (${named}${n > NAMED ? ", …" : ""})`;
  switch (kind) {
    case "no_wake_up":
      return {
        ...{ kind, n },
        words: `${which} will never be reminded of, nor passed on: no job wakes what waits. Decide in the console, and report this.`,
      };
    case "overdue_wake_up":
      return {
        ...{ kind, n },
        words: `${which} should have been looked at ${formatDuration(WAKE_TOLERANCE)} ago or earlier: see in the log whether the worker runs.`,
      };
    case "late_wake_up":
      return {
        ...{ kind, n },
        words: `${which} would be looked at only after the deadline: was the clock moved, or a job changed by hand? Decide in the console.`,
      };
  }
}

export function overdueFlaw(n: number): Flaw {
  return {
    ...{ kind: "overdue_jobs", n },
    words: `${n === 1 ? "1 job has" : `${n} jobs have`} been due for more than ${formatDuration(JOB_TOLERANCE)}: see in the log what fails, or whether the worker runs.`,
  };
}

export function trailFlaw({ seq, why }: { readonly seq: number; readonly why: string }): Flaw {
  return {
    ...{ kind: "broken_trail", n: 1 },
    words: `The audit trail is broken at line ${seq}: ${why}. Keep a copy of the database, and compare it with a backup.`,
  };
}

export function unreadable(error: unknown): Flaw {
  return { kind: "unreadable_store", n: 1, words: `The store cannot be read: ${String(error)}.` };
}

/** What operators are told of: the flaws, since when, and (once none is left) until when. */
export interface Alarm {
  readonly flaws: readonly Flaw[];
  readonly since: number;
  readonly over: number | null;
}

/** For the audit trail. */
export function alarmDetail(flaws: readonly Flaw[], since: number): Readonly<Record<string, unknown>> {
  const counts = Object.fromEntries(flaws.map(({ kind, n }) => [kind, n]));
  return { why: flaws.map(({ kind }) => kind).join(", "), since: rfc3339(since), ...counts };
}

/** Under which the alarm that a message shows is kept. */
export function alarmNote(copy: CopyId): string {
  return `alarm:${copy}`;
}
