/** What a model should do next, in words of ours only: nothing an agent or a person wrote stands among them. */
import type { Followed, State } from "./shapes.ts";

const WAIT =
  "Do not do it yet. Call await_decision with this id, again and again while it answers pending: pending is neither a yes nor a no.";

export function afterRaising(accepted: { readonly hold: object | null }): string {
  return accepted.hold
    ? `A person is being asked, and you are held. ${WAIT}`
    : "A person is being asked. Nothing is held: you may go on with other work. Call await_decision with this id for the answer.";
}

export function afterVerdict(judged: { readonly verdict: "proceed" | "hold" }): string {
  return judged.verdict === "proceed"
    ? "Your charter lets you do this without asking. It says nothing about holds: call get_state before you act."
    : `Your charter wants a person for this, and one is being asked. ${WAIT}`;
}

export function afterState({ state, version }: State): string {
  return state === "running"
    ? "Nothing holds you back from this."
    : `You are held: do not act on what the holds cover. Once you have stopped, call confirm_stopped with version ${version}. Ask again before you act.`;
}

export function afterLooking(request: Followed): string {
  switch (request.status) {
    case "open":
      return `Nobody has decided yet. ${WAIT}`;
    case "expired":
      return "Nobody decided in time. That is no approval: do not do it. Where you were held, you stay held until a person resumes you.";
    case "withdrawn":
      return "The request was withdrawn, so nobody decides it. Do not do it.";
    case "decided":
      return request.decision ? afterDecision(request.decision) : WAIT;
  }
}

function afterDecision({ verdict, kept_held }: NonNullable<Followed["decision"]>): string {
  const still = kept_held ? " You stay held: ask get_state before anything else you do." : "";
  switch (verdict) {
    case "approve":
      return `Approved. Do it once, with exactly the arguments in decision.args where there are any, then call report_outcome.${still}`;
    case "edit":
      return `Approved with changes. Do it once, with exactly the arguments in decision.args and not with yours, then call report_outcome.${still}`;
    case "reject":
      return `Rejected. Do not do it. Read decision.reason or decision.option before you plan anything else.${still}`;
    case "respond":
      return `Answered in words, which is no approval of an action. Read decision.response or decision.option and follow it.${still}`;
    case "dismiss":
      return `Set aside without an answer, which is no approval. Do not do it.${still}`;
  }
}
