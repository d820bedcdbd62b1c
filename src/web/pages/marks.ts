/** Small marks that several pages show: severity, state, agents, people and places. */
import { short } from "../../cards/literal.ts";
import { capital, heldThing, outcomeWord, severityWord } from "../../cards/words.ts";
import type { Severity } from "../../domain/charter/severity.ts";
import type { Address } from "../../domain/delivery/copy.ts";
import type { Escalation } from "../../domain/escalation/escalation.ts";
import type { Hold } from "../../domain/hold.ts";
import type { EscalationId } from "../../domain/ids.ts";
import type { Directory } from "../../domain/people.ts";
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

/**
 * What a hold stops, since when and until when. `request` names the request it waits for, where it waits for one; null: it
 * stands until somebody resumes the agent. `why`: whether its reason is said here, or already stands on the page.
 */
export function holdHtml(
  hold: Hold,
  agent: string,
  page: { readonly request: EscalationId | null; readonly why: boolean },
): Html {
  const by = hold.escalation === null ? html` by ${hold.placedBy.name}` : false;
  const request = page.request && html`<a href="/escalations/${page.request}">its request</a>`;
  const until =
    hold.until !== null ? html`, until ${clock(hold.until)}` : request && html`, until ${request} is decided`;
  const stands = hold.until === null && !request ? html`, until somebody resumes the agent` : false;
  const why = page.why ? html`<p class="words" dir="auto">${short(hold.reason, 300)}</p>` : false;
  return html`<li class="hold"><p><strong>${heldThing(hold.scope, agent)}</strong> is held${by} since ${clock(hold.placedAt)}${until}${stands}.</p>${why}${confirmedHtml(hold)}</li>`;
}

/** Only a hold on the whole agent is confirmed by it: narrower ones are asked about action by action. */
function confirmedHtml({ scope, confirmedAt }: Hold): Html | false {
  if (scope.kind !== "agent") return false;
  return confirmedAt === null
    ? html`<p class="note">The agent has not confirmed that it has stopped.</p>`
    : html`<p class="note">The agent confirmed that it has stopped, ${clock(confirmedAt)}.</p>`;
}
