/** Offers the form behind a button to whoever may use it. */
import { decisionForm, hasForm } from "../cards/decision-form.ts";
import { flagForm, pauseForm } from "../cards/forms.ts";
import type { Intent } from "../cards/intent.ts";
import { authorize, type Verb } from "../domain/escalation/authorize.ts";
import { settledRefusal } from "../domain/escalation/decide.ts";
import { digestAtStake } from "../domain/escalation/escalation.ts";
import { type EscalationId, FLEET } from "../domain/ids.ts";
import type { Actor } from "../domain/people.ts";
import { agentOf, type Context } from "./context.ts";
import type { Answer } from "./ports.ts";
import type { ReviewAgent } from "./review-agent.ts";
import { refusedAnswer } from "./words.ts";

/** A form, or why this person does not get it. Changes nothing. */
export type OfferForm = (actor: Actor, intent: Intent) => Promise<Answer>;

export function offerForm(context: Context, review: Pick<ReviewAgent, "offer">): OfferForm {
  const { store, people } = context;
  return async (actor, intent) => {
    if (intent.verb === "pause" || intent.verb === "flag") {
      const agents = await store.agents.all();
      const chosen = agents.find(({ id }) => id === intent.on) ?? null;
      if (intent.verb === "flag") return { kind: "form", form: flagForm(chosen ? [chosen] : agents, null) };
      return chosen || intent.on === FLEET
        ? { kind: "form", form: pauseForm(chosen) }
        : refusedAnswer({ code: "not_found", what: "such agent" });
    }
    if (intent.verb === "sign") return review.offer(actor, intent);
    const escalation = await store.escalations.find(intent.on as EscalationId);
    if (!escalation) return refusedAnswer({ code: "not_found", what: "such request" });
    const { charter } = await agentOf(context, escalation.agent);
    const verb: Verb = intent.verb === "reject_keep" ? "reject" : (intent.verb as Verb);
    const refused =
      authorize(actor, verb, { charter, people, escalation }) ?? settledRefusal(escalation, actor);
    if (refused) return refusedAnswer(refused);
    if (intent.digest !== digestAtStake(escalation)) return refusedAnswer({ code: "stale_card" });
    return hasForm(intent.verb)
      ? { kind: "form", form: decisionForm(intent.verb, escalation, people.people) }
      : refusedAnswer({ code: "bad_button" });
  };
}
