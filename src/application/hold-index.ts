/** Every active hold in memory: what an agent asks before each action is answered without the store. */
import type { Hold } from "../domain/hold.ts";
import { type AgentId, FLEET } from "../domain/ids.ts";
import type { HoldChange } from "../domain/step.ts";
import type { HoldIndex, Store } from "./ports.ts";

/** Loads the active holds once and is kept true by every commit, before the commit is answered. */
export async function createHoldIndex(store: Pick<Store, "holds" | "onCommit">): Promise<HoldIndex> {
  const holds = new Map<string, Map<string, Hold>>();
  const versions = new Map(await store.holds.versions());
  const known = new Map<AgentId, { readonly holds: readonly Hold[]; readonly version: number }>();

  const put = (hold: Hold) => {
    const own = holds.get(hold.agent) ?? new Map<string, Hold>();
    holds.set(hold.agent, own.set(hold.id, hold));
  };
  const apply = (change: HoldChange) => {
    const { hold } = change;
    switch (change.change) {
      case "place":
        put(hold);
        break;
      case "release":
        holds.get(hold.agent)?.delete(hold.id);
        break;
      case "keep":
        put({ ...hold, escalation: null, placedBy: change.by, reason: change.reason });
        break;
      case "confirm":
        put({ ...hold, confirmedAt: change.at });
        return; // what is held did not change, so its version does not either
    }
    versions.set(hold.agent, (versions.get(hold.agent) ?? 0) + 1);
  };

  for (const hold of await store.holds.active()) put(hold);
  store.onCommit((step) => {
    if (!step.holds?.length) return;
    for (const change of step.holds) apply(change);
    known.clear();
  });

  const of = (agent: AgentId) => {
    const own = [
      ...(holds.get(FLEET)?.values() ?? []),
      ...(agent === FLEET ? [] : (holds.get(agent)?.values() ?? [])),
    ];
    const version = (versions.get(FLEET) ?? 0) + (agent === FLEET ? 0 : (versions.get(agent) ?? 0));
    return { holds: own.sort((a, b) => a.placedAt - b.placedAt), version };
  };
  return {
    of(agent) {
      const answer = known.get(agent) ?? of(agent);
      known.set(agent, answer);
      return answer;
    },
  };
}
