/** What has happened to a request so far: whom it asks, what it holds, where its cards stand, what the agent was told. */
import { timeGiven } from "../../cards/asked.ts";
import { literal } from "../../cards/literal.ts";
import { agentName, severityWord, surfaceWord } from "../../cards/words.ts";
import type { Agent } from "../../domain/agent.ts";
import type { SealedLine } from "../../domain/audit.ts";
import { deputiesOf, insteadOf } from "../../domain/chain/stand-in.ts";
import type { Callback } from "../../domain/delivery/callback.ts";
import type { Copy } from "../../domain/delivery/copy.ts";
import type { Escalation } from "../../domain/escalation/escalation.ts";
import type { Hold } from "../../domain/hold.ts";
import type { PersonId } from "../../domain/ids.ts";
import type { Directory } from "../../domain/people.ts";
import { formatDuration } from "../../domain/time/time.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { clock, dueIn } from "../when.ts";
import { auditLineHtml } from "./audit-page.ts";
import { callbackHtml } from "./callback-html.ts";
import { holdHtml, personName, placeWord, spaced, stateMark } from "./marks.ts";

interface Course {
  readonly escalation: Escalation;
  readonly agent: Agent;
  readonly hold: Hold | undefined;
  readonly copies: readonly Copy[];
  readonly callbacks: readonly Callback[];
  readonly trail: readonly SealedLine[];
  readonly people: Directory;
  readonly csrf: string;
  readonly here: string;
  readonly now: number;
}

export function courseHtml(course: Course): Html {
  return html`${stateHtml(course)}${holdSection(course)}${chainHtml(course)}${copiesHtml(course)}${callbacksHtml(course)}${trailHtml(course)}`;
}

function stateHtml({ escalation, now }: Course): Html {
  const { status, decision, outcome, approvals, approvalsNeeded, acknowledged, withdrawnReason } = escalation;
  const facts: readonly (readonly [string, Html])[] = [
    ["State", stateMark(escalation)],
    ...(status === "open"
      ? [
          [
            "Answer due",
            html`${dueIn(escalation.dueAt, now)} <span class="soft">(${clock(escalation.dueAt)})</span>`,
          ] as const,
        ]
      : []),
    ...(decision
      ? [
          [
            "Decided",
            html`${surfaceWord(decision.surface)}, after ${formatDuration(decision.at - escalation.createdAt)}`,
          ] as const,
        ]
      : []),
    ...(decision?.reason ? [["Reason", html`${literal(decision.reason)}`] as const] : []),
    ...(decision?.response ? [["Answer", html`${literal(decision.response)}`] as const] : []),
    ...(decision?.option ? [["Option", html`${literal(decision.option)}`] as const] : []),
    ...(withdrawnReason ? [["Withdrawn", html`${literal(withdrawnReason)}`] as const] : []),
    ...(outcome
      ? [
          [
            "Outcome",
            html`${outcome.executed ? "Executed" : "Not executed"}, ${clock(outcome.at)}${outcome.detail ? html`: ${literal(outcome.detail)}` : NOTHING}`,
          ] as const,
        ]
      : []),
    ...(approvalsNeeded > 1
      ? [
          [
            "Approvals",
            html`${approvals.length} of ${approvalsNeeded}${approvals.length > 0 ? html`: ${approvals.map((one) => one.by.name).join(", ")}` : NOTHING}`,
          ] as const,
        ]
      : []),
    ...(acknowledged ? [["On it", html`${acknowledged.by.name}, ${clock(acknowledged.at)}`] as const] : []),
    [
      "Trigger",
      html`${spaced(escalation.trigger)}${escalation.rule ? html`: ${literal(escalation.rule)}` : NOTHING}`,
    ],
    [
      "Severity",
      html`${severityWord(escalation.severity)}${escalation.breached ? ", answered late or not at all" : ""}`,
    ],
    ["Raised", html`${clock(escalation.createdAt)}, under charter version ${escalation.charterVersion}`],
    ["Id", html`<code class="digest">${escalation.id}</code>`],
  ];
  return html`<section aria-labelledby="state-title"><h2 id="state-title">State</h2><dl class="facts">${facts.map(
    ([label, value]) => html`<div><dt>${label}</dt><dd class="words" dir="auto">${value}</dd></div>`,
  )}</dl></section>`;
}

function holdSection({ hold, agent, escalation }: Course): Html {
  const title = html`<h2 id="hold-title">Hold</h2>`;
  if (!hold)
    return html`<section aria-labelledby="hold-title">${title}<p class="quiet">This request holds nothing.</p></section>`;
  const request = escalation.status === "open" ? escalation.id : null;
  const state =
    hold.releasedAt === null
      ? html`<ul class="plain-list">${holdHtml(hold, agentName(agent), { request, why: false })}</ul>`
      : html`<p>Released${hold.releasedBy ? html` by ${hold.releasedBy.name}` : NOTHING}, ${clock(hold.releasedAt)}.</p>`;
  return html`<section aria-labelledby="hold-title">${title}${state}</section>`;
}

function chainHtml({ escalation, people }: Course): Html {
  const { chain, stage, status, asked, reassigned, standIns } = escalation;
  const inStages = new Set(chain.stages.flatMap((one) => insteadOf(standIns, one.people)));
  const stages = chain.stages.map((one, at) => {
    const who = [
      ...one.people.map((id) => withDeputy(id, escalation, people)),
      ...(one.channel ? [one.channel] : []),
    ].join(", ");
    const when =
      at < stage
        ? "was asked"
        : at > stage
          ? "not asked yet"
          : status === "open"
            ? "is being asked"
            : "was asked";
    const now = at === stage && status === "open";
    return html`<li${now ? html` aria-current="step"` : NOTHING}><strong>${who || "Nobody who can be reached"}</strong> <span class="soft">${when}, has ${timeGiven(escalation, one.within)}</span></li>`;
  });
  const added = asked.filter((id) => reassigned.includes(id) && !inStages.has(id));
  const also =
    added.length > 0
      ? html`<p>Asked as well: ${added.map((id) => personName(people, id)).join(", ")}.</p>`
      : NOTHING;
  const silence =
    chain.onSilence === "expire"
      ? "If nobody answers, the request expires and the hold stays."
      : "If nobody answers, the last ones are asked again and the hold stays.";
  return html`<section aria-labelledby="chain-title"><h2 id="chain-title">Who is asked</h2><ol class="chain">${stages}</ol>${also}<p class="note">${silence}</p></section>`;
}

/** "Sarah Chen (away until 27 Nov: James Liu)". */
function withDeputy(id: PersonId, { standIns }: Escalation, people: Directory): string {
  const name = personName(people, id);
  const [instead] = deputiesOf(standIns, [id]);
  if (!instead) return name;
  return `${name} (away until ${clock(instead.until)}: ${instead.person ? personName(people, instead.person) : "nobody stands in"})`;
}

const COPY_WORDS: Readonly<Record<Copy["state"], string>> = {
  wanted: "about to be posted",
  posting: "being posted",
  shown: "shown",
  stale: "shown, and can no longer be redrawn",
  undeliverable: "cannot be delivered",
};

function copiesHtml({ copies, people }: Course): Html {
  const cards = copies.filter((copy) => copy.part === "card");
  if (cards.length === 0) return NOTHING;
  const items = cards.map(
    (copy) =>
      html`<li>${placeWord(copy.address, people)}: <span class="state" data-state="${copy.state}">${COPY_WORDS[copy.state]}</span>${
        copy.error ? html`<br><span class="note">${literal(copy.error)}</span>` : NOTHING
      }</li>`,
  );
  return html`<section aria-labelledby="copies-title"><h2 id="copies-title">Where its card stands</h2><ul class="plain-list">${items}</ul></section>`;
}

function callbacksHtml({ callbacks, csrf, here }: Course): Html {
  if (callbacks.length === 0) return NOTHING;
  const items = callbacks.map((callback) => html`<li>${callbackHtml(callback, { csrf, back: here })}</li>`);
  return html`<section aria-labelledby="told-title"><h2 id="told-title">What the agent was told</h2><ul class="plain-list">${items}</ul></section>`;
}

function trailHtml({ trail }: Course): Html {
  return html`<section aria-labelledby="trail-title"><h2 id="trail-title">Audit trail</h2><ol class="trail">${trail.map(
    (line) => auditLineHtml(line, { about: "escalation" }),
  )}</ol></section>`;
}
