/** Answers "digest weekly": the digest as it would be made today, for whoever asks and about their agents. */
import type { Agent } from "../domain/agent.ts";
import type { Actor } from "../domain/people.ts";
import type { DigestKind } from "../domain/review/digest.ts";
import type { Context } from "./context.ts";
import type { DrawDigest } from "./draw-digest.ts";
import type { MakeDigest } from "./make-digest.ts";
import type { Answer } from "./ports.ts";

/** `agent`: about that one; null: about those they own or stand in for and, for whoever has none, about all. */
export type AnswerDigest = (actor: Actor, kind: DigestKind, agent: Agent | null) => Promise<Answer>;

/** Of more agents, a person reads no digest. */
const MOST_AGENTS = 50;

export function answerDigest(
  { store }: Pick<Context, "store">,
  { make, draw }: { readonly make: Pick<MakeDigest, "forPerson">; readonly draw: DrawDigest },
): AnswerDigest {
  return async (actor, kind, agent) => {
    const agents = agent ? [agent] : theirs(actor, await store.agents.all()).slice(0, MOST_AGENTS);
    if (agents.length === 0)
      return {
        kind: "refused",
        words: "There is no agent to look back on yet: name the first in holdpoint.yaml.",
      };
    return { kind: "card", card: await draw(await make.forPerson(actor, kind, agents)) };
  };
}

function theirs({ person }: Actor, all: readonly Agent[]): readonly Agent[] {
  const mine = all.filter(({ charter: { ownership } }) => {
    const { owner, deputies } = ownership;
    return person !== null && (owner === person.id || deputies.includes(person.id));
  });
  return mine.length > 0 ? mine : all;
}
