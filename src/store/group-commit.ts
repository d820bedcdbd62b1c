/** Group commit: whatever is written in one turn of the event loop is committed together, so that a hundred requests wait for the disk once. */

// No timer and no window: while the disk is busy, the next group gathers in the sockets.
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

export interface GroupCommit {
  /** Resolves with what `work` returned, after the commit and after `committed`. `work` may be called twice. */
  add<Result>(work: () => Result, committed?: (result: Result) => void): Promise<Result>;
  /** Commits what is waiting, at once, and takes no more. */
  close(): void;
}

export function createGroupCommit(transaction: Transaction): GroupCommit {
  let waiting: Entry[] = [];
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

  function flush(): void {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    const failed = attempt(group);
    if (!failed) {
      settle(group);
      return;
    }
    // A database that is locked or gone stays so for the rest of the group: each would wait for it again.
    if (!failed.begun || group.length === 1) {
      refuseAll(group, failed.error);
      return;
    }
    // One of the group is bad. A savepoint around each would cost every group a fifth; doing it again costs only this one.
    for (const [at, entry] of group.entries()) {
      const alone = attempt([entry]);
      if (!alone) settle([entry]);
      else if (alone.begun) entry.refuse(alone.error);
      else {
        refuseAll(group.slice(at), alone.error);
        return;
      }
    }
  }

  return {
    add: (work, committed = () => {}) =>
      new Promise((resolve, reject) => {
        if (closed) throw new Error("the store is closed: nothing more can be written");
        let finish = () => {};
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({
          run: () => {
            const result = work();
            finish = () => {
              tell(() => committed(result));
              resolve(result);
            };
          },
          committed: () => finish(),
          refuse: reject,
        });
      }),
    close() {
      closed = true;
      flush();
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
