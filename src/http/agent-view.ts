/** How agents look on the wire; a charter reads as it was written, so that what GET gives can be changed and PUT back. */
import type { Agent, Key } from "../domain/agent.ts";
import type { Charter } from "../domain/charter/charter.ts";
import { covers, type Hold } from "../domain/hold.ts";
import { DAY, HOUR, MINUTE, rfc3339, SECOND } from "../domain/time/time.ts";

export function agentView(agent: Agent, holds: readonly Hold[]) {
  return {
    id: agent.id,
    name: agent.name,
    environment: agent.environment,
    callback_url: agent.callbackUrl,
    charter_version: agent.charterVersion,
    owner: agent.charter.ownership.owner,
    state: holds.some((hold) => covers(hold, {})) ? "held" : "running",
    created_at: rfc3339(agent.createdAt),
    updated_at: rfc3339(agent.updatedAt),
  };
}

export function agentViewInFull(
  agent: Agent,
  facts: {
    readonly holds: readonly Hold[];
    readonly versions: readonly { readonly version: number; readonly by: string; readonly at: number }[];
    readonly keys: readonly Key[];
  },
) {
  return {
    ...agentView(agent, facts.holds),
    charter: charterAsWritten(agent.charter),
    charter_versions: facts.versions.map(({ version, by, at }) => ({ version, by, at: rfc3339(at) })),
    keys: facts.keys.map((key) => ({ id: key.id, created_at: rfc3339(key.createdAt) })),
  };
}

/** Durations are milliseconds inside, and `15m` on paper. */
export function charterAsWritten(charter: Charter) {
  const { constraints, triggers, review, ownership } = charter;
  const { metric_deviation, repeated_contact } = triggers;
  return {
    ...charter,
    constraints: {
      ...constraints,
      frequency: constraints.frequency.map((limit) => ({ ...limit, per: written(limit.per) })),
    },
    triggers: {
      ...triggers,
      ...(metric_deviation && {
        metric_deviation: { ...metric_deviation, within: written(metric_deviation.within) },
      }),
      ...(repeated_contact && {
        repeated_contact: { ...repeated_contact, within: written(repeated_contact.within) },
      }),
    },
    review: {
      ...review,
      ...(review.unsigned && { unsigned: { hold_after: written(review.unsigned.hold_after) } }),
    },
    ownership: {
      ...ownership,
      respond_within: Object.fromEntries(
        Object.entries(ownership.respond_within).map(([severity, ms]) => [severity, written(ms)]),
      ),
    },
  };
}

/** In the largest unit that leaves no rest: durations are whole seconds. */
function written(ms: number): string {
  if (ms % DAY === 0) return `${ms / DAY}d`;
  if (ms % HOUR === 0) return `${ms / HOUR}h`;
  if (ms % MINUTE === 0) return `${ms / MINUTE}m`;
  return `${ms / SECOND}s`;
}
