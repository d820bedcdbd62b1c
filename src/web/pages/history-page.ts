/** Every request, newest first, page by page. */

import { short } from "../../cards/literal.ts";
import { agentName, asking } from "../../cards/words.ts";
import type { Escalation, Status } from "../../domain/escalation/escalation.ts";
import type { AgentId, EscalationId } from "../../domain/ids.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import type { Visit } from "../gate.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { clock } from "../when.ts";
import { severityMark, stateMark } from "./marks.ts";

const PER_PAGE = 50;
const STATUSES: readonly Status[] = ["open", "decided", "expired", "withdrawn"];

export async function historyPage(deps: ConsoleDeps, visit: Visit) {
  const asked = new URL(visit.request.url, deps.publicUrl).searchParams;
  const status = STATUSES.find((one) => one === asked.get("status"));
  const agents = await deps.store.agents.all();
  const agent = agents.find((one) => one.id === asked.get("agent"))?.id;
  const cursor = asked.get("cursor");
  const rows = await deps.store.escalations.page({
    limit: PER_PAGE + 1,
    ...(status ? { status } : {}),
    ...(agent ? { agent } : {}),
    ...(cursor ? { cursor: cursor as EscalationId } : {}),
  });
  const shown = rows.slice(0, PER_PAGE);
  const last = rows.length > PER_PAGE ? shown.at(-1)?.id : undefined;
  const names = new Map(agents.map((one) => [one.id, agentName(one)]));
  const tabs = [undefined, ...STATUSES].map(
    (one) =>
      html`<li><a href="${path({ status: one, agent })}"${one === status ? html` aria-current="true"` : NOTHING}>${one ?? "all"}</a></li>`,
  );
  const of = agent
    ? html`<p class="lead">Of ${names.get(agent) ?? agent} only. <a href="${path({ status })}">Of all agents</a></p>`
    : NOTHING;
  const list =
    shown.length > 0
      ? html`<ol class="queue">${shown.map((one) => rowHtml(one, names.get(one.agent) ?? one.agent))}</ol>`
      : html`<p class="quiet">There is nothing here.</p>`;
  const older = last
    ? html`<p class="pages"><a class="button small" data-tone="plain" href="${path({ status, agent, cursor: last })}">Older</a></p>`
    : NOTHING;
  const main = html`<h1>History</h1>${of}<nav aria-label="Which requests"><ul class="tabs">${tabs}</ul></nav>${list}${older}`;
  return visit.show({ title: "History", main });
}

function path(query: {
  status?: Status | undefined;
  agent?: AgentId | undefined;
  cursor?: EscalationId;
}): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, EscalationId] => entry[1] !== undefined,
  );
  return given.length > 0 ? `/history?${new URLSearchParams(given)}` : "/history";
}

function rowHtml(escalation: Escalation, agent: string): Html {
  const { id, request, allow } = escalation;
  return html`<li><a class="row" href="/escalations/${id}">
<span class="row-top">${severityMark(escalation.severity)}${stateMark(escalation)}</span>
<span class="row-due">${clock(escalation.createdAt)}</span>
<strong class="row-title" dir="auto">${asking(agent, escalation.trigger, request.action?.name ?? null, allow.includes("approve"))}</strong>
<span class="row-words" dir="auto">${short(request.summary, 200)}</span>
</a></li>`;
}
