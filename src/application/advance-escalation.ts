/** Does to an escalation what its time asks for, and nothing when the timer is stale. */
import { advance, nextWake } from "../domain/chain/advance.ts";
import { handOver } from "../domain/chain/hand-over.ts";
import { cardDelivery } from "../domain/delivery/copy.ts";
import type { EscalationId } from "../domain/ids.ts";
import { agentOf, type Context, newCallbackId, whoIsThere } from "./context.ts";

/** Milliseconds since 1970 at which to look again; undefined when the step itself has armed the next timer, or none is due. */
export type AdvanceEscalation = (
  id: EscalationId,
) => Promise<{ readonly again: number; readonly error: null } | undefined>;

export function advanceEscalation(context: Context): AdvanceEscalation {
  return async (id) => {
    const before = await context.store.escalations.find(id);
    if (before?.status !== "open") return undefined;
    const [agent, copies, there] = await Promise.all([
      agentOf(context, before.agent),
      context.store.copies.of(id),
      whoIsThere(context),
    ]);
    const { now } = there;
    const facts = { ...there, agent, card: cardDelivery(copies), newId: () => newCallbackId(context) };
    // A reminder to somebody who is away reaches nobody: so it is looked once more who is there.
    const step = (now < before.dueAt ? handOver(before, facts) : undefined) ?? advance(before, facts);
    if (!step) return { again: Math.max(nextWake(before), now), error: null };
    if ((await context.store.save(step)) === "conflict") return { again: now, error: null };
    const rounds = step.escalation?.after.rounds ?? 0;
    if (rounds > before.rounds)
      context.log.warn(
        { escalation: id, agent: before.agent, rounds },
        "everybody in the chain was asked and nobody answers; the last of them are asked again",
      );
    return undefined;
  };
}
