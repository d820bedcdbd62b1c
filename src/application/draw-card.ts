/** Draws the card of an escalation, its context or a reminder from what the store says now. */
import { approvalCard } from "../cards/approval-card.ts";
import type { Card } from "../cards/card.ts";
import { contextCard } from "../cards/context-card.ts";
import { nudgeCard } from "../cards/nudge-card.ts";
import type { Agent } from "../domain/agent.ts";
import type { CopyPart } from "../domain/delivery/copy.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import { agentOf, type Context, escalationUrl } from "./context.ts";
import type { HoldIndex } from "./ports.ts";

/** UTF-16 units for the agent's texts in a thread: within every platform's budget for one message. */
const CONTEXT_BUDGET = 8_000;

export type DrawCard = (part: CopyPart, escalation: Escalation) => Promise<Card>;

export function drawCard(context: Context, index: HoldIndex): DrawCard {
  const approval = async (escalation: Escalation, agent: Agent): Promise<Card> => {
    const hold = escalation.hold ? ((await context.store.holds.find(escalation.hold)) ?? null) : null;
    return approvalCard({
      escalation,
      agent,
      hold,
      holds: index.of(escalation.agent).holds,
      people: context.people,
      consoleUrl: escalationUrl(context, escalation.id),
      now: context.clock.now(),
    });
  };
  return async (part, escalation) => {
    const agent = await agentOf(context, escalation.agent);
    const consoleUrl = escalationUrl(context, escalation.id);
    if (part === "card") return approval(escalation, agent);
    if (part === "context") return contextCard({ escalation, agent, consoleUrl }, CONTEXT_BUDGET);
    return nudgeCard({ escalation, agent, people: context.people, consoleUrl, now: context.clock.now() });
  };
}
