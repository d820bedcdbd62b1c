/** Keeps our calls under Microsoft's rates: sliding windows per conversation, and one for the tenant. */
import type { Clock } from "../../application/ports.ts";
import { CONVERSATION_RATE, TENANT_RATE } from "./limits.ts";

export interface Pace {
  /** Takes a place for one call: 0 to go ahead, otherwise the milliseconds to wait. */
  take(conversation: string): number;
  /** Microsoft itself said to wait: for this conversation and no other. */
  hold(conversation: string, ms: number): void;
}

/** More conversations than any tenant is written to within a minute. */
const MOST_KEPT = 5_000;

export function createPace(clock: Clock): Pace {
  const calls = new Map<string, number[]>();
  const held = new Map<string, number>();
  let ofTenant: number[] = [];

  const forgetOld = (now: number) => {
    for (const [key, times] of calls) if ((times.at(-1) ?? 0) < now - LONGEST_MS) calls.delete(key);
  };

  return {
    take(conversation) {
      const now = clock.now();
      const until = held.get(conversation) ?? 0;
      if (until > now) return until - now;
      held.delete(conversation);
      const times = recent(calls.get(conversation) ?? [], now, LONGEST_MS);
      ofTenant = recent(ofTenant, now, 1_000);
      const wait = Math.max(waitFor(times, CONVERSATION_RATE, now), waitFor(ofTenant, TENANT_RATE, now));
      if (wait > 0) return wait;
      if (calls.size >= MOST_KEPT) forgetOld(now);
      calls.set(conversation, [...times, now]);
      ofTenant.push(now);
      return 0;
    },
    hold(conversation, ms) {
      held.set(conversation, clock.now() + ms);
    },
  };
}

const LONGEST_MS = Math.max(...CONVERSATION_RATE.map(({ ms }) => ms));

/** A wall clock may step back: then what seems to lie ahead counts as now. */
function recent(times: readonly number[], now: number, ms: number): number[] {
  return times.map((time) => Math.min(time, now)).filter((time) => time > now - ms);
}

function waitFor(times: readonly number[], rate: typeof CONVERSATION_RATE, now: number): number {
  const waits = rate.map(({ most, ms }) => {
    const first = times.at(-most);
    return first === undefined ? 0 : first + ms - now;
  });
  return Math.max(0, ...waits);
}
