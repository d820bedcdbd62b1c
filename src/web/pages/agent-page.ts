/** One agent: whether it runs, what holds it, what may be done about that, and its charter. */
import type { Button } from "../../cards/card.ts";
import { onAgent } from "../../cards/intent.ts";
import { agentName } from "../../cards/words.ts";
import type { Agent } from "../../domain/agent.ts";
import type { Hold } from "../../domain/hold.ts";
import { type AgentId, FLEET } from "../../domain/ids.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import { controlHtml, controlsFor } from "../controls.ts";
import type { Visit } from "../gate.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { clock } from "../when.ts";
import { runHtml } from "./agents-page.ts";
import { charterHtml } from "./charter-html.ts";
import { holdHtml, personName } from "./marks.ts";
import { notFoundPage } from "./not-found-page.ts";

export async function agentPage(deps: ConsoleDeps, visit: Visit, id: string) {
  const { store, people } = deps;
  const agent = await store.agents.find(id as AgentId);
  if (!agent) return notFoundPage(visit, "There is no such agent.");
  const { holds } = deps.holdIndex.of(agent.id);
  const [versions, open] = await Promise.all([
    store.agents.charterVersions(agent.id),
    store.escalations.countOpenOf(agent.id),
  ]);
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
${holds.length > 0 ? html`<ul class="plain-list">${holds.map((hold) => holdHtml(hold, name))}</ul>` : html`<p class="quiet">Nothing holds it.</p>`}
${await actsHtml(deps, visit, agent, holds)}
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
<section aria-labelledby="versions"><h2 id="versions">Versions of the charter</h2><ul class="plain-list">${history}</ul></section>
</aside></div>`;
  return visit.show({ title: name, main });
}

/** Anybody may pause; who may not resume is told who can. */
async function actsHtml(
  deps: ConsoleDeps,
  visit: Visit,
  agent: Agent,
  holds: readonly Hold[],
): Promise<Html> {
  const paused = holds.some((hold) => hold.agent !== FLEET && hold.escalation === null);
  const buttons: readonly Button[] = [
    ...(paused ? [{ label: "Resume", tone: "go" as const, intent: onAgent("resume", agent.id) }] : []),
    { label: paused ? "Pause again" : "Pause", tone: "stop", intent: onAgent("pause", agent.id) },
    { label: "Something feels off", tone: "plain", intent: onAgent("flag", agent.id) },
  ];
  const controls = await controlsFor(deps, visit.session, buttons, { charter: agent.charter });
  const page = { csrf: visit.session.csrf, back: `/agents/${agent.id}`, attempt: null };
  const why = controls.why ? html`<p class="quiet">${controls.why}</p>` : NOTHING;
  const decide = holds.some((hold) => hold.escalation !== null)
    ? html`<p class="note">A hold that belongs to an open request is released by deciding the request.</p>`
    : NOTHING;
  return html`<div class="buttons">${buttons.map((button) => controlHtml(controls, button, page) ?? NOTHING)}</div>${why}${decide}`;
}

function callbackHost({ callbackUrl }: Agent): string {
  if (callbackUrl === null) return "no address of its own: it asks";
  return URL.canParse(callbackUrl) ? new URL(callbackUrl).host : "an address that cannot be read";
}
