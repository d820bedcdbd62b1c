/** Pausing, which anybody may; resuming, which few may; and the lapse of a pause whose end a person named. */
import type { Agent } from "./agent.ts";
import { type AuditActor, SYSTEM } from "./audit.ts";
import { tellHold } from "./delivery/callback.ts";
import { concerns, type Hold, type Scope } from "./hold.ts";
import { type AgentId, FLEET, type HoldId } from "./ids.ts";
import { due } from "./job.ts";
import type { Named } from "./people.ts";
import { countHeld, countPaused } from "./review/counts.ts";
import type { Step } from "./step.ts";

export interface Pausing {
  readonly id: HoldId;
  /** Null: the fleet. */
  readonly agent: AgentId | null;
  /** Who is told of it at an address of their own: the agent, or everyone in the fleet. */
  readonly agents: readonly Agent[];
  readonly scope: Scope;
  readonly by: Named;
  readonly actor: AuditActor;
  readonly reason: string;
  /** Absolute milliseconds; null: until somebody resumes. */
  readonly until: number | null;
  readonly now: number;
  readonly newId: () => string;
}

export function pause(pausing: Pausing): { readonly hold: Hold; readonly step: Step } {
  const { now, agent } = pausing;
  const hold: Hold = {
    ...{ id: pausing.id, agent: agent ?? FLEET, scope: pausing.scope, reason: pausing.reason },
    ...{ placedBy: pausing.by, placedAt: now, until: pausing.until, escalation: null },
    ...{ confirmedAt: null, releasedAt: null, releasedBy: null },
  };
  const told = pausing.agents.map((one) =>
    tellHold(hold, "hold.placed", { agent: one, id: pausing.newId(), now }),
  );
  const lapse = pausing.until === null ? [] : [due("lapse", hold.id, pausing.until)];
  const detail = { hold: hold.id, scope: hold.scope, until: hold.until };
  const byPerson = pausing.actor.kind === "person";
  return {
    hold,
    step: {
      holds: [{ change: "place", hold }],
      callbacks: told.flatMap((one) => one.callbacks),
      jobs: [...lapse, ...told.flatMap((one) => one.jobs)],
      counts: byPerson && agent ? pausing.agents.flatMap((one) => countPaused(one, now)) : [],
      audit: [{ at: now, kind: "hold.placed", actor: pausing.actor, agent: hold.agent, detail }],
    },
  };
}

/** Releases holds that no open escalation stands behind. */
export function resume(
  holds: readonly Hold[],
  facts: {
    readonly agents: readonly Agent[];
    readonly by: Named;
    readonly actor: AuditActor;
    readonly now: number;
    readonly newId: () => string;
  },
): Step {
  const { by, actor, now, agents } = facts;
  const told = holds.flatMap((hold) =>
    agents.map((agent) => tellHold(hold, "hold.released", { agent, id: facts.newId(), now })),
  );
  return {
    holds: holds.map((hold) => ({ change: "release", hold, by, at: now })),
    callbacks: told.flatMap((one) => one.callbacks),
    jobs: told.flatMap((one) => one.jobs),
    counts: holds.flatMap((hold) =>
      agents.filter(({ id }) => concerns(hold, id)).flatMap((agent) => countHeld(hold, agent, now)),
    ),
    audit: holds.map((hold) => ({
      at: now,
      kind: "hold.released",
      actor,
      agent: hold.agent,
      detail: { hold: hold.id },
    })),
  };
}

/** The end that a person named when they paused has come; undefined while it lies ahead or when the hold is gone. */
export function lapse(
  hold: Hold,
  facts: { readonly agents: readonly Agent[]; readonly now: number; readonly newId: () => string },
): Step | undefined {
  if (hold.releasedAt !== null || hold.until === null || facts.now < hold.until) return undefined;
  const actor = { ...SYSTEM, name: `${hold.placedBy.name}, who set the end when pausing` };
  return resume([hold], { ...facts, by: hold.placedBy, actor });
}
