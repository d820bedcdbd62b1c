/** What a button means: a verb on a thing, carried by the platform as an opaque token that only we can make. */
import type { ActionDigest } from "../domain/ids.ts";

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
  /** The escalation's id; the agent's id for `pause`, `resume`, `flag` and `show`. */
  readonly on: string;
  /** The revision that was drawn. */
  readonly revision: number;
  /** The digest of the arguments that were drawn: another one at stake by now refuses the click. */
  readonly digest: ActionDigest | null;
}
