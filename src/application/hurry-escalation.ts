/** Asks the next people of the chain before their time, because the agent says it can't wait. */
import { askSooner } from "../domain/chain/advance.ts";
import type { AgentId, EscalationId } from "../domain/ids.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import { type Context, whoIsThere } from "./context.ts";

const TRIES = 20;

/** False: it is settled, or the last people of the chain are being asked already, and nothing was changed. */
export type HurryEscalation = (id: EscalationId, agent: AgentId) => Promise<Result<boolean, Refusal>>;

export function hurryEscalation(context: Pick<Context, "store" | "people" | "clock">): HurryEscalation {
  return async (id, agent) => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const before = await context.store.escalations.find(id);
      if (before?.agent !== agent) return no({ code: "not_found", what: "such escalation" });
      const step = askSooner(before, await whoIsThere(context));
      if (!step) return yes(false);
      if ((await context.store.save(step)) === "saved") return yes(true);
    }
    return no({ code: "busy" });
  };
}
