/** Holds a request until something changes, its time is over, its client is gone, or the server closes. */
import type { Changes } from "../application/ports.ts";
import { unavailable } from "./problem.ts";

export interface Waiting {
  /** Seconds, 0..60. */
  readonly seconds: number;
  readonly topics: readonly string[];
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal;
}

export interface LongPolls {
  /**
   * Reads until `done` is content with what it read, and gives the last reading in any case. Listens before it reads, so
   * that nothing which happens between the two is missed. Throws a 503 `Problem` when too many are waiting.
   */
  until<Reading>(
    waiting: Waiting,
    read: () => Promise<Reading> | Reading,
    done: (reading: Reading) => boolean,
  ): Promise<Reading>;
  /** How many are waiting now. */
  count(): number;
  /** Answers everybody at once, and lets nobody wait any more. */
  close(): void;
}

export function longPolls(changes: Changes, most: number): LongPolls {
  const closing = new AbortController();
  const waiters = new Set<() => void>();

  return {
    async until({ seconds, topics, gone }, read, done) {
      if (seconds === 0) return read();
      if (waiters.size >= most) {
        throw unavailable(`${most} requests are waiting already: ask without wait, or again in a moment.`, 2);
      }
      // A signal of one's own per request: thousands of listeners on one shared signal cost time with each removal.
      const ended = new AbortController();
      const end = () => ended.abort();
      gone.addEventListener("abort", end);
      waiters.add(end);
      if (gone.aborted || closing.signal.aborted) end();
      // Not the wall clock: that may be set while somebody waits.
      const deadline = performance.now() + seconds * 1_000;
      try {
        for (;;) {
          const left = Math.max(0, deadline - performance.now());
          const changed = changes.wait(topics, left, ended.signal);
          const reading = await read();
          if (ended.signal.aborted || left === 0 || done(reading)) return reading;
          await changed;
        }
      } finally {
        end(); // also ends a wait that nobody needs any more
        gone.removeEventListener("abort", end);
        waiters.delete(end);
      }
    },
    count: () => waiters.size,
    close() {
      closing.abort();
      for (const end of waiters) end();
    },
  };
}
