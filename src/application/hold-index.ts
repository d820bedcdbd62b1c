/** Every active hold in memory: what an agent asks before each action is answered without the store. */
import type { Hold } from "../domain/hold.ts";
import { type AgentId, FLEET, type HoldId } from "../domain/ids.ts";
import type { HoldChange } from "../domain/step.ts";
import type { HoldIndex, Store } from "./ports.ts";

interface State {
  version: number;
  readonly holds: Map<string, Hold>;
}

/** What every agent hears while nobody can tell what is held: it is no version of a state, so it equals none. */
const UNKNOWN_VERSION = -1;
const UNKNOWN: Hold = {
  id: "hold_unknown" as HoldId,
  agent: FLEET,
  scope: { kind: "fleet" },
  reason: "Holdpoint has lost touch with its database and can't tell what is held: stop until it can.",
  placedBy: { id: "holdpoint", name: "Holdpoint" },
  placedAt: 0,
  until: null,
  escalation: null,
  confirmedAt: null,
  releasedAt: null,
  releasedBy: null,
};

/**
 * Loads the active holds once and is kept true by every commit, before the commit is answered; what other replicas commit
 * is read again when they tell of it. Where that fails, the answer is “held”.
 */
export async function createHoldIndex(
  store: Pick<Store, "holds" | "onCommit" | "onElsewhere" | "current">,
): Promise<HoldIndex> {
  const states = new Map<AgentId, State>();
  const known = new Map<AgentId, ReturnType<HoldIndex["of"]>>();
  /** Our own commits since the reading that is under way began, which may be older than they are; undefined while none is. */
  let meanwhile: { readonly change: HoldChange; readonly version: number | undefined }[] | undefined;
  let reading = Promise.resolve();
  let next: Promise<void> | undefined;
  let wanted: ReadonlySet<AgentId> | "all" = new Set();

  function apply(change: HoldChange, version: number | undefined): void {
    const { hold } = change;
    const { agent, id } = hold;
    const state = states.get(agent) ?? { version: 0, holds: new Map<string, Hold>() };
    states.set(agent, state);
    // A reading that came between the commit and this call has it already.
    if (version !== undefined && version <= state.version) return;
    state.version = version ?? state.version;
    switch (change.change) {
      case "place":
        state.holds.set(id, hold);
        return;
      case "release":
        state.holds.delete(id);
        return;
      case "keep":
        state.holds.set(id, { ...hold, escalation: null, placedBy: change.by, reason: change.reason });
        return;
      case "confirm":
        if (state.holds.has(id)) state.holds.set(id, { ...hold, confirmedAt: change.at });
    }
  }

  async function read(agents: readonly AgentId[] | "all"): Promise<void> {
    const since: NonNullable<typeof meanwhile> = [];
    meanwhile = since;
    try {
      for (const [agent, { version, holds }] of await store.holds.standing(agents)) {
        states.set(agent, { version, holds: new Map(holds.map((hold) => [hold.id, hold])) });
      }
    } finally {
      meanwhile = undefined;
    }
    for (const { change, version } of since) apply(change, version);
    known.clear();
  }

  /** One reading at a time; who asks during one waits for the next, which serves all of them. */
  function refresh(agents: readonly AgentId[] | "all"): Promise<void> {
    wanted = wanted === "all" || agents === "all" ? "all" : new Set([...wanted, ...agents]);
    next ??= reading
      .catch(() => {})
      .then(() => {
        const these = wanted === "all" ? "all" : [...wanted];
        wanted = new Set();
        next = undefined;
        reading = read(these);
        return reading;
      });
    return next;
  }

  store.onCommit((step, versions) => {
    if (!step.holds?.length) return;
    for (const [at, change] of step.holds.entries()) {
      apply(change, versions[at]);
      meanwhile?.push({ change, version: versions[at] });
      if (change.hold.agent === FLEET) known.clear();
      else known.delete(change.hold.agent);
    }
  });
  store.onElsewhere((news) => {
    if (news === "anything") return refresh("all");
    if (news.holds.length > 0) return refresh(news.holds);
  });
  await refresh("all");

  const of = (agent: AgentId) => {
    const fleet = states.get(FLEET);
    const mine = agent === FLEET ? undefined : states.get(agent);
    const holds = [...(fleet?.holds.values() ?? []), ...(mine?.holds.values() ?? [])];
    return {
      holds: holds.sort((a, b) => a.placedAt - b.placedAt),
      version: (fleet?.version ?? 0) + (mine?.version ?? 0),
    };
  };
  return {
    of(agent) {
      if (!store.current()) return { holds: [UNKNOWN], version: UNKNOWN_VERSION };
      const answer = known.get(agent) ?? of(agent);
      known.set(agent, answer);
      return answer;
    },
  };
}
