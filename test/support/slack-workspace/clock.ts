/** The workspace's idea of time: the real one, or one that a test moves by hand. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once, `ms` milliseconds from now; the answer cancels it. */
  after(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    // A try that is minutes away must not keep a finished process alive.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export interface MovableClock extends Clock {
  /** Moves time forward and runs what falls due on the way, in order. */
  advance(ms: number): void;
}

/** A clock that stands still until it is moved. */
export function movableClock(start = Date.UTC(2026, 10, 16, 9, 0, 0)): MovableClock {
  let now = start;
  let waiting: readonly { readonly at: number; readonly task: () => void }[] = [];
  const nextDue = (end: number) =>
    waiting
      .filter(({ at }) => at <= end)
      .reduce<(typeof waiting)[number] | undefined>(
        (first, entry) => (first === undefined || entry.at < first.at ? entry : first),
        undefined,
      );
  return {
    now: () => now,
    after(ms, task) {
      const entry = { at: now + ms, task };
      waiting = [...waiting, entry];
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (let due = nextDue(end); due !== undefined; due = nextDue(end)) {
        const current = due;
        waiting = waiting.filter((other) => other !== current);
        now = current.at;
        current.task();
      }
      now = end;
    },
  };
}
