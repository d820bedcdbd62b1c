/** Callbacks: what an agent is told at its own address, signed, with the same id and body on every retry. */
import type { Agent } from "../agent.ts";
import type { Escalation } from "../escalation/escalation.ts";
import type { Hold } from "../hold.ts";
import type { AgentId, CallbackId, EscalationId } from "../ids.ts";
import { type Due, due } from "../job.ts";
import { rfc3339 } from "../time/time.ts";
import { escalationView, holdView } from "../views.ts";
import type { CardDelivery } from "./copy.ts";

export type CallbackType =
  | "escalation.decided"
  | "escalation.expired"
  | "escalation.withdrawn"
  | "hold.placed"
  | "hold.released";

export type CallbackState = "pending" | "delivered" | "dead";

export interface Callback {
  /** Also the `webhook-id`. */
  readonly id: CallbackId;
  readonly agent: AgentId;
  readonly escalation: EscalationId | null;
  readonly type: CallbackType;
  readonly url: string;
  /** The bytes that are signed and sent, the same on every attempt. */
  readonly body: string;
  readonly state: CallbackState;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: number;
  /** When the present run of attempts began: a replay begins a new one. */
  readonly startedAt: number;
  readonly deliveredAt: number | null;
}

/** Callbacks and the jobs that deliver them; none when there is nowhere to send to. */
export interface Told {
  readonly callbacks: readonly Callback[];
  readonly jobs: readonly Due[];
}

const NOBODY: Told = { callbacks: [], jobs: [] };

/** Tells the request's address (else the agent's own) what became of an escalation. */
export function tellOutcome(
  escalation: Escalation,
  type: Extract<CallbackType, `escalation.${string}`>,
  facts: { readonly agent: Agent; readonly card: CardDelivery; readonly id: string; readonly now: number },
): Told {
  const url = escalation.request.callback_url ?? facts.agent.callbackUrl;
  if (!url) return NOBODY;
  const data = escalationView(escalation, { card: facts.card, callback: "pending" });
  return tell({ ...facts, escalation: escalation.id, type, url, data, agent: escalation.agent });
}

/** Tells the agent's own address of a hold placed or released; an address in a request hears of decisions only. */
export function tellHold(
  hold: Hold,
  type: Extract<CallbackType, `hold.${string}`>,
  facts: { readonly agent: Agent; readonly id: string; readonly now: number },
): Told {
  const url = facts.agent.callbackUrl;
  if (!url) return NOBODY;
  const data = { agent: facts.agent.id, hold: holdView(hold) };
  return tell({ ...facts, escalation: hold.escalation, type, url, data, agent: facts.agent.id });
}

function tell(event: {
  readonly id: string;
  readonly agent: AgentId;
  readonly escalation: EscalationId | null;
  readonly type: CallbackType;
  readonly url: string;
  readonly data: unknown;
  readonly now: number;
}): Told {
  const id = event.id as CallbackId;
  const body = JSON.stringify({ type: event.type, timestamp: rfc3339(event.now), data: event.data });
  const { agent, escalation, type, url, now } = event;
  return {
    callbacks: [
      {
        ...{
          id,
          agent,
          escalation,
          type,
          url,
          body,
          state: "pending" as const,
          attempts: 0,
          lastError: null,
        },
        ...{ createdAt: now, startedAt: now, deliveredAt: null },
      },
    ],
    jobs: [due("callback", id, now)],
  };
}
