/** One agent: whether it runs, what holds it, what may be done about that, and its charter. */
import type { Button } from "../../cards/card.ts";
import { onAgent } from "../../cards/intent.ts";
import { agentName } from "../../cards/words.ts";
import type { Agent } from "../../domain/agent.ts";
import type { Hold } from "../../domain/hold.ts";
import { type AgentId, type EscalationId, FLEET, type HoldId } from "../../domain/ids.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import { controlHtml, controlsFor } from "../controls.ts";
import type { Visit } from "../gate.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { clock } from "../when.ts";
import { runHtml } from "./agents-page.ts";
import { charterHtml } from "./charter-html.ts";
import { inspectionsHtml } from "./inspections-html.ts";
import { holdHtml, personName } from "./marks.ts";
import { notFoundPage } from "./not-found-page.ts";

export async function agentPage(deps: ConsoleDeps, visit: Visit, id: string) {
  const { store, people } = deps;
  const agent = await store.agents.find(id as AgentId);
  if (!agent) return notFoundPage(visit, "There is no such agent.");
  const { holds } = deps.holdIndex.of(agent.id);
  const waiting = await waitingRequests(deps, holds);
  const [versions, open] = await Promise.all([
    store.agents.charterVersions(agent.id),
    store.escalations.countOpenOf(agent.id),
  ]);
  // What waits for a decision is released by deciding; everything else that is the agent's own, by resuming it.
  const resumable = holds.some((hold) => hold.agent !== FLEET && !waiting.has(hold.id));
  const held = holds.some(({ scope }) => scope.kind === "agent" || scope.kind === "fleet");
  const name = agentName(agent);
  const history = versions
    .toSorted((a, b) => b.version - a.version)
    .map(
      ({ version, by, at }) => html`<li>Version ${version}, by ${personName(people, by)}, ${clock(at)}</li>`,
    );
  const requests = open === 1 ? "1 request is open" : `${open} requests are open`;
  const main = html`<p class="crumbs"><a href="/agents">Agents</a></p>
<div class="two"><div class="first">
<article class="card" data-tone="${held ? "urgent" : "good"}" aria-labelledby="agent-name">
<p class="row-top">${runHtml(held)}<span class="soft">${agent.environment}</span></p>
<h1 id="agent-name">${name}</h1>
<p>${personName(people, agent.charter.ownership.owner)} answers for it. <a href="/history?agent=${agent.id}">${open > 0 ? requests : "Its requests"}</a></p>
${holds.length > 0 ? html`<ul class="plain-list">${holds.map((hold) => holdHtml(hold, name, { request: waiting.get(hold.id) ?? null, why: true }))}</ul>` : html`<p class="quiet">Nothing holds it.</p>`}
${await actsHtml(deps, visit, agent, resumable)}
</article>
<section aria-labelledby="charter"><h2 id="charter">Charter</h2>${charterHtml(agent.charter, people)}</section>
</div>
<aside class="second" aria-label="About this agent">
<section aria-labelledby="about"><h2 id="about">About</h2><dl class="facts">
<div><dt>Id</dt><dd><code>${agent.id}</code></dd></div>
<div><dt>Environment</dt><dd>${agent.environment}</dd></div>
<div><dt>Is told at</dt><dd>${callbackHost(agent)}</dd></div>
<div><dt>Since</dt><dd>${clock(agent.createdAt)}</dd></div>
</dl></section>
${await inspectionsHtml(deps, agent.id, visit.now)}
<section aria-labelledby="versions"><h2 id="versions">Versions of the charter</h2><ul class="plain-list">${history}</ul></section>
</aside></div>`;
  return visit.show({ title: name, main });
}

/** By hold, the open request that it waits for. */
async function waitingRequests(
  { store }: ConsoleDeps,
  holds: readonly Hold[],
): Promise<ReadonlyMap<HoldId, EscalationId>> {
  const found = await Promise.all(
    holds.map(async ({ id, escalation }) => {
      const request = escalation && (await store.escalations.find(escalation));
      return request && request.status === "open" ? ([[id, request.id]] as const) : [];
    }),
  );
  return new Map(found.flat());
}

/** Anybody may pause; who may not resume is told who can. */
async function actsHtml(deps: ConsoleDeps, visit: Visit, agent: Agent, paused: boolean): Promise<Html> {
  const buttons: readonly Button[] = [
    ...(paused ? [{ label: "Resume", tone: "go" as const, intent: onAgent("resume", agent.id) }] : []),
    { label: paused ? "Pause again" : "Pause", tone: "stop", intent: onAgent("pause", agent.id) },
    { label: "Something feels off", tone: "plain", intent: onAgent("flag", agent.id) },
  ];
  const controls = await controlsFor(deps, visit.session, buttons, { charter: agent.charter });
  const page = { csrf: visit.session.csrf, back: `/agents/${agent.id}`, attempt: null };
  const why = controls.why ? html`<p class="quiet">${controls.why}</p>` : NOTHING;
  return html`<div class="buttons">${buttons.map((button) => controlHtml(controls, button, page) ?? NOTHING)}</div>${why}`;
}

function callbackHost({ callbackUrl }: Agent): string {
  if (callbackUrl === null) return "no address of its own: it asks";
  return URL.canParse(callbackUrl) ? new URL(callbackUrl).host : "an address that cannot be read";
}
