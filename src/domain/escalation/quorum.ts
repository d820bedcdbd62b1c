/** Several approvers: which arguments an approval is for, and which approvals count for the same ones. */

import type { Verdict } from "../charter/trigger.ts";
import type { ActionDigest } from "../ids.ts";
import { type Actor, named } from "../people.ts";
import { actionDigest, type Sha256 } from "./action-digest.ts";
import { type Approval, argsAtStake, digestAtStake, type Escalation } from "./escalation.ts";

/** What an approval would release: the arguments as they stand, or as this person changed them. */
export interface Stake {
  readonly args: Readonly<Record<string, unknown>> | undefined;
  readonly digest: ActionDigest | null;
}

export function isApproval(verdict: Verdict): boolean {
  return verdict === "approve" || verdict === "edit";
}

/** Arguments count only with an edit: an approval is always for what the card showed. */
export function stakeOf(
  before: Escalation,
  deciding: { readonly verdict: Verdict; readonly args?: Stake["args"] },
  sha256: Sha256,
): Stake {
  const { action } = before.request;
  if (deciding.verdict !== "edit" || !action || !deciding.args) {
    return { args: argsAtStake(before), digest: digestAtStake(before) };
  }
  return { args: deciding.args, digest: actionDigest({ name: action.name, args: deciding.args }, sha256) };
}

/** The approvals of the same arguments with this one among them, each person once; approvals of other arguments lapse. */
export function approvalsWith(
  before: Escalation,
  deciding: { readonly actor: Actor; readonly now: number },
  digest: ActionDigest | null,
): readonly Approval[] {
  const { actor, now } = deciding;
  const mine: Approval = {
    by: named(actor),
    surface: actor.surface,
    account: actor.account,
    at: now,
    digest,
  };
  const others = before.approvals.filter((other) => other.digest === digest && other.by.id !== mine.by.id);
  return [...others, mine];
}
