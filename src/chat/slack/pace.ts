/** Keeps the calls of all replicas under Slack's rates: one per channel or method, and none of them waits for another. */
import type { Clock, Paces } from "../../application/ports.ts";
import type { Rate } from "../../domain/delivery/rate.ts";
import { type PacedMethod, RATES } from "./limits.ts";

export interface Pace {
  /** Takes a place for one call: 0 to go ahead, otherwise the milliseconds after which to ask again. */
  take(method: PacedMethod, channel: string): Promise<number>;
  /** What `take` would say at this moment; takes nothing. */
  wait(method: PacedMethod, channel: string): Promise<number>;
  /** Slack itself said to wait: for this method and channel, and no other. */
  hold(method: PacedMethod, channel: string, ms: number): Promise<void>;
}

export function createPace(paces: Paces, clock: Clock): Pace {
  return {
    take: (method, channel) => paces.take(ratesOf(method, channel), clock.now()),
    wait: (method, channel) => paces.wait(ratesOf(method, channel), clock.now()),
    hold: (method, channel, ms) => paces.hold(holdKey(method, channel), clock.now() + ms),
  };
}

function ratesOf(method: PacedMethod, channel: string): readonly Rate[] {
  const { per, everyMs, burst } = RATES[method];
  const key = per === "channel" ? `slack ${method} ${channel}` : `slack ${method}`;
  return [
    { key, everyMs, burst },
    { key: holdKey(method, channel), everyMs: 0, burst: 1 },
  ];
}

function holdKey(method: PacedMethod, channel: string): string {
  return `slack hold ${method} ${channel}`;
}
