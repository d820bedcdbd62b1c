/** Keeps our calls under Slack's rates: one bucket per channel or method, and none of them waits for another. */
import type { Clock } from "../../application/ports.ts";
import { type PacedMethod, RATES } from "./limits.ts";

export interface Pace {
  /** Takes a place for one call: 0 to go ahead, otherwise the milliseconds to wait. */
  take(method: PacedMethod, channel: string): number;
  /** Slack itself said to wait: for this method and channel, and no other. */
  hold(method: PacedMethod, channel: string, ms: number): void;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** More channels than any workspace is written to within a minute. */
const MOST_BUCKETS = 5_000;

export function createPace(clock: Clock): Pace {
  const buckets = new Map<string, Bucket>();

  /** The bucket as it is now. */
  const bucketOf = (key: string, method: PacedMethod): Bucket => {
    const { capacity, perMinute } = RATES[method];
    const now = clock.now();
    const bucket = buckets.get(key) ?? { tokens: capacity, at: now };
    // A wall clock may step back: then no time has passed.
    const passed = Math.max(0, now - bucket.at);
    bucket.tokens = Math.min(capacity, bucket.tokens + (passed * perMinute) / 60_000);
    bucket.at = now;
    if (!buckets.has(key)) {
      if (buckets.size >= MOST_BUCKETS) forgetFull(buckets, now);
      buckets.set(key, bucket);
    }
    return bucket;
  };

  const channelKey = (method: PacedMethod, channel: string) => `${method} ${channel}`;
  const keyOf = (method: PacedMethod, channel: string) =>
    RATES[method].per === "channel" ? channelKey(method, channel) : method;
  const held = new Map<string, number>();

  return {
    take(method, channel) {
      const now = clock.now();
      const until = held.get(channelKey(method, channel)) ?? 0;
      if (until > now) return until - now;
      held.delete(channelKey(method, channel));
      const bucket = bucketOf(keyOf(method, channel), method);
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return 0;
      }
      return Math.ceil(((1 - bucket.tokens) * 60_000) / RATES[method].perMinute);
    },
    hold(method, channel, ms) {
      held.set(channelKey(method, channel), clock.now() + ms);
    },
  };
}

/** A bucket that nothing was taken from for a minute is full again, as a new one would be. */
function forgetFull(buckets: Map<string, Bucket>, now: number): void {
  for (const [key, bucket] of buckets) if (now - bucket.at > 60_000) buckets.delete(key);
}
