/** Raises an escalation for an agent: opens it under the charter in force and answers only when it is on disk. */
import type { Agent } from "../domain/agent.ts";
import { openEscalation } from "../domain/escalation/open-escalation.ts";
import type { EscalationRequest } from "../domain/escalation/request.ts";
import { no, type Result, yes } from "../domain/result.ts";
import type { StoredAnswer } from "../domain/step.ts";
import { acceptedView } from "../domain/views.ts";
import { type Context, escalationUrl, newOpening, ownerOf } from "./context.ts";

export interface Raising {
  readonly agent: Agent;
  readonly request: EscalationRequest;
  /** Keeps the answer under the caller's idempotency key, in the same transaction. */
  readonly remember?: ((status: number, body: string) => StoredAnswer) | undefined;
}

/** `key_reused`: another request with the same idempotency key was quicker; its stored answer is there to read. */
export type RaiseEscalation = (
  raising: Raising,
) => Promise<Result<{ readonly body: object }, { readonly code: "key_reused" }>>;

export function raiseEscalation(context: Context): RaiseEscalation {
  return async ({ agent, request, remember }) => {
    const { escalation, hold, step } = openEscalation({
      ...newOpening(context, agent),
      request,
      by: { kind: "agent", id: agent.id, name: agent.name },
    });
    const body = acceptedView(escalation, {
      hold,
      owner: ownerOf(context, agent),
      url: escalationUrl(context, escalation.id),
    });
    const saved = await context.store.save(
      remember ? { ...step, answer: remember(202, JSON.stringify(body)) } : step,
    );
    return saved === "conflict" ? no({ code: "key_reused" }) : yes({ body });
  };
}
