/** What a button means: a verb on a thing, carried by the platform as an opaque token that only we can make. */
import { digestAtStake, type Escalation } from "../domain/escalation/escalation.ts";
import type { ActionDigest, AgentId, CopyId, DigestId, EscalationId } from "../domain/ids.ts";

/** Most are about an escalation; pausing, resuming and flagging about an agent; the last two about an agent in a digest. */
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
  "decide_all",
  "sign",
  "apply_threshold",
] as const;
export type IntentVerb = (typeof INTENT_VERBS)[number];

export interface Intent {
  readonly verb: IntentVerb;
  /**
   * The escalation's id; the agent's id for `pause`, `resume` and `flag` (`all`: the fleet, or not chosen yet). `show` takes
   * any of them, and a queue card's id, as `decide_all` does: an agent's id holds no underscore. `sign` and `apply_threshold`
   * take `<digest>/<agent>`.
   */
  readonly on: string;
  /** The revision that was drawn; 0 where it is about an agent. */
  readonly revision: number;
  /** The digest of the arguments that were drawn: another one at stake by now refuses the click. */
  readonly digest: ActionDigest | null;
  /** The requests that a form lists to be decided together, each as it was listed. */
  readonly listed?: readonly Listed[];
}

/** `mark`: of what an approval would have released then; empty where there is no action. */
export interface Listed {
  readonly on: EscalationId;
  readonly mark: string;
}

/** Sixteen digits of the digest at stake: a list of many fits into one token, and another action can't be made to match. */
export function markOf(escalation: Escalation): string {
  return digestAtStake(escalation)?.slice("sha256:".length, "sha256:".length + 16) ?? "";
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

/** What waits for whoever presses it, wherever it stands: on the console there is no queue card. */
export const MINE = "mine";

/** Deciding the open requests of a queue card together, or listing them for one person, beginning with a row. */
export function onQueue(
  verb: Extract<IntentVerb, "decide_all" | "show">,
  queue: CopyId | typeof MINE,
  from = 0,
): Intent {
  return { verb, on: queue, revision: from, digest: null };
}

/** Signing one agent's part of a digest, or putting the threshold in force that it suggests. */
export function onReport(
  verb: Extract<IntentVerb, "sign" | "apply_threshold">,
  digest: DigestId,
  agent: AgentId,
): Intent {
  return { verb, on: `${digest}/${agent}`, revision: 0, digest: null };
}

/** Which agent in which digest an intent is about. */
export function reportOf(intent: Intent): { readonly digest: DigestId; readonly agent: AgentId } {
  const [digest = "", agent = ""] = intent.on.split("/");
  return { digest: digest as DigestId, agent: agent as AgentId };
}
