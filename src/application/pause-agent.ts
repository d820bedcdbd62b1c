/** Pauses an agent, one of its scopes, or the fleet: anybody who is a member may, so the pause row comes first. */
import { authorize } from "../domain/authorize.ts";
import { auditActor } from "../domain/decide.ts";
import type { Agent } from "../domain/agent.ts";
import type { AuditActor } from "../domain/audit.ts";
import type { Hold, Scope } from "../domain/hold.ts";
import { type Actor, type Named, named } from "../domain/people.ts";
import { pause } from "../domain/pause.ts";
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

export interface PauseAgent {
  /** By a person on any surface. */
  byPerson(actor: Actor, pausing: Pausing): Promise<Result<Hold, Refusal>>;
  /** By an administrator's key. */
  byKey(by: Named, pausing: Pausing): Promise<Hold>;
}

export function pauseAgent(context: Context): PauseAgent {
  const place = async (by: Named, actor: AuditActor, { forMs, ...pausing }: Pausing): Promise<Hold> => {
    const now = context.clock.now();
    const until = forMs === null ? null : now + forMs;
    const id = newHoldId(context);
    const { hold, step } = pause({ ...pausing, id, by, actor, until, now, newId: () => newCallbackId(context) });
    await context.store.save(step);
    return hold;
  };
  return {
    async byPerson(actor, pausing) {
      const [anyone] = await context.store.agents.all();
      const charter = (pausing.agent ?? anyone)?.charter;
      const refused = charter ? authorize(actor, "pause", { charter, people: context.people }) : null;
      return refused ? no(refused) : yes(await place(named(actor), auditActor(actor), pausing));
    },
    byKey: (by, pausing) => place(by, { kind: "person", ...by, surface: "api" }, pausing),
  };
}
