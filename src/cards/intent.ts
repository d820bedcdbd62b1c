/** What a button means: a verb on a thing, carried by the platform as an opaque token that only we can make. */
import { digestAtStake, type Escalation } from "../domain/escalation.ts";
import type { ActionDigest, AgentId } from "../domain/ids.ts";

/** `decide.*` and the rest on an escalation; `agent.*` on an agent. */
export const INTENT_VERBS = [
  "approve",
  "edit",
  "reject",
  "reject_keep",
  "respond",
  "dismiss",
  "acknowledge",
  "reassign",
  "pause",
  "resume",
  "flag",
  "show",
] as const;
export type IntentVerb = (typeof INTENT_VERBS)[number];

export interface Intent {
  readonly verb: IntentVerb;
  /**
   * The escalation's id; the agent's id for `pause`, `resume` and `flag` (`all`: the fleet, or not chosen yet). `show` takes
   * either: only an escalation's id holds an underscore.
   */
  readonly on: string;
  /** The revision that was drawn; 0 where it is about an agent. */
  readonly revision: number;
  /** The digest of the arguments that were drawn: another one at stake by now refuses the click. */
  readonly digest: ActionDigest | null;
}

/** What a button on an escalation means, with the revision and the digest that were drawn. */
export function onEscalation(verb: IntentVerb, escalation: Escalation): Intent {
  return { verb, on: escalation.id, revision: escalation.revision, digest: digestAtStake(escalation) };
}

export function onAgent(
  verb: Extract<IntentVerb, "pause" | "resume" | "flag" | "show">,
  agent: AgentId,
): Intent {
  return { verb, on: agent, revision: 0, digest: null };
}
