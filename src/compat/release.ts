/** Whether an approval may be told to a client that acts on it at once and never asks whether its agent is held. */
import type { HoldIndex } from "../application/ports.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import { subjectKey } from "../domain/escalation/request.ts";
import { covers, type Want } from "../domain/hold.ts";

/**
 * Our own clients ask for the state before they act. These can't, so their approval waits for them while somebody has
 * paused the agent, or another hold covers the same subject, capability or action.
 */
export function stillHeld(escalation: Escalation, index: HoldIndex): boolean {
  const { request, decision, actionDigest } = escalation;
  const digest = decision?.actionDigest ?? actionDigest;
  const want: Want = {
    ...(request.subject ? { subject: subjectKey(request.subject) } : {}),
    ...(request.action ? { capability: request.action.name } : {}),
    ...(digest ? { action: digest } : {}),
  };
  const { holds } = index.of(escalation.agent);
  return holds.some((hold) => {
    // The same action, asked about twice, as by an agent that was started anew: one approval is an approval of it.
    const askedTwice = hold.scope.kind === "action" && hold.escalation !== null;
    return !askedTwice && hold.escalation !== escalation.id && covers(hold, want);
  });
}

/** What changes when such a hold is released: the escalation, the agent, the fleet. */
export function topicsOfRelease(escalation: Pick<Escalation, "id" | "agent">): readonly string[] {
  return [escalation.id, escalation.agent, "all"];
}
