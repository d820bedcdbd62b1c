/** What looking back needs of the store: counts per day, digests and inspections. */

import type { Trigger } from "../../domain/charter/trigger.ts";
import type { AgentId, DigestId } from "../../domain/ids.ts";
import type { Counted, Days, Total } from "../../domain/review/counts.ts";
import type { Digest, DigestKind, Inspection, Period, Present } from "../../domain/review/digest.ts";

export interface Counts {
  /** Everything that was counted but groups, added up over days. */
  totals(agent: AgentId, days: Days): Promise<readonly Total[]>;
  /** One thing day by day and trigger by trigger, oldest first. */
  byDay(
    agent: AgentId,
    what: Counted,
    days: Days,
  ): Promise<readonly { readonly day: string; readonly trigger: Trigger | ""; readonly n: number }[]>;
  /** One thing, added up over days by what it is of. */
  of(
    agent: AgentId,
    what: Counted,
    days: Days,
  ): Promise<readonly { readonly of: string; readonly n: number }[]>;
  /** Groups that came up so often at least, most frequent first. */
  groups(
    agent: AgentId,
    days: Days,
    least: number,
    limit: number,
  ): Promise<readonly { readonly group: string; readonly n: number }[]>;
}

/** How things stand with an agent now, and what was decided last. */
export interface Overview {
  /** Open escalations; triggers with none are left out. */
  openByTrigger(agent: AgentId): Promise<readonly { readonly trigger: Trigger; readonly n: number }[]>;
  /** Open escalations that somebody should have answered by now. */
  overdue(agent: AgentId, now: number): Promise<number>;
  /** Callbacks that were given up. */
  deadCallbacks(agent: AgentId): Promise<number>;
  /** Open escalations, due first. */
  mostPressing(agent: AgentId, limit: number): Promise<Present["first"]>;
  /** Decisions from an instant (inclusive) to another (exclusive), newest first. */
  latestDecisions(
    agent: AgentId,
    time: { readonly from: number; readonly to: number },
    limit: number,
  ): Promise<Period["decisions"]>;
}

export interface DigestFilter {
  readonly kind?: DigestKind;
  /** The id of the last digest of the page before. */
  readonly cursor?: DigestId;
  /** 1..200 */
  readonly limit: number;
}

/** A digest that nobody has signed for an agent. */
export interface Unsigned {
  readonly digest: DigestId;
  readonly kind: DigestKind;
  readonly date: string;
  readonly createdAt: number;
}

export interface Digests {
  find(id: DigestId): Promise<Digest | undefined>;
  /** The latest local date for which a schedule has a digest, sent or not; undefined: none yet. */
  latestDate(schedule: string): Promise<string | undefined>;
  /** Newest first, by keyset; also those that were not sent. */
  page(filter: DigestFilter): Promise<readonly Digest[]>;
  /**
   * Digests of a kind with this agent in them that were sent since the last one somebody signed for it, oldest first; those
   * made before `since` are left out.
   */
  unsigned(
    agent: AgentId,
    kind: DigestKind,
    span: { readonly since: number; readonly limit: number },
  ): Promise<readonly Unsigned[]>;
}

export interface Inspections {
  of(digest: DigestId): Promise<readonly Inspection[]>;
  /** Newest first. */
  ofAgent(agent: AgentId, limit: number): Promise<readonly Inspection[]>;
}
