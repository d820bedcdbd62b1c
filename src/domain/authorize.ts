/** Who may do what: the one place that says so, for every surface. Deny is the default. */
import type { Charter } from "./charter.ts";
import type { Escalation } from "./escalation.ts";
import type { Actor, Directory, Person } from "./people.ts";
import type { Refusal } from "./refusal.ts";
import type { Verdict } from "./trigger.ts";

export type Verb =
  | Verdict
  | "acknowledge"
  | "reassign"
  | "pause"
  | "resume"
  | "flag"
  | "see"
  | "replay"
  | "audit";

/** What a right is asked about: the charter in force, the people, and the escalation where there is one. */
export interface About {
  readonly charter: Charter;
  readonly people: Directory;
  readonly escalation?: Escalation;
}

/** How somebody stands to an agent and, where there is one, to an escalation of it. */
export interface Relation {
  readonly owner: boolean;
  readonly deputy: boolean;
  /** Named among the charter's approvers, or the rep of this request where the charter lets the rep decide. */
  readonly approver: boolean;
  /** In a stage of the chain that has been asked, or asked by reassignment. */
  readonly asked: boolean;
  /** In a stage that has not been asked yet. */
  readonly askedLater: boolean;
  /** Started this request. */
  readonly requester: boolean;
  readonly admin: boolean;
  readonly auditor: boolean;
}

/**
 * Null when the actor may, else why not. Decisions belong to owner, deputies, approvers and whoever the chain has asked;
 * an administrator who is none of these decides nothing. The charter in force counts, so somebody removed from it between
 * post and click is refused. Pausing and flagging are open to every member; resuming is not.
 */
export function authorize(actor: Actor, verb: Verb, on: About): Refusal | null {
  const stranger = mayPause(actor);
  if (stranger) return stranger;
  if (verb === "pause" || verb === "flag") return null;
  const owner = on.people.find(on.charter.ownership.owner)?.name ?? null;
  if (!actor.person) return { code: "not_in_directory", surface: actor.surface };
  const is = relation(actor.person, on);
  switch (verb) {
    case "see":
      return null;
    case "audit":
      return is.auditor || is.admin ? null : { code: "not_yours", owner };
    case "replay":
      return is.owner || is.admin ? null : { code: "not_yours", owner };
    case "resume":
      return is.owner || is.deputy || is.admin ? null : { code: "may_not_resume", owner };
    case "reassign":
      return is.owner || is.admin || is.asked ? null : { code: "not_yours", owner };
    case "approve":
    case "edit":
      if (is.requester) return { code: "own_request" };
      return mayDecide(is) ? null : whyNot(is, on, owner);
    case "reject":
      // Whoever asked for it may stop it, unless nobody may decide: then nobody does.
      return mayDecide(is) || (is.requester && deciders(on).length > 0) ? null : whyNot(is, on, owner);
    case "respond":
    case "dismiss":
    case "acknowledge":
      return mayDecide(is) ? null : whyNot(is, on, owner);
  }
}

/** Everyone in the directory who may decide, or may once the chain has asked them; empty means nobody, not anybody. */
export function deciders(on: About): readonly Person[] {
  return on.people.people.filter((person) => {
    const is = relation(person, on);
    return mayDecide(is) || is.askedLater;
  });
}

/** Everyone in the directory who may decide at this moment. */
export function approversNow(on: About): readonly Person[] {
  return on.people.people.filter((person) => mayDecide(relation(person, on)));
}

/** Pausing and flagging are cheap on purpose: every member of the workspace may, known to the directory or not. */
export function mayPause(actor: Actor): Refusal | null {
  return actor.standing === "member" ? null : { code: "no_standing", standing: actor.standing };
}

export function relation(person: Person, on: About): Relation {
  const { ownership } = on.charter;
  const { escalation } = on;
  const request = escalation?.request;
  const isAccount = (word: string | undefined) =>
    word !== undefined && (word === person.id || word.toLowerCase() === person.email?.toLowerCase());
  const isRep = isAccount(request?.rep);
  const asked = escalation?.asked.includes(person.id) ?? false;
  // The chain is frozen, the right to decide is not: of those asked, only people whom the charter still names count.
  const stillNamed =
    ownership.escalate_to.includes(person.id) ||
    Object.values(on.charter.triggers).some((setting) => setting?.route?.includes(person.id)) ||
    (escalation?.reassigned.includes(person.id) ?? false) ||
    (isRep && escalation?.trigger === "human_requested");
  return {
    owner: ownership.owner === person.id,
    deputy: ownership.deputies.includes(person.id),
    approver: ownership.approvers.includes(person.id) || (isRep && ownership.approvers.includes("rep")),
    asked: asked && stillNamed,
    askedLater: !asked && ownership.escalate_to.includes(person.id),
    requester: isAccount(request?.requested_by),
    admin: person.roles.includes("admin"),
    auditor: person.roles.includes("auditor"),
  };
}

function mayDecide(is: Relation): boolean {
  return is.owner || is.deputy || is.approver || is.asked;
}

function whyNot(is: Relation, on: About, owner: string | null): Refusal {
  if (deciders(on).length === 0) return { code: "nobody_may_decide" };
  return is.askedLater ? { code: "not_yet_yours", owner } : { code: "not_yours", owner };
}
