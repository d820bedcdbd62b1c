/** Lets people acknowledge and reassign, and agents withdraw and report what became of it. */
import type { Agent } from "../domain/agent.ts";
import { cardDelivery } from "../domain/delivery/copy.ts";
import { acknowledge, reassign, reportOutcome, withdraw } from "../domain/escalation/attend.ts";
import { authorize } from "../domain/escalation/authorize.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { EscalationId } from "../domain/ids.ts";
import type { Actor } from "../domain/people.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import { type Count, countOutcome, countReacted } from "../domain/review/counts.ts";
import type { Step } from "../domain/step.ts";
import { activeHold, agentOf, type Context, changeEscalation, newCallbackId } from "./context.ts";

export interface AttendEscalation {
  acknowledge(id: EscalationId, actor: Actor): Promise<Result<Escalation, Refusal>>;
  reassign(id: EscalationId, actor: Actor, to: string): Promise<Result<Escalation, Refusal>>;
  withdraw(id: EscalationId, agent: Agent, reason: string): Promise<Result<Escalation, Refusal>>;
  reportOutcome(
    id: EscalationId,
    agent: Agent,
    outcome: { readonly executed: boolean; readonly detail?: string | undefined; readonly metric?: unknown },
  ): Promise<Result<Escalation, Refusal>>;
}

export function attendEscalation(context: Context): AttendEscalation {
  const people = context.people;

  const mayNot = (before: Escalation, { charter }: Agent, actor: Actor, verb: "acknowledge" | "reassign") =>
    authorize(actor, verb, { charter, people, escalation: before });

  return {
    acknowledge: (id, actor) =>
      changeEscalation(context, id, async (before, now) => {
        const agent = await agentOf(context, before.agent);
        const refused = mayNot(before, agent, actor, "acknowledge");
        if (refused) return no(refused);
        return counting(acknowledge(before, actor, now), countReacted(before, agent, now));
      }),
    reassign: (id, actor, to) =>
      changeEscalation(context, id, async (before, now) => {
        const agent = await agentOf(context, before.agent);
        const refused = mayNot(before, agent, actor, "reassign");
        if (refused) return no(refused);
        const person = people.find(to);
        return person
          ? counting(reassign(before, actor, person, now), countReacted(before, agent, now))
          : no({ code: "not_found", what: `person called ${to}` });
      }),
    withdraw: (id, agent, reason) =>
      changeEscalation(context, id, async (before, now) => {
        if (before.agent !== agent.id) return no({ code: "not_found", what: "such escalation" });
        const [hold, copies] = await Promise.all([activeHold(context, before), context.store.copies.of(id)]);
        const newId = () => newCallbackId(context);
        return withdraw(before, reason, { agent, hold, card: cardDelivery(copies), newId, now });
      }),
    reportOutcome: (id, agent, outcome) =>
      changeEscalation(context, id, (before, now) => {
        if (before.agent !== agent.id) return no({ code: "not_found", what: "such escalation" });
        const reported = { ...outcome, at: now };
        return counting(reportOutcome(before, reported), countOutcome(before, reported, agent));
      }),
  };
}

function counting(made: Result<Step, Refusal>, counts: readonly Count[]): Result<Step, Refusal> {
  return made.ok ? yes({ ...made.value, counts }) : made;
}
