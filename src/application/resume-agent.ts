/** Resumes what was paused: only owner, deputy or an administrator, and never while a request still waits for a decision. */
import type { Agent } from "../domain/agent.ts";
import type { AuditActor } from "../domain/audit.ts";
import { authorize, mayPause } from "../domain/escalation/authorize.ts";
import { auditActor } from "../domain/escalation/decide.ts";
import type { Hold } from "../domain/hold.ts";
import { type AgentId, FLEET, type HoldId } from "../domain/ids.ts";
import { lapse, resume } from "../domain/pause.ts";
import { type Actor, type Named, named } from "../domain/people.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import { type Context, newCallbackId } from "./context.ts";

export interface Resumed {
  readonly released: readonly Hold[];
  /** Holds that stay, because a request behind each still waits for a decision. */
  readonly waiting: readonly Hold[];
}

export interface ResumeAgent {
  /** Null: the fleet stop. */
  byPerson(actor: Actor, agent: Agent | null): Promise<Result<Resumed, Refusal>>;
  /** One hold, by an administrator's key. */
  byKey(by: Named, agent: AgentId, hold: HoldId): Promise<Result<Hold, Refusal>>;
  /** The end that a person named when they paused has come. */
  lapse(hold: HoldId): Promise<void>;
}

export function resumeAgent(context: Context): ResumeAgent {
  const { store, people } = context;

  /** A hold whose escalation is open is released by its decision and by nothing else. */
  async function behind(hold: Hold): Promise<"open" | "settled"> {
    const escalation = hold.escalation ? await store.escalations.find(hold.escalation) : undefined;
    return escalation?.status === "open" ? "open" : "settled";
  }

  async function release(
    holds: readonly Hold[],
    agent: Agent | null,
    by: Named,
    actor: AuditActor,
  ): Promise<void> {
    const agents = await toldWith(agent);
    const now = context.clock.now();
    await store.save(resume(holds, { agents, by, actor, now, newId: () => newCallbackId(context) }));
  }

  /** The agent itself; everyone where it is the fleet's. */
  async function toldWith(agent: Agent | null): Promise<readonly Agent[]> {
    return agent ? [agent] : store.agents.all();
  }

  return {
    async byPerson(actor, agent) {
      const stranger = mayPause(actor);
      if (stranger) return no(stranger);
      const all = await store.agents.all();
      const refusals = (agent ? [agent] : all).map((one) =>
        authorize(actor, "resume", { charter: one.charter, people }),
      );
      // The fleet may be resumed by an administrator, or by somebody who may resume every agent in it.
      const refused = refusals.find((refusal) => refusal !== null);
      if (refused) return no(refused);
      const holds = await store.holds.activeOf(agent?.id ?? FLEET);
      const own = holds.filter((hold) => hold.agent === (agent?.id ?? FLEET));
      const states = await Promise.all(own.map(behind));
      const released = own.filter((_, at) => states[at] === "settled");
      const waiting = own.filter((_, at) => states[at] === "open");
      if (own.length === 0) return no({ code: "not_held", agent: agent?.name ?? "The fleet" });
      if (released.length === 0) return no({ code: "still_open" });
      await release(released, agent, named(actor), auditActor(actor));
      return yes({ released, waiting });
    },
    async byKey(by, owner, id) {
      const hold = await store.holds.find(id);
      if (!hold || hold.agent !== owner || hold.releasedAt !== null)
        return no({ code: "not_found", what: "such active hold" });
      if ((await behind(hold)) === "open") return no({ code: "still_open" });
      const agent = (await store.agents.find(hold.agent)) ?? null;
      await release([hold], agent, by, { kind: "person", ...by, surface: "api" });
      return yes(hold);
    },
    async lapse(id) {
      const hold = await store.holds.find(id);
      if (!hold) return;
      const agent = (await store.agents.find(hold.agent)) ?? null;
      const agents = await toldWith(agent);
      const step = lapse(hold, { agents, now: context.clock.now(), newId: () => newCallbackId(context) });
      if (step) await store.save(step);
    },
  };
}
