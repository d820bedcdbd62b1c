/** An expected "no": each has a code, and is worded once for the person or agent who hears it. */

import type { Verdict } from "./charter/trigger.ts";
import type { Named } from "./people.ts";

export interface FieldProblem {
  /** JSON Pointer into what was sent, such as `/action/args/percent`. */
  readonly pointer: string;
  readonly detail: string;
}

export type Refusal =
  | { readonly code: "not_found"; readonly what: string }
  | {
      readonly code: "already_decided";
      readonly verdict: Verdict;
      readonly by: Named;
      readonly at: number;
      readonly yours: boolean;
    }
  | { readonly code: "already_approved_by_you"; readonly missing: number }
  | { readonly code: "expired" }
  | { readonly code: "withdrawn" }
  | { readonly code: "not_yours"; readonly owner: string | null }
  | { readonly code: "not_yet_yours"; readonly owner: string | null }
  | { readonly code: "own_request" }
  | { readonly code: "nobody_may_decide" }
  | { readonly code: "not_in_directory"; readonly surface: string }
  | { readonly code: "no_standing"; readonly standing: string }
  | { readonly code: "not_offered"; readonly verdict: Verdict }
  | { readonly code: "stale_card" }
  | { readonly code: "bad_button" }
  | { readonly code: "invalid"; readonly problems: readonly FieldProblem[] }
  | { readonly code: "not_held"; readonly agent: string }
  | { readonly code: "may_not_resume"; readonly owner: string | null }
  | { readonly code: "not_your_absence"; readonly person: string }
  | { readonly code: "still_open" }
  | { readonly code: "already_signed"; readonly by: Named; readonly at: number }
  | { readonly code: "charter_changed" }
  | { readonly code: "busy" };

const PAST: Readonly<Record<Verdict, string>> = {
  approve: "approved",
  edit: "edited and approved",
  reject: "rejected",
  respond: "answered",
  dismiss: "dismissed",
};

export function pastTense(verdict: Verdict): string {
  return PAST[verdict];
}

/** Whether somebody else, or time, has ended the request at this moment: the card that was pressed is about to change. */
export function isOver(refusal: Refusal): boolean {
  switch (refusal.code) {
    case "already_decided":
      return !refusal.yours;
    case "expired":
    case "withdrawn":
      return true;
    default:
      return false;
  }
}

/** What the person who pressed something is told. `clock` writes an instant as that person reads it. */
export function wording(refusal: Refusal, clock: (at: number) => string): string {
  switch (refusal.code) {
    case "not_found":
      return `There is no ${refusal.what}.`;
    case "already_decided":
      return refusal.yours
        ? `You have already ${pastTense(refusal.verdict)} this, at ${clock(refusal.at)}. Nothing was changed.`
        : `${refusal.by.name} was quicker: ${pastTense(refusal.verdict)} at ${clock(refusal.at)}. Your click changed nothing.`;
    case "already_approved_by_you":
      return `Your approval already counts. ${refusal.missing} more from somebody else ${refusal.missing === 1 ? "is" : "are"} needed.`;
    case "expired":
      return "Nobody decided in time, so this has expired. Where it placed a hold, the hold stands: resume the agent to lift it.";
    case "withdrawn":
      return "The agent has withdrawn this request. There is nothing left to decide.";
    case "not_yours":
      return `This is not yours to decide${refusal.owner ? `: ask ${refusal.owner}, who owns this agent` : ""}. Nothing was changed.`;
    case "not_yet_yours":
      return `You are asked only if nobody before you answers in time${refusal.owner ? `; ${refusal.owner} owns this agent` : ""}. Nothing was changed.`;
    case "own_request":
      return "You asked for this yourself, so somebody else has to approve it. You may still reject it.";
    case "nobody_may_decide":
      return "The charter names nobody who can be reached to decide this. The agent stays held until an operator names an owner in holdpoint.yaml.";
    case "not_in_directory":
      return `Holdpoint does not know your ${refusal.surface} account. Ask the operator to add it to the people list in holdpoint.yaml.`;
    case "no_standing":
      return `Holdpoint is for members of the workspace, and this is a ${refusal.standing} account. Nothing was changed.`;
    case "not_offered":
      return `This request cannot be ${pastTense(refusal.verdict)}: the card shows what it allows.`;
    case "stale_card":
      return "The arguments have changed since this card was drawn. Read the card again and decide then.";
    case "bad_button":
      return "This button does not belong to a request Holdpoint made. Nothing was changed.";
    case "invalid":
      return refusal.problems
        .map(({ pointer, detail }) => (pointer ? `${pointer}: ${detail}` : detail))
        .join(" ");
    case "not_held":
      return `${refusal.agent} is not held: there is nothing to resume.`;
    case "may_not_resume":
      return `Only the owner${refusal.owner ? ` (${refusal.owner})` : ""}, a deputy or an administrator can resume this agent.`;
    case "not_your_absence":
      return `Only ${refusal.person} or an administrator can say when ${refusal.person} is away. Nothing was changed.`;
    case "still_open":
      return "A request is still waiting for a decision: decide it, and its hold is released.";
    case "already_signed":
      return `${refusal.by.name} has signed this already, at ${clock(refusal.at)}. Nothing was changed.`;
    case "charter_changed":
      return "The charter has changed since these numbers were put together, so they no longer speak for this. Nothing was changed; the next digest looks again.";
    case "busy":
      return "Somebody else is changing this at this moment. Try again.";
  }
}
