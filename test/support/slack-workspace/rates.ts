/** Token buckets that make the Web API as slow as Slack's: tiers per method, one message per second and channel. */
import type { Clock } from "./clock.ts";
import { METHOD_RATES, type MethodName, TIERS } from "./limits.ts";

export interface Violation {
  readonly at: number;
  readonly method: MethodName;
  readonly channel: string | undefined;
  /** Whole seconds the caller was told to wait. */
  readonly retryAfter: number;
}

export interface RateOptions {
  readonly enforced: boolean;
  /** Messages a channel takes at once before the one per second holds. Slack allows bursts and promises none: 1 is the honest default. */
  readonly postBurst: 1 | 2 | 3;
  /** `restricted`: one call a minute to history and replies, as for commercial apps outside the Marketplace. */
  readonly history: "internal" | "restricted";
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Takes one token; answers the seconds to wait when there is none. */
export type TakeToken = (method: MethodName, channel: string | undefined) => number | undefined;

export function createRates(clock: Clock, options: RateOptions): TakeToken {
  const buckets = new Map<string, Bucket>();
  return (method, channel) => {
    if (!options.enforced) return undefined;
    const { key, capacity, perSecond } = ruleFor(method, channel, options);
    const now = clock.now();
    const bucket = buckets.get(key) ?? { tokens: capacity, at: now };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    buckets.set(key, bucket);
    // A refill of a whole number of seconds must not fail on the last binary digit.
    if (bucket.tokens >= 1 - 1e-9) {
      bucket.tokens -= 1;
      return undefined;
    }
    return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond - 1e-9));
  };
}

function ruleFor(method: MethodName, channel: string | undefined, options: RateOptions) {
  const tier = METHOD_RATES[method];
  if (tier === "post") return { key: `post:${channel ?? ""}`, capacity: options.postBurst, perSecond: 1 };
  const reading = method === "conversations.history" || method === "conversations.replies";
  const perMinute = reading && options.history === "restricted" ? TIERS.t1 : TIERS[tier];
  return { key: method, capacity: perMinute, perSecond: perMinute / 60 };
}
