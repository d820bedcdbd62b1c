/** What you approve is what executes: the arguments an agent may use now, and only if the digest says so. */
import { canonicalJson } from "../domain/escalation/action-digest.ts";
import { HoldpointError } from "./failure.ts";
import { webCrypto } from "./web-crypto.ts";
import type { Action, Args, Decided } from "./wire.ts";

/** `sha256:` and the SHA-256 of the action as RFC 8785 writes it: the same text that stands on the card. */
export async function actionDigest({ name, args }: Action): Promise<string> {
  const { subtle } = await webCrypto();
  const hash = await subtle.digest("SHA-256", new TextEncoder().encode(canonicalJson({ name, args })));
  const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `sha256:${hex}`;
}

/** The action as it goes over the wire; what the caller does to their object afterwards changes nothing. */
export function asSent<A extends Args>(action: Action<A>): Action<A> {
  // Written in JavaScript, an action may come without arguments; the server takes that for none.
  const { name, args = {} } = action;
  return JSON.parse(JSON.stringify({ name, args })) as Action<A>;
}

/**
 * The arguments that were approved: for `approve` those that were sent, for `edit` the person's.
 * Throws a `HoldpointError` where the decision is no approval (`refused`), or is about anything else (`tampered`).
 */
export async function approvedArgs(sent: Action, { id, decision }: Decided): Promise<Args> {
  if (decision.verdict !== "approve" && decision.verdict !== "edit") {
    const words = `${decision.by.name} did not approve ${sent.name}: the decision is ${decision.verdict}`;
    throw new HoldpointError("refused", words, { escalation: id });
  }
  const args = decision.verdict === "edit" ? (decision.args ?? {}) : sent.args;
  const answered = [args, ...(decision.args ? [decision.args] : [])];
  const digests = await Promise.all(answered.map((one) => actionDigest({ name: sent.name, args: one })));
  if (digests.every((digest) => digest === decision.action_digest)) return args;
  const words = `${decision.by.name} decided on another action than ${sent.name} as it stands here: nothing was done`;
  throw new HoldpointError("tampered", words, { escalation: id });
}
