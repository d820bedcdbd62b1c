/** How escalations and holds look on the wire: the shape of `GET /v1/escalations/{id}`, of callbacks and of `GET /v1/state`. */
import type { CardDelivery } from "./delivery/copy.ts";
import type { Escalation } from "./escalation/escalation.ts";
import { type Hold, scopeWord } from "./hold.ts";
import { rfc3339 } from "./time/time.ts";

export type CallbackDelivery = "none" | "pending" | "delivered" | "dead";

export interface Delivery {
  readonly card: CardDelivery;
  readonly callback: CallbackDelivery;
}

export function escalationView(escalation: Escalation, delivery: Delivery) {
  const { decision, outcome, acknowledged } = escalation;
  return {
    id: escalation.id,
    status: escalation.status,
    agent: escalation.agent,
    trigger: escalation.trigger,
    severity: escalation.severity,
    summary: escalation.request.summary,
    action_digest: escalation.actionDigest,
    decision: decision && {
      verdict: decision.verdict,
      by: decision.by,
      surface: decision.surface,
      reason: decision.reason,
      option: decision.option,
      args: decision.args,
      response: decision.response,
      at: rfc3339(decision.at),
      action_digest: decision.actionDigest,
      kept_held: decision.keepHeld,
    },
    approvals: {
      needed: escalation.approvalsNeeded,
      given: escalation.approvals.map((approval) => approval.by),
    },
    stage: escalation.stage,
    asked: escalation.asked.map((id) => ({ id })),
    acknowledged: acknowledged && { by: acknowledged.by, at: rfc3339(acknowledged.at) },
    due_at: rfc3339(escalation.dueAt),
    breached: escalation.breached,
    delivery,
    outcome: outcome && { ...outcome, at: rfc3339(outcome.at) },
    state: escalation.request.state ?? null,
    created_at: rfc3339(escalation.createdAt),
  };
}
export type EscalationView = ReturnType<typeof escalationView>;

export function holdView(hold: Hold) {
  return {
    id: hold.id,
    scope: scopeWord(hold.scope),
    reason: hold.reason,
    placed_by: hold.placedBy,
    placed_at: rfc3339(hold.placedAt),
    until: hold.until === null ? null : rfc3339(hold.until),
    escalation: hold.escalation,
  };
}
export type HoldView = ReturnType<typeof holdView>;

/** The answer to an accepted request. */
export function acceptedView(
  escalation: Escalation,
  facts: {
    readonly hold: Hold | null;
    readonly owner: { readonly id: string; readonly name: string };
    readonly url: string;
  },
) {
  return {
    id: escalation.id,
    status: escalation.status,
    agent: escalation.agent,
    trigger: escalation.trigger,
    severity: escalation.severity,
    hold: facts.hold && { id: facts.hold.id, scope: scopeWord(facts.hold.scope) },
    owner: facts.owner,
    action_digest: escalation.actionDigest,
    due_at: rfc3339(escalation.dueAt),
    url: facts.url,
    created_at: rfc3339(escalation.createdAt),
  };
}
