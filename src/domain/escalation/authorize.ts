/** Who may do what: the one place that says so, for every surface. Deny is the default. */
import type { Charter } from "../charter/charter.ts";
import type { Verdict } from "../charter/trigger.ts";
import type { Actor, Directory, Person } from "../people.ts";
import type { Refusal } from "../refusal.ts";
import type { Escalation } from "./escalation.ts";

export type Verb =
  | Verdict
  | "acknowledge"
  | "reassign"
  | "pause"
  | "resume"
  | "flag"
  | "see"
  | "replay"
  | "audit"
  | "sign"
  | "apply_threshold";

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
  /** Asked in the place of somebody who is away and might decide: dated, and for what they were asked alone. */
  readonly standsIn: boolean;
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
    // Whoever answers for the agent, and nobody in their place: it is their name that stands under it.
    case "sign":
    case "apply_threshold":
      return is.owner ? null : { code: "not_yours", owner };
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

/** Whether somebody may say that a person is away: they themselves, and administrators. */
export function maySayAway(actor: Actor, person: Person): Refusal | null {
  const stranger = mayPause(actor);
  if (stranger) return stranger;
  if (!actor.person) return { code: "not_in_directory", surface: actor.surface };
  const may = actor.person.id === person.id || actor.person.roles.includes("admin");
  return may ? null : { code: "not_your_absence", person: person.name };
}

export function relation(person: Person, on: About): Relation {
  const { escalation } = on;
  const place = placeOf(person, on);
  const asked = escalation?.asked.includes(person.id) ?? false;
  const absent = (escalation?.standIns ?? []).flatMap((one) =>
    one.person === person.id ? (on.people.find(one.for) ?? []) : [],
  );
  return {
    ...{ owner: place.owner, deputy: place.deputy, approver: place.approver },
    asked: asked && place.named,
    standsIn: asked && absent.some((one) => Object.values(placeOf(one, on)).includes(true)),
    askedLater: !asked && on.charter.ownership.escalate_to.includes(person.id),
    requester: isAccountOf(person, escalation?.request.requested_by),
    admin: person.roles.includes("admin"),
    auditor: person.roles.includes("auditor"),
  };
}

/** Whether an open request waits for somebody: whoever is asked, and owner and approvers from the start; not whoever has given their approval. */
export function waitsFor(person: Person, on: About & { readonly escalation: Escalation }): boolean {
  const { approvals, asked } = on.escalation;
  if (approvals.some(({ by }) => by.id === person.id)) return false;
  const is = relation(person, on);
  return is.owner || is.approver || is.asked || is.standsIn || (is.deputy && asked.includes(person.id));
}

/** What the charter in force, and whoever reassigned the request, say of somebody; each of it lets them decide once they are asked. */
function placeOf(person: Person, { charter, escalation }: About) {
  const { ownership } = charter;
  const isRep = isAccountOf(person, escalation?.request.rep);
  // The chain is frozen, the right to decide is not: of those asked, only people whom the charter still names count.
  const named =
    ownership.escalate_to.includes(person.id) ||
    Object.values(charter.triggers).some((setting) => setting?.route?.includes(person.id)) ||
    (escalation?.reassigned.includes(person.id) ?? false) ||
    (isRep && escalation?.trigger === "human_requested");
  return {
    owner: ownership.owner === person.id,
    deputy: ownership.deputies.includes(person.id),
    approver: ownership.approvers.includes(person.id) || (isRep && ownership.approvers.includes("rep")),
    named,
  };
}

function isAccountOf(person: Person, word: string | undefined): boolean {
  return word !== undefined && (word === person.id || word.toLowerCase() === person.email?.toLowerCase());
}

function mayDecide(is: Relation): boolean {
  return is.owner || is.deputy || is.approver || is.asked || is.standsIn;
}

function whyNot(is: Relation, on: About, owner: string | null): Refusal {
  if (deciders(on).length === 0) return { code: "nobody_may_decide" };
  return is.askedLater ? { code: "not_yet_yours", owner } : { code: "not_yours", owner };
}
