/** Records a person's decision: the one door every click goes through, whatever the surface. */
import { authorize } from "../domain/authorize.ts";
import { cardDelivery } from "../domain/copy.ts";
import { auditActor, type Deciding, decide } from "../domain/decide.ts";
import type { Escalation } from "../domain/escalation.ts";
import type { EscalationId } from "../domain/ids.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import { activeHold, agentOf, type Context, newCallbackId } from "./context.ts";

/** A conflict means that somebody was quicker: then it is read again, and the answer says who. */
const TRIES = 20;

export type RecordDecision = (
  id: EscalationId,
  deciding: Omit<Deciding, "now">,
) => Promise<Result<Escalation, Refusal>>;

export function recordDecision(context: Context): RecordDecision {
  return async (id, input) => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const before = await context.store.escalations.find(id);
      if (!before) return no({ code: "not_found", what: "such request" });
      const agent = await agentOf(context, before.agent);
      const deciding: Deciding = { ...input, now: context.clock.now() };
      const refused = authorize(input.actor, input.verdict, {
        charter: agent.charter,
        people: context.people,
        escalation: before,
      });
      if (refused) {
        await context.store.save({
          audit: [
            {
              at: deciding.now,
              kind: "gesture.refused",
              actor: auditActor(input.actor),
              agent: agent.id,
              escalation: id,
              detail: { verb: input.verdict, code: refused.code },
            },
          ],
        });
        return no(refused);
      }
      const step = decide(before, deciding, {
        agent,
        hold: await activeHold(context, before),
        card: cardDelivery(await context.store.copies.of(id)),
        checkArgs: (args) => context.checkArgs(before.request.args_schema, args),
        sha256: context.sha256,
        newId: () => newCallbackId(context),
      });
      if (!step.ok) return step;
      if ((await context.store.save(step.value)) === "saved")
        return yes(step.value.escalation?.after ?? before);
    }
    return no({ code: "busy" });
  };
}
