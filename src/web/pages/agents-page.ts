/** All agents: who runs, who is held and by what, and the stop for all of them. */
import type { Button } from "../../cards/card.ts";
import { onAgent } from "../../cards/intent.ts";
import { agentName } from "../../cards/words.ts";
import type { Agent } from "../../domain/agent.ts";
import { FLEET } from "../../domain/ids.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import { controlHtml, controlsFor } from "../controls.ts";
import type { Visit } from "../gate.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { personName } from "./marks.ts";

export async function agentsPage(deps: ConsoleDeps, visit: Visit) {
  const agents = await deps.store.agents.all();
  const rows = agents.map((agent) => rowHtml(deps, agent));
  const list =
    rows.length > 0
      ? html`<ul class="queue">${rows}</ul>`
      : html`<p class="quiet">No agent has a charter yet. Describe one in <code>holdpoint.yaml</code> and start Holdpoint again, or send <code>PUT /v1/agents/my-agent</code>.</p>`;
  const stop = agents.length > 0 ? await fleetHtml(deps, visit) : NOTHING;
  return visit.show({ title: "Agents", main: html`<h1>Agents</h1>${list}${stop}` });
}

async function fleetHtml(deps: ConsoleDeps, visit: Visit): Promise<Html> {
  const stopped = deps.holdIndex.of(FLEET).holds.length > 0;
  const button: Button = stopped
    ? { label: "Resume the fleet", tone: "go", intent: onAgent("resume", FLEET) }
    : { label: "Pause every agent", tone: "stop", intent: onAgent("pause", FLEET) };
  const words = stopped
    ? "Every agent is paused. Holds of single agents stay when the fleet is resumed."
    : "Anybody may stop every agent. Only somebody who may resume each of them starts them again.";
  const controls = await controlsFor(deps, visit.session, [button], null);
  const page = { csrf: visit.session.csrf, back: "/agents", attempt: null };
  return html`<section aria-labelledby="fleet"><h2 id="fleet">All agents at once</h2><p>${words}</p><div class="buttons">${controlHtml(controls, button, page)}</div></section>`;
}

function rowHtml(deps: ConsoleDeps, agent: Agent): Html {
  const { holds } = deps.holdIndex.of(agent.id);
  const whole = holds.find(({ scope }) => scope.kind === "agent" || scope.kind === "fleet");
  const narrow =
    holds.length - holds.filter(({ scope }) => scope.kind === "agent" || scope.kind === "fleet").length;
  const partly = narrow === 1 ? "1 narrower hold" : `${narrow} narrower holds`;
  return html`<li><a class="row" href="/agents/${agent.id}">
<span class="row-top">${runHtml(whole !== undefined)}${agent.environment === "lab" ? html`<span class="chip">lab</span>` : NOTHING}${narrow > 0 ? html`<span class="chip">${partly}</span>` : NOTHING}</span>
<span class="row-due">owner ${personName(deps.people, agent.charter.ownership.owner)}</span>
<strong class="row-title">${agentName(agent)}</strong>
<span class="row-words" dir="auto">${whole ? whole.reason : agent.charter.goal.outcome}</span>
</a></li>`;
}

export function runHtml(held: boolean): Html {
  return held
    ? html`<span class="state" data-state="held">Held</span>`
    : html`<span class="state" data-state="running">Running</span>`;
}
