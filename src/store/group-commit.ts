/** Group commit: whatever is written in one turn of the event loop is committed together, so that a hundred requests wait for the disk once. */

// No timer and no window: while the disk is busy, the next group gathers in the sockets. New work comes in portions of a turn
// each, so it waits for the next turn as long as that brings more.
import type { Pressure } from "../application/ports.ts";
import { createCommitQueue } from "./commit-queue.ts";

/**
 * A group of 128 is within a few percent of the fastest there is; a longer one only keeps the loop from everybody else for
 * longer. What is left over goes with the next turn, behind whatever people have done meanwhile.
 */
const MOST_TOGETHER = 256;

/** So many share a sync at a small cost for each, and keep the loop from everybody else for a few milliseconds only. */
const ENOUGH = 32;

/** One transaction of an engine that answers at once. */
export interface Transaction {
  begin(): void;
  commit(): void;
  /** Safe to call when the engine has rolled back by itself. */
  rollback(): void;
}

interface Entry {
  readonly run: () => void;
  readonly committed: () => void;
  readonly refuse: (error: unknown) => void;
}

interface Adding<Result> {
  readonly committed?: (result: Result) => void;
  /** Waits behind everything else. */
  readonly newWork?: boolean;
}

export interface GroupCommit {
  /** Resolves with what `work` returned, after the commit and after `committed`. `work` may be called twice. */
  add<Result>(work: () => Result, writing?: Adding<Result>): Promise<Result>;
  /** See `Store.pressure`. */
  pressure(): Pressure;
  /** Commits what is waiting, at once, and takes no more. */
  close(): void;
}

/** `now`: milliseconds of a clock that only goes forward. */
export function createGroupCommit(transaction: Transaction, now?: () => number): GroupCommit {
  const queue = createCommitQueue<Entry>(MOST_TOGETHER, now);
  let scheduled = false;
  let closed = false;

  /** All or nothing. Says whether the transaction could not even begin, which is no entry's fault. */
  function attempt(
    entries: readonly Entry[],
  ): { readonly error: unknown; readonly begun: boolean } | undefined {
    let begun = false;
    try {
      transaction.begin();
      begun = true;
      for (const entry of entries) entry.run();
      transaction.commit();
      return undefined;
    } catch (error) {
      if (begun) transaction.rollback();
      return { error, begun };
    }
  }

  /** At the end of this turn of the loop, once all that it brings is in line. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(endTurn, 0);
  }

  /** @param before how much new work was in line a turn ago */
  function endTurn(before: number): void {
    const work = queue.onlyNewWork();
    if (work !== undefined && work > before && work < ENOUGH) {
      setImmediate(endTurn, work);
      return;
    }
    scheduled = false;
    flush();
    if (!queue.isEmpty()) schedule();
  }

  function flush(): void {
    if (queue.isEmpty()) return;
    const group = queue.next();
    commitAll(group);
    queue.done();
  }

  function commitAll(group: readonly Entry[]): void {
    const failed = attempt(group);
    if (!failed) {
      settle(group);
      return;
    }
    // A database that is locked or gone stays so for everybody in line: each would wait for it again.
    if (!failed.begun) {
      refuseAll([...group, ...queue.rest()], failed.error);
      return;
    }
    if (group.length === 1) {
      refuseAll(group, failed.error);
      return;
    }
    // One of the group is bad. A savepoint around each would cost every group a fifth; doing it again costs only this one.
    for (const [at, entry] of group.entries()) {
      const alone = attempt([entry]);
      if (!alone) settle([entry]);
      else if (alone.begun) entry.refuse(alone.error);
      else {
        refuseAll([...group.slice(at), ...queue.rest()], alone.error);
        return;
      }
    }
  }

  return {
    add: (work, { committed = () => {}, newWork = false } = {}) =>
      new Promise((resolve, reject) => {
        if (closed) throw new Error("the store is closed: nothing more can be written");
        let finish = () => {};
        const entry: Entry = {
          run: () => {
            const result = work();
            finish = () => {
              tell(() => committed(result));
              resolve(result);
            };
          },
          committed: () => finish(),
          refuse: reject,
        };
        queue.add(entry, newWork);
        schedule();
      }),
    pressure: queue.pressure,
    close() {
      closed = true;
      while (!queue.isEmpty()) flush();
    },
  };
}

function settle(entries: readonly Entry[]): void {
  for (const entry of entries) entry.committed();
}

function refuseAll(entries: readonly Entry[], error: unknown): void {
  for (const entry of entries) entry.refuse(error);
}

/** What is committed stays committed: a listener that throws is told of, and stops nobody else. */
export function tell(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning(`a listener failed after a commit: ${words}`, "HoldpointListenerWarning");
  }
}
