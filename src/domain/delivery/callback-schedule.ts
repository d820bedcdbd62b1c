/** When a callback is tried again, and when that ends: an agent is waiting, so the first retries come quickly. */
import { HOUR, MINUTE, SECOND } from "../time/time.ts";

/** The waits before attempts 1, 2, 3, …; from then on hourly. */
const WAITS_MS: readonly number[] = [
  0,
  1 * SECOND,
  2 * SECOND,
  5 * SECOND,
  15 * SECOND,
  30 * SECOND,
  1 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
];
const LATER_WAIT_MS = 1 * HOUR;

/** Counted from the first attempt; a receiver that was down over a long weekend still gets its answer. */
export const GIVE_UP_AFTER_MS = 72 * HOUR;

/** A fifth either way, so that agents that failed together do not come back together. */
const JITTER = 0.2;

/**
 * When the next attempt is due, in epoch ms; `undefined` once that would be later than 72 h after the first attempt.
 *
 * @param attempt how many attempts were made so far (0: the next one is the first)
 * @param firstAttemptAtMs epoch ms of the first attempt; for attempt 0 it does not matter
 * @param nowMs epoch ms, when the last attempt ended
 * @param jitter a fresh random number in [0, 1)
 * @param retryAfterMs what the receiver asked for, if it did; the later of the two counts
 */
export function nextAttempt(
  attempt: number,
  firstAttemptAtMs: number,
  nowMs: number,
  jitter: number,
  retryAfterMs = 0,
): number | undefined {
  if (attempt === 0) return nowMs;
  const wait = WAITS_MS[attempt] ?? LATER_WAIT_MS;
  const jittered = Math.round(wait * (1 - JITTER + 2 * JITTER * jitter));
  // Timestamps are whole seconds and each attempt must carry a later one, so no wait is shorter than one second.
  const due = nowMs + Math.max(jittered, retryAfterMs, SECOND);
  return due - firstAttemptAtMs > GIVE_UP_AFTER_MS ? undefined : due;
}
