/** The budget each agent reported last: kept in memory, and written down once a minute at most. */

import type { Signal } from "../domain/escalation/request.ts";
import type { AgentId } from "../domain/ids.ts";
import type { Present } from "../domain/review/digest.ts";
import type { Notes } from "./ports.ts";

type Budget = NonNullable<Present["budget"]>;

export interface LatestBudgets {
  /** Costs no more than a place in a map: a signal that may proceed writes nothing to the store. */
  saw(agent: AgentId, signal: Signal | undefined, at: number): void;
  of(agent: AgentId): Promise<Budget | null>;
  /** Writes down what was reported since the last time. Somebody calls it now and then, and before the end. */
  flush(): Promise<void>;
}

/** What a crash takes is a minute of reports, and the next report makes it good. */
export function createLatestBudgets(notes: Notes): LatestBudgets {
  const latest = new Map<AgentId, Budget>();
  const unwritten = new Set<AgentId>();
  const noteOf = (agent: AgentId) => `budget:${agent}`;

  return {
    saw(agent, signal, at) {
      if (!signal?.budget) return;
      latest.set(agent, { ...signal.budget, at });
      unwritten.add(agent);
    },
    async of(agent) {
      const text = await notes.get(noteOf(agent));
      const written = text === undefined ? null : (JSON.parse(text) as Budget);
      const seen = latest.get(agent) ?? null;
      // Another replica may have heard of it since.
      return seen && written && written.at > seen.at ? written : (seen ?? written);
    },
    async flush() {
      const agents = [...unwritten];
      unwritten.clear();
      await Promise.all(agents.map((agent) => notes.set(noteOf(agent), JSON.stringify(latest.get(agent)))));
    },
  };
}
