/** What has to be true after each decision, checked on what can be seen from outside; the first thing that is not ends the demo. */
import { type Action, digestOf, type Leave } from "./agent.ts";
import { AGENTS, type AgentId, type CastMember } from "./cast.ts";
import type { Hands } from "./chat.ts";
import type { Narrator } from "./narrator.ts";
import type { Stage } from "./stage.ts";
import type { Decision } from "./wire.ts";

/** Words as the cards have them. */
const PAST: Readonly<Record<Decision["verdict"], string>> = {
  approve: "Approved",
  edit: "Edited and approved",
  reject: "Rejected",
  respond: "Answered",
  dismiss: "Dismissed",
};

/** Throws with the sentence that turned out to be untrue. */
export function insist(holds: boolean, sentence: string, seen?: unknown): void {
  if (!holds)
    throw new Error(`Not so: ${sentence}${seen === undefined ? "" : `. Instead: ${JSON.stringify(seen)}`}`);
}

export function proofsFor({
  stage,
  hands,
  narrator,
}: {
  readonly stage: Stage;
  readonly hands: Hands;
  readonly narrator: Narrator;
}) {
  const prove = (holds: boolean, sentence: string, seen?: unknown) => {
    insist(holds, sentence, seen);
    narrator.proven(sentence);
  };

  /** The decision, as the agent was told it, and as it stands everywhere else. */
  async function decided(
    agent: AgentId,
    leave: Leave,
    expected: { readonly verdict: Decision["verdict"]; readonly by: CastMember },
  ): Promise<void> {
    const { escalation, decision } = leave;
    if (!escalation || !decision) throw new Error(`Not so: somebody decided on what ${AGENTS[agent]} asked`);
    const { verdict, by } = expected;
    const word = PAST[verdict];
    prove(
      decision.verdict === verdict &&
        decision.by.id === by.id &&
        decision.surface === stage.chat.name.toLowerCase(),
      `long-poll: ${word.toLowerCase()} by ${by.name}, in ${stage.chat.name}`,
      decision,
    );
    const told = await stage.inbox.told(escalation.id);
    prove(
      told.type === "escalation.decided" &&
        JSON.stringify(told.data.decision) === JSON.stringify(decision) &&
        stage.inbox.refused() === 0,
      "callback: the same decision; standardwebhooks finds its signature valid",
      told,
    );
    await cardSays(escalation.id, expected, decision);
  }

  /** Whatever stands for it in chat: what was decided, by whom and when, and nothing left to press. */
  async function cardSays(
    about: string,
    { verdict, by }: { readonly verdict: Decision["verdict"]; readonly by: CastMember },
    decision: Decision | null,
  ): Promise<void> {
    const word = PAST[verdict];
    const at = decision && Date.parse(decision.at);
    const labels = await hands.settled({ word, by, at, about });
    const left = labels.filter((label) => label !== "Open in the console");
    prove(left.length === 0, `card: “${word} by ${by.name}” and when; nothing left to press`, left);
  }

  return {
    prove,
    decided,
    cardSays,

    /** One digest on the request, the decision, the callback and what was really done. */
    async digests(leave: Leave, done: Action | undefined): Promise<void> {
      const { escalation, decision } = leave;
      if (!escalation || !decision || !done) throw new Error("Not so: something was decided on, and done");
      const told = await stage.inbox.told(escalation.id);
      const all = [decision.action_digest, told.data.decision?.action_digest, digestOf(done)];
      if (decision.verdict === "approve") all.unshift(escalation.action_digest);
      const one = new Set(all).size === 1;
      const where =
        decision.verdict === "approve"
          ? "request, decision, callback and deed"
          : "decision, callback and deed";
      prove(one, `digest: one on ${where}, ${String(decision.action_digest).slice(0, 19)}…`, all);
    },

    async running(agent: AgentId): Promise<void> {
      const { state } = await stage.stateOf(agent);
      prove(state === "running", `${AGENTS[agent]} is running again`, state);
    },

    /** While nobody has decided: the whole agent, or only what it asked about. */
    async held(agent: AgentId, scope: string | undefined): Promise<void> {
      const { state, narrower } = await stage.stateOf(agent);
      if (scope === "agent")
        prove(state === "held", `${AGENTS[agent]} is held until somebody decides`, state);
      else
        prove(
          state === "running" && narrower > 0,
          `only this waits; ${AGENTS[agent]} goes on with the rest`,
          { state, narrower },
        );
    },
  };
}
export type Proofs = ReturnType<typeof proofsFor>;
