/** One escalation: its card, everything the agent sent, and what has happened to it since. */
import type { FastifyReply } from "fastify";
import { short } from "../../cards/literal.ts";
import { agentName } from "../../cards/words.ts";
import type { EscalationId } from "../../domain/ids.ts";
import { cardHtml } from "../card-html.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import { controlHtml, controlsFor } from "../controls.ts";
import type { Attempt } from "../form-html.ts";
import type { Visit } from "../gate.ts";
import { html, NOTHING } from "../html.ts";
import type { Flash } from "../layout.ts";
import { courseHtml } from "./course.ts";
import { agentLink } from "./marks.ts";
import { notFoundPage } from "./not-found-page.ts";
import { sentHtml } from "./sent.ts";

/** `again`: a form of this page that came back, with what was wrong with it. */
export async function escalationPage(
  deps: ConsoleDeps,
  visit: Visit,
  id: string,
  again?: { readonly attempt: Attempt; readonly flash: Flash; readonly status: number },
): Promise<FastifyReply> {
  const { store, people } = deps;
  const escalation = await store.escalations.find(id as EscalationId);
  const agent = escalation && (await store.agents.find(escalation.agent));
  if (!escalation || !agent) return notFoundPage(visit, "There is no such request.");
  const [card, copies, callbacks, trail, hold] = await Promise.all([
    deps.cards.approval(escalation),
    store.copies.of(escalation.id),
    store.callbacks.of(escalation.id),
    store.audit.ofEscalation(escalation.id),
    escalation.hold ? store.holds.find(escalation.hold) : undefined,
  ]);
  const buttons = card.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
  const controls = await controlsFor(deps, visit.session, buttons, { charter: agent.charter, escalation });
  const here = `/escalations/${escalation.id}`;
  const { csrf } = visit.session;
  const page = { csrf, back: here, attempt: again?.attempt ?? null };
  const drawn = cardHtml(card, { level: 1, here, button: (button) => controlHtml(controls, button, page) });
  const why = controls.why ? html`<p class="quiet why">${controls.why}</p>` : NOTHING;
  const main = html`<p class="crumbs"><a href="/">Queue</a> <span aria-hidden="true">/</span> ${agentLink(agent.id, agentName(agent))}</p>
<div class="two"><div class="first">${drawn}${why}${sentHtml(escalation)}</div>
<aside class="second" aria-label="What has happened">${courseHtml({ escalation, agent, hold, copies, callbacks, trail, people, csrf, here, now: visit.now })}</aside></div>`;
  return visit.show({
    title: short(card.summary, 80),
    main,
    ...(again ? { flash: again.flash, status: again.status } : {}),
  });
}
