/** Does to an escalation what its time asks for, and nothing when the timer is stale. */
import { advance, nextWake } from "../domain/advance.ts";
import { cardDelivery } from "../domain/copy.ts";
import type { EscalationId } from "../domain/ids.ts";
import { agentOf, type Context, newCallbackId } from "./context.ts";

/** Milliseconds since 1970 at which to look again; undefined when the step itself has armed the next timer, or none is due. */
export type AdvanceEscalation = (
  id: EscalationId,
) => Promise<{ readonly again: number; readonly error: null } | undefined>;

export function advanceEscalation(context: Context): AdvanceEscalation {
  return async (id) => {
    const before = await context.store.escalations.find(id);
    if (before?.status !== "open") return undefined;
    const [agent, copies] = await Promise.all([agentOf(context, before.agent), context.store.copies.of(id)]);
    const now = context.clock.now();
    const step = advance(before, {
      agent,
      card: cardDelivery(copies),
      newId: () => newCallbackId(context),
      now,
    });
    if (!step) return { again: Math.max(nextWake(before), now), error: null };
    const saved = await context.store.save(step);
    return saved === "conflict" ? { again: now, error: null } : undefined;
  };
}
