/** Puts a charter in force: a new version where anything changed, nothing where it is the same. */

import type { Agent } from "../domain/agent.ts";
import { type AgentSettings, peopleNamedIn } from "../domain/charter/charter.ts";
import { canonicalJson } from "../domain/escalation/action-digest.ts";
import type { AgentId } from "../domain/ids.ts";
import type { Named } from "../domain/people.ts";
import type { FieldProblem, Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import { type ReadCron, reviewProblems } from "../domain/review/review-schedule.ts";
import type { Context } from "./context.ts";
import type { PlanDigests } from "./plan-digests.ts";

export interface Applied {
  readonly agent: Agent;
  readonly created: boolean;
  readonly changed: boolean;
}

export type ApplyCharter = (input: {
  readonly settings: AgentSettings;
  readonly by: Named;
  /** The version it is to follow; where another one is in force by now, nothing is changed. */
  readonly over?: number;
}) => Promise<Result<Applied, Refusal>>;

export function applyCharter(context: Context, plan: PlanDigests, readCron: ReadCron): ApplyCharter {
  return async ({ settings, by, over }) => {
    const problems = [...strangersIn(context, settings), ...unreadableIn(settings, readCron)];
    if (problems.length > 0) return no({ code: "invalid", problems });
    for (;;) {
      const before = await context.store.agents.find(settings.id as AgentId);
      if (over !== undefined && before?.charterVersion !== over) return no({ code: "charter_changed" });
      const now = context.clock.now();
      const after: Agent = {
        id: settings.id as AgentId,
        name: settings.name ?? settings.id,
        environment: settings.environment,
        callbackUrl: settings.callback_url ?? null,
        charterVersion: (before?.charterVersion ?? 0) + 1,
        charter: settings.charter,
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
      };
      if (before && isInForce(before, settings))
        return yes({ agent: before, created: false, changed: false });
      const saved = await context.store.save({
        agent: { before: before?.charterVersion ?? 0, after, by },
        jobs: await plan([after]),
        audit: [
          {
            at: now,
            kind: "agent.chartered",
            actor: { kind: "person", ...by },
            agent: after.id,
            detail: {
              version: after.charterVersion,
              digest: `sha256:${context.sha256(canonicalJson(after.charter))}`,
            },
          },
        ],
      });
      if (saved === "saved") return yes({ agent: after, created: !before, changed: true });
    }
  };
}

/** A charter may name only people who can be asked: an unknown one would leave its agent without an owner. */
export function strangersIn(
  context: Pick<Context, "people">,
  settings: AgentSettings,
): readonly FieldProblem[] {
  return peopleNamedIn(settings.charter).flatMap(({ id, pointer }) =>
    context.people.find(id)
      ? []
      : [
          {
            pointer: `/charter${pointer}`,
            detail: "nobody in the people list of holdpoint.yaml has this id: add them there first",
          },
        ],
  );
}

/** A rhythm that nobody can read would be a review that never takes place. */
function unreadableIn({ charter }: AgentSettings, readCron: ReadCron): readonly FieldProblem[] {
  return reviewProblems(charter, readCron).map(({ pointer, detail }) => ({
    ...{ pointer: `/charter${pointer}`, detail },
  }));
}

/** Whether an agent stands just as its settings say, so that there is nothing to change. */
export function isInForce(
  agent: Agent,
  { id, name, environment, callback_url, charter }: AgentSettings,
): boolean {
  return (
    agent.name === (name ?? id) &&
    agent.environment === environment &&
    agent.callbackUrl === (callback_url ?? null) &&
    canonicalJson(agent.charter) === canonicalJson(charter)
  );
}
