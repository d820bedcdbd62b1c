/** Records a person's decision: the one door every click goes through, whatever the surface. */

import { cardDelivery } from "../domain/delivery/copy.ts";
import { authorize } from "../domain/escalation/authorize.ts";
import { auditActor, type Deciding, decide } from "../domain/escalation/decide.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { EscalationId } from "../domain/ids.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result } from "../domain/result.ts";
import { activeHold, agentOf, type Context, changeEscalation, newCallbackId } from "./context.ts";

export type RecordDecision = (
  id: EscalationId,
  deciding: Omit<Deciding, "now">,
) => Promise<Result<Escalation, Refusal>>;

export function recordDecision(context: Context): RecordDecision {
  return (id, input) =>
    changeEscalation(context, id, async (before, now) => {
      const agent = await agentOf(context, before.agent);
      const refused = authorize(input.actor, input.verdict, {
        charter: agent.charter,
        people: context.people,
        escalation: before,
      });
      if (refused) {
        await noteRefusal(context, before, input, refused, now);
        return no(refused);
      }
      return decide(
        before,
        { ...input, now },
        {
          agent,
          hold: await activeHold(context, before),
          card: cardDelivery(await context.store.copies.of(id)),
          platforms: context.platforms,
          checkArgs: (args) => context.checkArgs(before.request.args_schema, args),
          sha256: context.sha256,
          newId: () => newCallbackId(context),
        },
      );
    });
}

/** Who tried what they may not is part of the trail. */
async function noteRefusal(
  context: Context,
  { id: escalation, agent }: Escalation,
  { actor, verdict: verb }: Omit<Deciding, "now">,
  { code }: Refusal,
  at: number,
): Promise<void> {
  const by = auditActor(actor);
  await context.store.save({
    audit: [{ at, kind: "gesture.refused", actor: by, agent, escalation, detail: { verb, code } }],
  });
}
