/** Who is there in the bench: agents under the first charter of examples/holdpoint.yaml, and the people who answer for them. */
import { readFileSync } from "node:fs";
import { load } from "js-yaml";

/** 50 writes a second with each key, and 1,000 open escalations of each agent: with so many agents nobody comes near either. */
export const AGENTS = 1_000;

interface Example {
  readonly people: readonly object[];
  readonly agents: readonly { readonly charter: { readonly ownership: object } }[];
}

/** A holdpoint.yaml: JSON is YAML too. */
export interface Settings {
  readonly people: readonly object[];
  readonly agents: readonly object[];
}

const example = load(
  readFileSync(new URL("../../examples/holdpoint.yaml", import.meta.url), "utf8"),
) as Example;

/** `count` agents of the example's owner. */
export function manyAgents(count: number): Settings {
  return { people: example.people, agents: numbered(count).map((id) => ({ ...charter(), id, name: id })) };
}

/**
 * An owner for each agent, so that each has a conversation of their own: a chat takes one message a second in each. `others`
 * are agents of the example's owner, numbered after them.
 */
export function agentsWithOwners(count: number, others = 0): Settings {
  return {
    people: [
      ...(others > 0 ? example.people : []),
      ...numbered(count).map((agent) => ({
        id: ownerOf(agent),
        name: `Owner of ${agent}`,
        slack: accountOf(agent),
      })),
    ],
    agents: numbered(count + others).map((id, at) => {
      if (at >= count) return { ...charter(), id, name: id };
      const ownership = { owner: ownerOf(id), fallback: "slack:C0AGENTS" };
      return { id, name: id, charter: { ...charter().charter, ownership } };
    }),
  };
}

/** The Slack account of an agent's owner. */
export function accountOf(agent: string): string {
  return `U0${agent.toUpperCase().replace("-", "")}`;
}

/** The id of an agent's owner. */
export function ownerOf(agent: string): string {
  return `owner-of-${agent}`;
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `bench-${String(at + 1).padStart(4, "0")}`);
}

function charter() {
  const [first] = example.agents;
  if (first === undefined) throw new Error("examples/holdpoint.yaml has no agents");
  return first;
}
