/** Lets an agent confirm that it has stopped; a hold of the whole agent that is not confirmed says so on its card. */
import type { Agent } from "../domain/agent.ts";
import type { Hold } from "../domain/hold.ts";
import { CONFIRMED, due } from "../domain/job.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import type { Step } from "../domain/step.ts";
import type { Context } from "./context.ts";
import type { HoldIndex } from "./ports.ts";

export type AcknowledgeState = (input: {
  readonly agent: Agent;
  readonly version: number;
}) => Promise<Result<{ readonly body: object }, Refusal>>;

export function acknowledgeState(context: Context, index: HoldIndex): AcknowledgeState {
  return async ({ agent, version }) => {
    for (;;) {
      const state = index.of(agent.id);
      if (version > state.version) {
        const detail = `the version of this agent's state is ${state.version}: read GET /v1/state and confirm what it says`;
        return no({ code: "invalid", problems: [{ pointer: "/version", detail }] });
      }
      // An older version confirms nothing about the holds placed since: the agent has not seen them. A fleet hold is not
      // one agent's to confirm.
      const own = version === state.version ? state.holds.filter((hold) => hold.agent === agent.id) : [];
      const unconfirmed = own.filter((hold) => hold.confirmedAt === null);
      const saved =
        unconfirmed.length > 0 ? await context.store.save(confirmed(context, agent, unconfirmed)) : "saved";
      // A conflict: one of them was released meanwhile, so the version has moved on.
      if (saved === "conflict") continue;
      return yes({
        body: { agent: agent.id, version: state.version, confirmed: unconfirmed.map(({ id }) => id) },
      });
    }
  };
}

function confirmed(context: Context, agent: Agent, holds: readonly Hold[]): Step {
  const at = context.clock.now();
  const actor = { kind: "agent" as const, id: agent.id };
  return {
    holds: holds.map((hold) => ({ change: "confirm", hold, at })),
    jobs: holds.flatMap((hold) => (hold.escalation ? [due("publish", hold.escalation, at, CONFIRMED)] : [])),
    audit: holds.map((hold) => ({
      at,
      kind: "hold.confirmed",
      actor,
      agent: agent.id,
      detail: { hold: hold.id },
    })),
  };
}
