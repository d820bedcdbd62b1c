/** Looks behind the card of an open request: the forms of its buttons, and who may press them at this moment. */
import { decisionForm, VERBS_WITH_FORM } from "../cards/decision-form.ts";
import { approversNow } from "../domain/escalation/authorize.ts";
import type { EscalationId } from "../domain/ids.ts";
import { agentOf, type Context } from "./context.ts";
import type { LookBehind } from "./ports/chat.ts";

export function lookBehind(context: Context): LookBehind {
  const { store, people } = context;
  return async (id) => {
    const escalation = await store.escalations.find(id as EscalationId);
    if (escalation?.status !== "open") return undefined;
    const { charter } = await agentOf(context, escalation.agent);
    return {
      forms: VERBS_WITH_FORM.map((verb) => decisionForm(verb, escalation, people.people)),
      approvers: approversNow({ charter, people, escalation }),
    };
  };
}
