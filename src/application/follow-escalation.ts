/** Lets an agent, or an administrator, follow one escalation. */

import type { Callback } from "../domain/delivery/callback.ts";
import { cardDelivery } from "../domain/delivery/copy.ts";
import type { AgentId, EscalationId } from "../domain/ids.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import { type CallbackDelivery, escalationView } from "../domain/views.ts";
import type { Context } from "./context.ts";

/** `agent` null: an administrator, who may follow any. Another agent's escalation is not found. */
export type FollowEscalation = (input: {
  readonly id: EscalationId;
  readonly agent: AgentId | null;
}) => Promise<
  Result<{ readonly revision: number; readonly settled: boolean; readonly body: object }, Refusal>
>;

export function followEscalation(context: Pick<Context, "store">): FollowEscalation {
  return async ({ id, agent }) => {
    const escalation = await context.store.escalations.find(id);
    if (!escalation || (agent !== null && escalation.agent !== agent))
      return no({ code: "not_found", what: "such escalation" });
    const [copies, callbacks] = await Promise.all([
      context.store.copies.of(id),
      context.store.callbacks.of(id),
    ]);
    const told = escalation.request.callback_url !== undefined;
    const body = escalationView(escalation, {
      card: cardDelivery(copies),
      callback: callbackDelivery(callbacks, told),
    });
    return yes({ revision: escalation.revision, settled: escalation.status !== "open", body });
  };
}

function callbackDelivery(callbacks: readonly Callback[], told: boolean): CallbackDelivery {
  if (callbacks.length === 0) return told ? "pending" : "none";
  if (callbacks.some((callback) => callback.state === "dead")) return "dead";
  return callbacks.every((callback) => callback.state === "delivered") ? "delivered" : "pending";
}
