/** Small marks that several pages show: severity, state, agents, people and places. */
import { short } from "../../cards/literal.ts";
import { capital, heldThing, outcomeWord, severityWord } from "../../cards/words.ts";
import type { Address } from "../../domain/copy.ts";
import type { Escalation } from "../../domain/escalation.ts";
import type { Hold } from "../../domain/hold.ts";
import type { Directory } from "../../domain/people.ts";
import type { Severity } from "../../domain/severity.ts";
import { type Html, html } from "../html.ts";
import { clock } from "../when.ts";

export function severityMark(severity: Severity): Html {
  return html`<span class="severity" data-severity="${severity}">${severityWord(severity)}</span>`;
}

/** `negative_sentiment` as a person reads it. */
export function spaced(word: string): string {
  return capital(word.replaceAll("_", " "));
}

/** "Open", or what became of it, by whom and when. */
export function stateMark(escalation: Escalation): Html {
  const { status, decision, settledAt } = escalation;
  if (status === "open") return html`<span class="state" data-state="open">Open</span>`;
  const word = outcomeWord(status, decision?.verdict);
  const by = decision ? html` by ${decision.by.name}` : false;
  const at = settledAt === null ? false : html`, ${clock(settledAt)}`;
  return html`<span class="state" data-state="${decision?.verdict ?? status}">${word}</span><span class="soft">${by}${at}</span>`;
}

export function agentLink(id: string, name: string): Html {
  return html`<a href="/agents/${id}">${short(name, 60)}</a>`;
}

export function personName(people: Directory, id: string): string {
  return people.find(id)?.name ?? id;
}

/** Where a card stands: a person's direct messages or a channel. */
export function placeWord(address: Address, people: Directory): string {
  const platform = capital(address.platform);
  if (address.kind === "channel") return `${platform} channel ${address.id}`;
  return `${platform}, to ${people.byAccount(address.platform, address.id)?.name ?? address.id}`;
}

/** What a hold stops, why, since when and until when. */
export function holdHtml(hold: Hold, agent: string): Html {
  const until = hold.until === null ? false : html`, until ${clock(hold.until)}`;
  const confirmed =
    hold.confirmedAt === null
      ? html`The agent has not confirmed that it has stopped.`
      : html`The agent confirmed that it has stopped: ${clock(hold.confirmedAt)}.`;
  const waits = hold.escalation
    ? html` <a href="/escalations/${hold.escalation}">Released by this decision</a>`
    : false;
  return html`<li class="hold"><p><strong>${heldThing(hold.scope, agent)}</strong> is held by ${hold.placedBy.name} since ${clock(hold.placedAt)}${until}.${waits}</p>
<p class="words" dir="auto">${short(hold.reason, 300)}</p><p class="note">${confirmed}</p></li>`;
}
