/** Rates that calls are held to: so many at once, and then one every so often. */

/**
 * At most `burst` calls at once, and one more every `everyMs` milliseconds: any `n` calls in a row are at least
 * `(n - burst) × everyMs` apart from first to last. With an `everyMs` of 0 nothing is used up: such a rate only waits for
 * what was held under its key.
 */
export interface Rate {
  /** Calls under one key share the rate. */
  readonly key: string;
  readonly everyMs: number;
  readonly burst: number;
}

// This is the “generic cell rate algorithm” (ITU-T I.371): one instant per key, at which everything taken is given back.

/** Clocks of replicas that are further apart, and a clock that was set back by more, are not waited for. */
const CLOCKS_APART_MS = 10_000;

/** Milliseconds until the rate lets a call through, 0 for at once. `freeAt`: what is kept under its key; undefined for nothing. */
export function waitUnder(rate: Rate, freeAt: number | undefined, now: number): number {
  const { everyMs, burst } = rate;
  if (everyMs === 0) return Math.max(0, (freeAt ?? now) - now);
  return Math.max(0, believed(rate, freeAt, now) - (burst - 1) * everyMs - now);
}

/** What is kept under the key once a call was let through. */
export function freeAfter(rate: Rate, freeAt: number | undefined, now: number): number {
  return Math.max(now, believed(rate, freeAt, now)) + rate.everyMs;
}

/** Calls never take more than a burst ahead: an instant far beyond that is of another time, and says nothing. */
function believed({ everyMs, burst }: Rate, freeAt: number | undefined, now: number): number {
  return freeAt === undefined || freeAt > now + burst * everyMs + CLOCKS_APART_MS ? now : freeAt;
}
