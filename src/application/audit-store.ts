/** Audits the store: every open escalation wakes up in time, no job is left lying, and the audit trail is whole. */
import {
  type Flaw,
  type FlawKind,
  flawOf,
  JOB_TOLERANCE,
  overdueFlaw,
  trailFlaw,
  unreadable,
  wakeFlaw,
} from "../domain/review/flaw.ts";
import { DAY } from "../domain/time/time.ts";
import type { Mark, Walked, Watch } from "./ports/watch.ts";
import type { Clock } from "./ports.ts";

/** Rows of one read: it takes a millisecond or two, and others are served before the next. */
const AT_ONCE = 500;

export interface AuditStore {
  /** Every flaw that is there now. Never throws: a store that cannot be read is a flaw. */
  look(): Promise<readonly Flaw[]>;
  /** Whether the trail was walked from its beginning since the start, and what is known of it is not older than a day. */
  trailKnown(): boolean;
  /** Waits for a walk that is under way. */
  idle(): Promise<void>;
}

/**
 * The trail is walked from its beginning once a day, beside everything else, and each time from where it was whole last: so a
 * look costs what has happened since, and whatever was changed before is found within a day.
 */
export function auditStore(watch: Watch, clock: Clock): AuditStore {
  let mark: Mark | null = null;
  let broken: Flaw | null = null;
  let walkedAt = Number.NEGATIVE_INFINITY;
  let walk: Promise<void> | null = null;

  function found(walked: Walked): void {
    if (walked.ok) mark = walked.mark;
    broken = walked.ok ? null : trailFlaw(walked);
  }

  async function wholeTrail(): Promise<void> {
    const begun = clock.now();
    found(await watch.walkTrail(null));
    walkedAt = begun;
  }

  async function trail(): Promise<readonly Flaw[]> {
    if (!walk && clock.now() - walkedAt >= DAY) {
      walk = wholeTrail()
        .catch((error: unknown) => {
          broken = unreadable(error);
        })
        .finally(() => {
          walk = null;
        });
    }
    // What is broken stays so until a whole walk says otherwise.
    if (mark && !walk && !broken) found(await watch.walkTrail(mark));
    return broken ? [broken] : [];
  }

  async function wakes(now: number): Promise<readonly Flaw[]> {
    const flawed = new Map<ReturnType<typeof flawOf> & FlawKind, string[]>();
    let after = "";
    for (;;) {
      const page = await watch.wakes(after, AT_ONCE);
      for (const wake of page) {
        const kind = flawOf(wake, now);
        if (kind) flawed.set(kind, [...(flawed.get(kind) ?? []), wake.id]);
      }
      after = page.at(-1)?.id ?? after;
      if (page.length < AT_ONCE) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return [...flawed].map(([kind, ids]) => wakeFlaw(kind, ids, ids.length));
  }

  return {
    async look() {
      try {
        const now = clock.now();
        const overdue = await watch.countOverdue(now - JOB_TOLERANCE);
        return [...(await wakes(now)), ...(overdue > 0 ? [overdueFlaw(overdue)] : []), ...(await trail())];
      } catch (error) {
        return [unreadable(error)];
      }
    },
    trailKnown: () => mark !== null && !broken,
    idle: async () => {
      await walk;
    },
  };
}
