/** Pauses an agent, one of its scopes, or the fleet: anybody who is a member may, so the pause row comes first. */

import type { Agent } from "../domain/agent.ts";
import type { AuditActor } from "../domain/audit.ts";
import { mayPause } from "../domain/escalation/authorize.ts";
import { auditActor } from "../domain/escalation/decide.ts";
import { type Hold, parseScope, type Scope } from "../domain/hold.ts";
import { type AgentId, FLEET } from "../domain/ids.ts";
import { pause } from "../domain/pause.ts";
import { type Actor, type Named, named } from "../domain/people.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import { type Context, newCallbackId, newHoldId } from "./context.ts";

export interface Pausing {
  /** Null: the fleet. */
  readonly agent: Agent | null;
  readonly scope: Scope;
  readonly reason: string;
  /** Milliseconds from now; null: until somebody resumes. */
  readonly forMs: number | null;
}

/** What an administrator's key asks for, in the words of the wire. */
export interface Placing {
  /** `all`: the fleet. */
  readonly agent: AgentId;
  /** `agent` where absent; `subject:contact:123` and the like. */
  readonly scope?: string | undefined;
  readonly reason: string;
  /** Milliseconds; absent: until somebody releases it. */
  readonly for?: number | undefined;
  readonly by: Named;
}

export interface PauseAgent {
  /** By a person on any surface. */
  byPerson(actor: Actor, pausing: Pausing): Promise<Result<Hold, Refusal>>;
  byKey(placing: Placing): Promise<Result<Hold, Refusal>>;
}

export function pauseAgent(context: Context): PauseAgent {
  const place = async (
    by: Named,
    actor: AuditActor,
    { forMs, agent, ...pausing }: Pausing,
  ): Promise<Hold> => {
    const now = context.clock.now();
    const until = forMs === null ? null : now + forMs;
    const id = newHoldId(context);
    const { hold, step } = pause({
      ...pausing,
      agent: agent?.id ?? null,
      agents: agent ? [agent] : await context.store.agents.all(),
      id,
      by,
      actor,
      until,
      now,
      newId: () => newCallbackId(context),
    });
    await context.store.save(step);
    return hold;
  };
  return {
    async byPerson(actor, pausing) {
      const refused = mayPause(actor);
      return refused ? no(refused) : yes(await place(named(actor), auditActor(actor), pausing));
    },
    async byKey(placing) {
      const agent =
        placing.agent === FLEET ? null : ((await context.store.agents.find(placing.agent)) ?? undefined);
      if (agent === undefined) return no({ code: "not_found", what: "such agent" });
      const scope = parseScope(placing.scope ?? (agent ? "agent" : "fleet"));
      if (!scope || (scope.kind === "fleet") !== (agent === null)) {
        const detail = agent
          ? "agent, subject:<type>:<id>, capability:<action> or action:sha256:…"
          : "the fleet has no narrower scope: leave it out";
        return no({ code: "invalid", problems: [{ pointer: "/scope", detail }] });
      }
      const pausing: Pausing = { agent, scope, reason: placing.reason, forMs: placing.for ?? null };
      return yes(await place(placing.by, { kind: "person", ...placing.by, surface: "api" }, pausing));
    },
  };
}
