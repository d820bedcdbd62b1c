/** Keeps the calls of all replicas under Microsoft's rates: each conversation's own, and one for the tenant. */
import type { Clock, Paces } from "../../application/ports.ts";
import type { Rate } from "../../domain/delivery/rate.ts";
import { CONVERSATION_RATES, TENANT_RATE } from "./limits.ts";

export interface Pace {
  /** Takes a place for one call: 0 to go ahead, otherwise the milliseconds after which to ask again. */
  take(conversation: string): Promise<number>;
  /** What `take` would say at this moment; takes nothing. */
  wait(conversation: string): Promise<number>;
  /** Microsoft itself said to wait: for this conversation and no other. */
  hold(conversation: string, ms: number): Promise<void>;
}

export function createPace(paces: Paces, clock: Clock): Pace {
  return {
    take: (conversation) => paces.take(ratesOf(conversation), clock.now()),
    wait: (conversation) => paces.wait(ratesOf(conversation), clock.now()),
    hold: (conversation, ms) => paces.hold(holdKey(conversation), clock.now() + ms),
  };
}

function ratesOf(conversation: string): readonly Rate[] {
  return [
    { key: "teams tenant", ...TENANT_RATE },
    ...CONVERSATION_RATES.map((rate) => ({ key: `teams ${rate.everyMs} ms ${conversation}`, ...rate })),
    { key: holdKey(conversation), everyMs: 0, burst: 1 },
  ];
}

function holdKey(conversation: string): string {
  return `teams hold ${conversation}`;
}
