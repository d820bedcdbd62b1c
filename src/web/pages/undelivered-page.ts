/** Callbacks that were given up: agents that do not know yet what was decided, unless they asked. */

import type { ConsoleDeps } from "../console-deps.ts";
import type { Visit } from "../gate.ts";
import { html } from "../html.ts";
import { relative } from "../when.ts";
import { callbackHtml } from "./callback-html.ts";
import { agentLink } from "./marks.ts";

const MOST = 100;

export async function undeliveredPage(deps: ConsoleDeps, visit: Visit) {
  const dead = await deps.store.callbacks.inState("dead", MOST);
  const page = { csrf: visit.session.csrf, back: "/undelivered" };
  const items = dead.map(
    (callback) =>
      html`<li class="sheet"><p>${agentLink(callback.agent, callback.agent)}${
        callback.escalation ? html` · <a href="/escalations/${callback.escalation}">the request</a>` : false
      } · <span class="soft">${relative(callback.createdAt, visit.now)}</span></p><div>${callbackHtml(callback, page)}</div></li>`,
  );
  const main = html`<h1>Undelivered</h1>
<p class="lead">What agents were to be told and could not be. An agent that asks for its state or its request is told all the same.</p>
${dead.length > 0 ? html`<ul class="plain-list">${items}</ul>` : html`<p class="quiet">Everything was delivered.</p>`}${
  dead.length === MOST ? html`<p class="note">The first ${MOST} are shown.</p>` : false
}`;
  return visit.show({ title: "Undelivered", main });
}
