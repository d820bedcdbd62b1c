/** Slack sends an event again when an answer was late or lost: each is handled once, and again only when it failed. */
import type { Clock } from "../../application/ports.ts";
import { type JsonObject, textAt } from "../payload.ts";

export interface EventGate {
  /** Runs `work` unless this event was handled or is being handled; what is no event always runs. */
  once(body: JsonObject, work: () => Promise<unknown>): Promise<unknown>;
}

/** Slack's last repetition comes five minutes after the first try; hourly ones exist, and are then worth another answer. */
const REMEMBERED_MS = 15 * 60_000;
const MOST_REMEMBERED = 20_000;

export function createEventGate(clock: Clock): EventGate {
  const handled = new Map<string, { readonly at: number; readonly outcome: Promise<unknown> }>();

  const forgetOld = () => {
    const oldest = clock.now() - REMEMBERED_MS;
    for (const [id, { at }] of handled) {
      if (at > oldest && handled.size < MOST_REMEMBERED) return;
      handled.delete(id);
    }
  };

  return {
    once(body, work) {
      const id = body.type === "event_callback" ? textAt(body, "event_id") : undefined;
      if (id === undefined) return work();
      const before = handled.get(id);
      if (before !== undefined) return before.outcome;
      forgetOld();
      const outcome = work();
      handled.set(id, { at: clock.now(), outcome });
      outcome.catch(() => handled.delete(id));
      return outcome;
    },
  };
}
