/** What stands still and what runs again, in words: the state of the hold on a card. */
import type { Escalation, Status } from "../domain/escalation/escalation.ts";
import { CONFIRM_WITHIN } from "../domain/escalation/open-escalation.ts";
import type { Hold } from "../domain/hold.ts";
import type { Directory } from "../domain/people.ts";
import { plain, strong, type Text, time } from "./card.ts";
import { quoted } from "./literal.ts";
import { nameOf } from "./names.ts";
import { heldThing, lowerFirst } from "./words.ts";

export interface HoldFacts {
  readonly escalation: Escalation;
  /** The escalation's hold, active or released; null where it placed none or the hold is gone. */
  readonly hold: Hold | null;
  /** Every active hold that concerns the agent, the fleet's included; this escalation's own may be among them. */
  readonly holds: readonly Hold[];
  readonly people: Directory;
  readonly now: number;
}

/** The hold where it still stands. */
export function activeHold(hold: Hold | null): Hold | null {
  return hold !== null && hold.releasedAt === null ? hold : null;
}

/** One or two sentences on the hold, for the escalation's present status. */
export function holdWords(facts: HoldFacts, agent: string): Text {
  return facts.escalation.status === "open" ? whileOpen(facts, agent) : afterwards(facts, agent);
}

function whileOpen({ escalation, hold, people, now }: HoldFacts, agent: string): Text {
  const active = activeHold(hold);
  if (active) {
    return [
      strong(`${heldThing(active.scope, agent)} is held`),
      plain(" since "),
      time(active.placedAt),
      plain(`${confirmation(active, now)}.`),
    ];
  }
  if (escalation.hold === null) return [plain(`Nothing is held while this waits: ${agent} keeps running.`)];
  return hold?.releasedBy
    ? [plain(`${nameOf(people, hold.releasedBy)} has released the hold; the question is still open.`)]
    : [plain("The hold has been released; the question is still open.")];
}

/** Only a hold on the whole agent is confirmed by it: narrower ones are asked about action by action. */
export function confirmation(hold: Hold, now: number): string {
  if (hold.scope.kind !== "agent") return "";
  if (hold.confirmedAt !== null) return "; the agent has confirmed that it stopped";
  return now - hold.placedAt >= CONFIRM_WITHIN ? "; not confirmed by the agent" : "";
}

function afterwards({ escalation, hold, holds, people }: HoldFacts, agent: string): Text {
  const others = holds.filter((other) => other.id !== hold?.id && other.releasedAt === null);
  const active = activeHold(hold);
  if (active) {
    const thing = heldThing(active.scope, agent);
    const why = whyStillHeld(escalation.status, escalation, people);
    return [strong(`${thing} stays paused`), plain(`: ${why}.`), ...alsoHeld(others, people)];
  }
  const stopping = others.filter((other) => other.scope.kind === "agent" || other.scope.kind === "fleet");
  const [first] = stopping;
  if (first) {
    return [
      strong(`${agent} stays paused`),
      plain(
        `: ${stopping
          .slice(0, 3)
          .map((other) => because(other, people))
          .join("; ")}`,
      ),
      plain(stopping.length > 3 ? `; and ${stopping.length - 3} more.` : "."),
    ];
  }
  if (others.length > 0)
    return [strong(`${agent} is running again`), plain("."), ...alsoHeld(others, people)];
  if (escalation.hold === null) return [plain(`Nothing was held: ${agent} kept running.`)];
  const narrow = hold !== null && hold.scope.kind !== "agent" && hold.scope.kind !== "fleet";
  return narrow ? [plain("Nothing is held any more.")] : [strong(`${agent} is running again`), plain(".")];
}

function whyStillHeld(status: Status, { decision }: Escalation, people: Directory): string {
  if (decision?.keepHeld) return `${nameOf(people, decision.by)} kept the hold`;
  if (status === "expired") return "nobody answered, and silence is not consent. Resume it to lift the hold";
  return "its hold stands until somebody resumes it";
}

function because(hold: Hold, people: Directory): string {
  const who =
    hold.escalation === null ? `paused by ${nameOf(people, hold.placedBy)}` : "another request waits";
  return `${hold.scope.kind === "fleet" ? "every agent is paused, " : ""}${who}, ${quoted(hold.reason, 120)}`;
}

function alsoHeld(others: readonly Hold[], people: Directory): Text {
  if (others.length === 0) return [];
  const named = others.slice(0, 3).map((other) => `${otherThing(other)} (${because(other, people)})`);
  const more = others.length > 3 ? ` and ${others.length - 3} more` : "";
  return [plain(` Still held: ${named.join("; ")}${more}.`)];
}

/** As it is called on the card of something else. */
function otherThing({ scope }: Hold): string {
  return scope.kind === "action" ? "another action" : lowerFirst(heldThing(scope, "the agent"));
}
