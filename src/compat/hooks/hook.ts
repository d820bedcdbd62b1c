/** What the hooks have in common: the path, who is let in, and the one answer that every sender gets. */
import { z } from "zod";
import type { AgentCall, AgentDoor, AgentRoute, Conflict } from "../../application/agent-route.ts";
import type { HurryEscalation } from "../../application/hurry-escalation.ts";
import type { Clock, Store } from "../../application/ports.ts";
import type { Escalation } from "../../domain/escalation/escalation.ts";
import type { EscalationId } from "../../domain/ids.ts";
import type { Refusal } from "../../domain/refusal.ts";
import { type Result, yes } from "../../domain/result.ts";
import type { KeptCalls, Place } from "../kept-calls.ts";

export interface HookParts {
  readonly store: Pick<Store, "escalations" | "notes">;
  readonly kept: KeptCalls;
  readonly clock: Clock;
  readonly hurry: HurryEscalation;
  /** The secrets with which a sender signs what it sends to one agent; none: its own signature is never accepted. */
  readonly senderSecrets: (sender: string, agent: string) => readonly string[];
}

/** The escalation that came of it; null: nothing did, and nothing had to. */
type Heard = Result<
  { readonly escalation: EscalationId; readonly again: boolean } | null,
  Refusal | Conflict
>;

interface Hook {
  /** The last part of the path. */
  readonly sender: string;
  readonly summary: string;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
  readonly signature: Extract<AgentDoor, { by: "hook" }>["sender"];
  hear(call: AgentCall): Promise<Heard>;
}

const answer = z.object({
  id: z.string().nullable(),
  status: z.enum(["open", "decided", "expired", "withdrawn", "noted"]),
  follow: z.string().nullable(),
});

export function hookRoute({ store }: HookParts, hook: Hook): AgentRoute {
  const { sender, summary, query, body, signature } = hook;
  return {
    ...{ method: "POST", path: `/v1/hooks/{agent}/${sender}`, summary, query, body, no: null },
    door: { by: "hook", sender: signature },
    answers: {
      200: { says: "It was heard before, or nothing has to be asked.", schema: answer },
      202: { says: "It is on disk, its hold stands, and people are being asked.", schema: answer },
    },
    async handle(call) {
      const heard = await hook.hear(call);
      if (!heard.ok) return heard;
      if (!heard.value) return yes({ status: 200, body: { id: null, status: "noted", follow: null } });
      const { escalation: id, again } = heard.value;
      const status: Escalation["status"] = (await store.escalations.find(id))?.status ?? "open";
      const body = { id, status, follow: `/v1/escalations/${id}` };
      return yes({ status: again ? 200 : 202, body });
    },
  };
}

/** For senders without an id of their own: the delivery's, where it has one. */
export function deliveryPlace({ agent, headers }: AgentCall, sender: string): Place | undefined {
  const id = headers["webhook-id"] ?? headers["idempotency-key"];
  return typeof id === "string" && id !== "" ? { agent: agent.id, kind: `hooks/${sender}`, id } : undefined;
}
