/** Other people's clients, unchanged: each gets ways in of its own shape, and all of them lead to the same use-cases. */
import type { AgentRoute } from "../application/agent-route.ts";
import type { HurryEscalation } from "../application/hurry-escalation.ts";
import type { Clock, HoldIndex, Store } from "../application/ports.ts";

export { answerSenders } from "./hooks/answer-senders.ts";

import { cloudEventsHook } from "./hooks/cloudevents.ts";
import { crewAiHook } from "./hooks/crewai.ts";
import { n8nHook } from "./hooks/n8n.ts";
import { onCallHook } from "./hooks/oncall.ts";
import { humanLayerRoutes } from "./humanlayer/routes.ts";
import { interruptRoutes } from "./interrupts/routes.ts";
import { keptCalls } from "./kept-calls.ts";

export interface CompatParts {
  readonly store: Pick<Store, "escalations" | "answers" | "notes">;
  readonly holds: HoldIndex;
  readonly clock: Clock;
  readonly hurry: HurryEscalation;
  /** What is wrong with a JSON Schema for arguments; null when a form can be made of it. */
  readonly checkArgsSchema: (schema: Readonly<Record<string, unknown>>) => string | null;
  /** The secrets with which a sender signs what it sends to one agent. */
  readonly senderSecrets: (sender: string, agent: string) => readonly string[];
}

export function createCompat(parts: CompatParts): readonly AgentRoute[] {
  const kept = keptCalls(parts.store, parts.clock);
  const joined = { ...parts, kept };
  return [
    ...humanLayerRoutes(joined),
    ...interruptRoutes(joined),
    cloudEventsHook(joined),
    onCallHook(joined),
    crewAiHook(joined),
    n8nHook(joined),
  ];
}
