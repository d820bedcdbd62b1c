/** Everything the agent sent with a request, uncut and literal: what a card has no room for. */
import { hostOf, literal, short } from "../../cards/literal.ts";
import { signalFacts } from "../../cards/words.ts";
import type { Escalation } from "../../domain/escalation/escalation.ts";
import type { EscalationRequest } from "../../domain/escalation/request.ts";
import { formatDuration } from "../../domain/time/time.ts";
import { codeHtml, linkHtml, textHtml } from "../card-html.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { clock } from "../when.ts";

export function sentHtml(escalation: Escalation): Html {
  const { request } = escalation;
  return html`<section class="sent" id="sent" aria-labelledby="sent-title" tabindex="-1">
<h2 id="sent-title">Everything the agent sent</h2>
<p class="note">Its own words, uncut and not checked by anybody. Characters that cannot be seen are spelt out.</p>
${part("Summary", words(request.summary))}
${part("Why it stopped", words(request.reason))}
${actionHtml(escalation)}
${signalHtml(request)}
${contextHtml(request)}
${transcriptHtml(request)}
${linksHtml(request)}
${optionsHtml(request)}
${particularsHtml(request)}
${request.args_schema ? folded("schema", "Schema of the arguments", codeHtml(pretty(request.args_schema))) : NOTHING}
${request.state === undefined ? NOTHING : folded("state", "State, given back to the agent unchanged", codeHtml(pretty(request.state)))}
</section>`;
}

function actionHtml({ request, actionDigest, proposal }: Escalation): Html {
  if (!request.action) return NOTHING;
  const proposed = proposal
    ? html`<h3>As ${proposal.by.name} proposes it</h3>${codeHtml(pretty(proposal.args))}<p class="note"><code class="digest">${proposal.digest}</code></p>`
    : NOTHING;
  const digest = actionDigest
    ? html`<p class="note">Digest <code class="digest">${actionDigest}</code></p>`
    : NOTHING;
  return html`<h3>Action</h3><p><code>${short(request.action.name, 100)}</code></p>${codeHtml(pretty(request.action.args))}${digest}${proposed}`;
}

function signalHtml({ signal }: EscalationRequest): Html {
  const facts = signalFacts(signal, null);
  if (facts.length === 0) return NOTHING;
  return part(
    "Signal",
    html`<dl class="facts">${facts.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${textHtml(value)}</dd></div>`)}</dl>`,
  );
}

function contextHtml({ context = [] }: EscalationRequest): Html {
  if (context.length === 0) return NOTHING;
  return part(
    "Context",
    html`<dl class="facts">${context.map(
      ({ label, value }) =>
        html`<div><dt dir="auto">${short(label, 100)}</dt><dd class="words" dir="auto">${literal(value)}</dd></div>`,
    )}</dl>`,
  );
}

function transcriptHtml({ transcript = [] }: EscalationRequest): Html {
  if (transcript.length === 0) return NOTHING;
  return part(
    "Conversation",
    html`<ol class="transcript">${transcript.map(
      ({ who, at, text }) =>
        html`<li><p class="note"><strong dir="auto">${short(who, 100)}</strong>${at ? html` ${clock(Date.parse(at))}` : NOTHING}</p><p class="words" dir="auto">${literal(text)}</p></li>`,
    )}</ol>`,
  );
}

/** The name of a link is the agent's word; where it leads is the network's. */
function linksHtml({ links = [] }: EscalationRequest): Html {
  if (links.length === 0) return NOTHING;
  return part(
    "Links",
    html`<ul class="list">${links.map(
      ({ label, url }) =>
        html`<li>${linkHtml(short(label, 100), url)} <span class="soft">leads to ${hostOf(url)}</span></li>`,
    )}</ul>`,
  );
}

function optionsHtml({ options = [] }: EscalationRequest): Html {
  if (options.length === 0) return NOTHING;
  return part(
    "Options it offers",
    html`<ul class="list">${options.map(
      ({ name, title }) =>
        html`<li dir="auto">${short(title ?? name, 150)}${title ? html` <code>${short(name, 75)}</code>` : NOTHING}</li>`,
    )}</ul>`,
  );
}

function particularsHtml(request: EscalationRequest): Html {
  const { subject, rep, requested_by, group, respond_within } = request;
  const named = subject && (subject.name ? `${short(subject.name, 200)}, ` : "");
  const facts: readonly (readonly [string, Html])[] = [
    ...(subject
      ? [
          [
            "Subject",
            html`${named}<code>${short(`${subject.type}:${subject.id}`, 270)}</code>${
              subject.url
                ? html` ${linkHtml("open", subject.url)} <span class="soft">leads to ${hostOf(subject.url)}</span>`
                : NOTHING
            }`,
          ] as const,
        ]
      : []),
    ...(rep ? [["In the name of", html`${rep}`] as const] : []),
    ...(requested_by ? [["Asked for by", html`${short(requested_by, 254)}`] as const] : []),
    ...(group ? [["Group", html`${short(group, 100)}`] as const] : []),
    ...(respond_within ? [["Answer wanted within", html`${formatDuration(respond_within)}`] as const] : []),
  ];
  if (facts.length === 0) return NOTHING;
  return part(
    "Particulars",
    html`<dl class="facts">${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd class="words" dir="auto">${value}</dd></div>`)}</dl>`,
  );
}

function part(title: string, inside: Html): Html {
  return html`<h3>${title}</h3>${inside}`;
}

function folded(key: string, title: string, inside: Html): Html {
  return html`<details class="folded" data-key="${key}"><summary>${title}</summary>${inside}</details>`;
}

function words(text: string): Html {
  return html`<p class="words" dir="auto">${literal(text)}</p>`;
}

function pretty(value: unknown): string {
  return literal(JSON.stringify(value, null, 2));
}
