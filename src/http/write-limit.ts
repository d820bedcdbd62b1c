/** Limits what one credential may write: so many per second, with a burst saved up, and so many open escalations. */
import type { Clock, Store } from "../application/ports.ts";
import type { AgentId } from "../domain/ids.ts";
import type { Limits } from "./door.ts";
import { tooMany } from "./problem.ts";

/** Credentials whose bucket is full again are forgotten once there are this many. */
const SWEEP_AT = 10_000;

/** Throws a 429 `Problem` that says when to come back. */
export type TakeWrite = (limitKey: string) => void;

/** A token bucket for each credential. */
export function writeLimit(limits: Limits, clock: Clock): TakeWrite {
  const buckets = new Map<string, { tokens: number; filledAt: number }>();
  const { writesPerSecond, writeBurst } = limits;

  const fill = (bucket: { tokens: number; filledAt: number }, now: number) => {
    // A clock set back fills nothing; it must not empty anything either.
    const seconds = Math.max(0, now - bucket.filledAt) / 1_000;
    bucket.tokens = Math.min(writeBurst, bucket.tokens + seconds * writesPerSecond);
    bucket.filledAt = now;
  };

  return (limitKey) => {
    const now = clock.now();
    let bucket = buckets.get(limitKey);
    if (!bucket) {
      if (buckets.size >= SWEEP_AT) sweep(now);
      bucket = { tokens: writeBurst, filledAt: now };
      buckets.set(limitKey, bucket);
    }
    fill(bucket, now);
    if (bucket.tokens < 1) {
      const wait = Math.max(1, Math.ceil((1 - bucket.tokens) / writesPerSecond));
      throw tooMany(
        `More than ${writesPerSecond} writes a second with one key: send them more slowly.`,
        wait,
      );
    }
    bucket.tokens--;
  };

  function sweep(now: number): void {
    for (const [key, bucket] of buckets) {
      fill(bucket, now);
      if (bucket.tokens >= writeBurst) buckets.delete(key);
    }
  }
}

/** Throws a 429 `Problem` for an agent that has as many open escalations as one may have. */
export type CheckOpen = (agent: AgentId) => Promise<void> | void;

/**
 * Counting rows for every request would cost more than the rest of it. So the store is asked how much room there is, and
 * again only when as many requests have come since; what is decided meanwhile makes more room, never less.
 */
export function openLimit(limits: Limits, store: Pick<Store, "escalations">): CheckOpen {
  const room = new Map<AgentId, number>();

  async function ask(agent: AgentId): Promise<void> {
    const open = await store.escalations.countOpenOf(agent);
    room.set(agent, limits.openPerAgent - open - 1);
    if (open < limits.openPerAgent) return;
    const words = `${open} escalations of this agent are open, and ${limits.openPerAgent} is the most: wait for decisions, or withdraw some.`;
    throw tooMany(words, 60);
  }

  return (agent) => {
    const left = room.get(agent) ?? 0;
    if (left <= 0) return ask(agent);
    room.set(agent, left - 1);
    return undefined;
  };
}
