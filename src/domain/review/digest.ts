/** A digest: what a person reads regularly about their agents, in numbers; cards, the console and the store keep to this shape. */

import type { Severity } from "../charter/severity.ts";
import type { Trigger, Verdict } from "../charter/trigger.ts";
import type { AgentId, DigestId, EscalationId, HoldId, PersonId } from "../ids.ts";
import type { Named } from "../people.ts";

export const DIGEST_KINDS = ["daily", "weekly", "monthly", "quarterly"] as const;
export type DigestKind = (typeof DIGEST_KINDS)[number];

/** Whom it is for: a person in their direct messages, or a channel such as `slack:C0123456789`. */
export type Reader =
  | { readonly kind: "person"; readonly id: PersonId }
  | { readonly kind: "channel"; readonly channel: string };

export interface Digest {
  readonly id: DigestId;
  readonly kind: DigestKind;
  /** Which schedule it belongs to; with `date` it makes a digest happen once. */
  readonly schedule: string;
  /** Local date (`2027-03-14`) in `zone` on which it is due. */
  readonly date: string;
  readonly zone: string;
  readonly reader: Reader;
  /** What it looks at: milliseconds since 1970, from (inclusive) and to (exclusive). */
  readonly from: number;
  readonly to: number;
  readonly createdAt: number;
  /** Why it was not sent, in words: the process was away for too long. Null for one that was. */
  readonly skipped: string | null;
  readonly agents: readonly AgentReport[];
}

export interface AgentReport {
  readonly agent: AgentId;
  readonly name: string;
  readonly owner: Named;
  readonly charterVersion: number;
  readonly now: Present;
  readonly period: Period;
  /** Of weekly digests and longer ones. */
  readonly calibration: Calibration | null;
  /** Of monthly and quarterly digests. */
  readonly alignment: Alignment | null;
  /** Reviews of this agent that nobody has signed. */
  readonly unsigned: readonly {
    readonly kind: DigestKind;
    readonly date: string;
    readonly digest: DigestId;
  }[];
}

/** How things stand when the digest is made. */
export interface Present {
  readonly waiting: number;
  readonly overdue: number;
  /** The most pressing of what waits, due first. */
  readonly first: readonly {
    readonly id: EscalationId;
    readonly trigger: Trigger;
    readonly severity: Severity;
    readonly summary: string;
    readonly createdAt: number;
    readonly dueAt: number;
  }[];
  readonly holds: readonly {
    readonly id: HoldId;
    readonly scope: string;
    readonly reason: string;
    readonly by: Named;
    readonly placedAt: number;
  }[];
  readonly undeliverableCards: number;
  readonly deadCallbacks: number;
  /** The last budget the agent reported; null: none. */
  readonly budget: {
    readonly spent: number;
    readonly cap: number;
    readonly currency: string;
    readonly at: number;
  } | null;
  /** What yesterday had more of than the seven days before it. */
  readonly anomalies: readonly { readonly trigger: Trigger; readonly n: number; readonly usual: number }[];
  readonly openFlags: number;
}

/** What happened in the time the digest looks at, and (for the trend) in the same time before it. */
export interface Period {
  readonly opened: number;
  readonly openedBefore: number;
  readonly byTrigger: readonly { readonly trigger: Trigger; readonly n: number; readonly before: number }[];
  /** Escalations opened per local day, oldest first. */
  readonly byDay: readonly { readonly day: string; readonly n: number }[];
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly expired: number;
  readonly withdrawn: number;
  /** Milliseconds to the first human reaction and to the decision; null where there was none. */
  readonly toAcknowledge: Percentiles | null;
  readonly toDecide: Percentiles | null;
  /** Settled within the target of their first stage, of all that were settled. */
  readonly inTime: { readonly n: number; readonly of: number };
  /** Edited or rejected, of all actions that somebody decided on. */
  readonly overridden: { readonly n: number; readonly of: number };
  /** Milliseconds under holds of the whole agent. */
  readonly heldFor: number;
  /** Groups that came up three times or more, most frequent first. */
  readonly patterns: readonly { readonly group: string; readonly n: number }[];
  /** The latest decisions, newest first, at most five. */
  readonly decisions: readonly {
    readonly id: EscalationId;
    readonly verdict: Verdict;
    readonly by: Named;
    readonly summary: string;
    readonly at: number;
  }[];
}

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
}

/** How often people approved unchanged what an agent was so sure of, band by band of its confidence. */
export interface Calibration {
  readonly bands: readonly {
    /** Confidence from (inclusive) and to (exclusive; 1 belongs to the last band). */
    readonly from: number;
    readonly to: number;
    readonly decided: number;
    readonly unchanged: number;
  }[];
  readonly threshold: number;
  /** A threshold that the numbers speak for; null where they are too few, or speak for the present one. */
  readonly suggested: { readonly threshold: number; readonly because: string } | null;
}

/** Whether the agent still serves what it was delegated for. */
export interface Alignment {
  readonly outcome: string;
  readonly metric: string | null;
  readonly target: string | null;
  readonly guards: readonly string[];
  /** Approved actions that the agent reported as executed, and as not executed. */
  readonly executed: number;
  readonly notExecuted: number;
  readonly actions: readonly {
    readonly name: string;
    readonly asked: number;
    readonly approved: number;
    readonly refused: number;
  }[];
  /** Holds that people placed by themselves. */
  readonly pausedByPeople: number;
  readonly charterChanges: readonly { readonly version: number; readonly by: string; readonly at: number }[];
}

/** A digest that somebody signed for one agent. */
export interface Inspection {
  readonly id: string;
  readonly digest: DigestId;
  readonly kind: DigestKind;
  readonly agent: AgentId;
  readonly charterVersion: number;
  readonly by: Named;
  readonly at: number;
  /** What was looked at, in words. */
  readonly lookedAt: string;
  readonly note: string | null;
}
