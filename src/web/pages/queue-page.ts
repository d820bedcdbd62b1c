/** The queue: what waits for this person, then everything else that is open. */

import { titleOf } from "../../cards/approval-card.ts";
import { MINE, onQueue } from "../../cards/intent.ts";
import { short } from "../../cards/literal.ts";
import { agentName } from "../../cards/words.ts";
import type { Agent } from "../../domain/agent.ts";
import { waitsFor } from "../../domain/escalation/authorize.ts";
import type { Escalation } from "../../domain/escalation/escalation.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import { hiddenFields } from "../form-html.ts";
import type { Visit } from "../gate.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { dueIn } from "../when.ts";
import { severityMark, spaced } from "./marks.ts";

/** More than anybody reads at once; how many more there are is said. */
const MOST = 200;

export async function queuePage(deps: ConsoleDeps, visit: Visit) {
  const { store, people } = deps;
  const [open, total, agents] = await Promise.all([
    store.escalations.page({ status: "open", limit: MOST }),
    store.escalations.countOpen(),
    store.agents.all(),
  ]);
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  const sooner = open.toSorted((a, b) => a.dueAt - b.dueAt);
  const { person } = visit.session;
  const isMine = (escalation: Escalation) => {
    const charter = byId.get(escalation.agent)?.charter;
    return person !== null && charter !== undefined && waitsFor(person, { charter, people, escalation });
  };
  const mine = sooner.filter(isMine);
  const others = sooner.filter((one) => !isMine(one));
  const list = (escalations: readonly Escalation[]) =>
    html`<ol class="queue">${escalations.map((one) => rowHtml(one, byId.get(one.agent), visit.now))}</ol>`;
  const rest =
    total > open.length
      ? html`<p class="note">The ${open.length} newest of ${total} open requests are shown. <a href="/history?status=open">All of them</a></p>`
      : NOTHING;
  const main =
    open.length === 0
      ? html`<h1>Queue</h1>${await emptyHtml(deps, agents)}`
      : html`<h1>Queue</h1>
<section aria-labelledby="mine"><h2 id="mine">Waiting for you</h2>${
          mine.length > 0 ? list(mine) : html`<p class="quiet">Nothing waits for you.</p>`
        }${mine.length > 1 ? decideAllHtml(deps, visit) : NOTHING}</section>
${others.length > 0 ? html`<section aria-labelledby="others"><h2 id="others">Everything else that is open</h2>${list(others)}</section>` : NOTHING}${rest}`;
  const title = mine.length > 0 ? `(${mine.length}) Queue` : "Queue";
  return visit.show({ title, main });
}

/** Opens the form that lists them; nothing is decided without its tick. */
function decideAllHtml(deps: ConsoleDeps, visit: Visit): Html {
  const hidden = { csrf: visit.session.csrf, back: "/", token: deps.token(onQueue("decide_all", MINE)) };
  return html`<form method="post" action="/press">${hiddenFields(hidden)}<button class="button" data-tone="plain">Decide several at once</button></form>`;
}

function rowHtml(escalation: Escalation, agent: Agent | undefined, now: number): Html {
  const { id, request, trigger, acknowledged, approvals, approvalsNeeded, dueAt } = escalation;
  const name = agent ? agentName(agent) : escalation.agent;
  const marks = [
    acknowledged ? html`<span class="chip">${acknowledged.by.name} is on it</span>` : NOTHING,
    approvalsNeeded > 1
      ? html`<span class="chip">${approvals.length} of ${approvalsNeeded} approvals</span>`
      : NOTHING,
    escalation.stage > 0
      ? html`<span class="chip">asked further: stage ${escalation.stage + 1}</span>`
      : NOTHING,
  ];
  const late = dueAt < now;
  return html`<li><a class="row" href="/escalations/${id}">
<span class="row-top">${severityMark(escalation.severity)}<span class="soft">${spaced(trigger)}</span>${marks}</span>
<span class="row-due"${late ? html` data-late` : NOTHING}>${late ? "" : "due "}${dueIn(dueAt, now)}</span>
<strong class="row-title" dir="auto">${titleOf(escalation, name)}</strong>
<span class="row-words" dir="auto">${short(request.summary, 200)}</span>
</a></li>`;
}

async function emptyHtml(deps: ConsoleDeps, agents: readonly Agent[]): Promise<Html> {
  const [any] = await deps.store.escalations.page({ limit: 1 });
  const first = any ? NOTHING : howToRaise(deps, agents);
  return html`<section class="empty"><h2>Nothing is waiting</h2>
<p>No agent asks for a decision at the moment. When one does, it appears here by itself.</p>
${first}</section>`;
}

function howToRaise(deps: ConsoleDeps, agents: readonly Agent[]): Html {
  const agent = agents[0]?.id ?? "my-agent";
  const body = JSON.stringify({
    trigger: "question",
    summary: "May I answer questions about refunds?",
    reason: "I have no policy for refunds over 30 days.",
  });
  const call = [
    `curl -X POST ${deps.publicUrl}/v1/escalations \\`,
    `  -H "Authorization: Bearer $KEY" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '${body}'`,
  ].join("\n");
  const first =
    agents.length > 0
      ? NOTHING
      : html`<li>Describe an agent, its charter and its owner in <code>holdpoint.yaml</code>, and start Holdpoint again.</li>`;
  return html`<h3>Raise a first one</h3>
<ol class="steps">${first}<li>Make a key for the agent: it is printed once.<pre><code>KEY=$(holdpoint keys create ${agent})</code></pre></li>
<li>Ask as the agent would.<pre><code>${call}</code></pre></li></ol>`;
}
