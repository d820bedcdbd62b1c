/** Who waits for a commit, in which order, and for how long: agents' new work goes behind everything else. */
import type { Pressure } from "../application/ports.ts";

/** Milliseconds after which a measurement counts half, while nothing new is measured: a disk that is well again is found out. */
const HALF_LIFE = 2_000;

export interface CommitQueue<Entry> {
  /** Puts an entry in line: new work at its end, everything else before all new work. */
  add(entry: Entry, newWork: boolean): void;
  /** Takes the next group out of the line. It is under way until `done`. */
  next(): readonly Entry[];
  /** Takes whoever else is in line, for nobody can be written now. */
  rest(): readonly Entry[];
  /** The group that was under way is committed, or never will be. */
  done(): void;
  isEmpty(): boolean;
  /** How much new work is in line; undefined where something else is too, which is not to wait for more of it. */
  onlyNewWork(): number | undefined;
  /** See `Store.pressure`. */
  pressure(): Pressure;
}

/**
 * One group is under way at a time, of `mostTogether` entries at most. How long a wait is to be expected is told from how
 * long the last groups took, so one slow commit counts half and the next quick one takes that back.
 */
export function createCommitQueue<Entry>(
  mostTogether: number,
  now: () => number = () => performance.now(),
): CommitQueue<Entry> {
  let ahead: Entry[] = [];
  let behind: Entry[] = [];
  let begunAt: number | undefined;
  let endedAt = now();
  /** Milliseconds that a group takes, as a mean in which every new one counts half. */
  let usually = 0;

  const aged = () => (begunAt === undefined ? usually * 0.5 ** ((now() - endedAt) / HALF_LIFE) : usually);

  /** Of the group under way: what is left of its usual time, or, once it has taken longer, as much again. */
  function underWay(): number {
    if (begunAt === undefined) return 0;
    const taken = now() - begunAt;
    return taken > usually ? taken : usually - taken;
  }

  return {
    add(entry, newWork) {
      (newWork ? behind : ahead).push(entry);
    },
    next() {
      usually = aged();
      begunAt = now();
      const first = ahead.slice(0, mostTogether);
      ahead = ahead.slice(first.length);
      const room = mostTogether - first.length;
      const second = behind.slice(0, room);
      behind = behind.slice(second.length);
      return [...first, ...second];
    },
    rest() {
      const all = [...ahead, ...behind];
      ahead = [];
      behind = [];
      return all;
    },
    done() {
      endedAt = now();
      usually = (usually + endedAt - (begunAt ?? endedAt)) / 2;
      begunAt = undefined;
    },
    isEmpty: () => ahead.length === 0 && behind.length === 0,
    onlyNewWork: () => (ahead.length === 0 ? behind.length : undefined),
    pressure() {
      const waiting = ahead.length + behind.length;
      // Whoever came now would be in the last of these.
      const groups = Math.floor(waiting / mostTogether) + 1;
      return { waiting, expectedMs: underWay() + groups * aged() };
    },
  };
}
