/** One digest, whole: every agent in it with its numbers, what waits, what was decided, and who has signed. */
import type { Button, Card } from "../../cards/card.ts";
import { byNeed } from "../../cards/digest/digest-order.ts";
import { signatureText, signButtonFor, unsignedOf } from "../../cards/digest/digest-sign.ts";
import { overviewCard, reportCard } from "../../cards/digest/digest-whole.ts";
import { triggerName } from "../../cards/digest/digest-words.ts";
import { short } from "../../cards/literal.ts";
import { capital } from "../../cards/words.ts";
import type { DigestId } from "../../domain/ids.ts";
import { pastTense } from "../../domain/refusal.ts";
import type { AgentReport, Digest, Inspection } from "../../domain/review/digest.ts";
import { cardHtml, textHtml } from "../card-html.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import { controlHtml, controlsFor } from "../controls.ts";
import type { Visit } from "../gate.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { clock } from "../when.ts";
import { readerName, signMark } from "./digests-page.ts";
import { agentLink, severityMark } from "./marks.ts";
import { notFoundPage } from "./not-found-page.ts";

export async function digestPage(deps: ConsoleDeps, visit: Visit, id: string) {
  const { digests, inspections } = deps.store;
  const digest = await digests.find(id as DigestId);
  if (!digest) return notFoundPage(visit, "There is no such digest.");
  const signed = await inspections.of(digest.id);
  const overview = overviewCard(digest);
  const agents = byNeed(digest.agents);
  const reports = await Promise.all(agents.map((report) => reportHtml(deps, visit, digest, report, signed)));
  const skipped =
    digest.skipped === null
      ? NOTHING
      : html`<p class="stopped">This digest was not sent: ${digest.skipped}</p>`;
  const main = html`<p class="crumbs"><a href="/digests">Digests</a></p>${skipped}
${cardHtml(overview, { level: 1, here: `/digests/${digest.id}`, button: () => null })}
<p class="row-top">${signMark(digest, signed)}<span class="soft">Made ${clock(digest.createdAt)} ${readerName(digest, deps.people)}; numbers as of then</span></p>
${reports}`;
  return visit.show({ title: short(overview.summary, 80), main });
}

async function reportHtml(
  deps: ConsoleDeps,
  visit: Visit,
  digest: Digest,
  report: AgentReport,
  inspections: readonly Inspection[],
): Promise<Html> {
  const here = `/digests/${digest.id}`;
  const card = reportCard(digest, report, digest.createdAt);
  const mine = inspections.filter(({ agent }) => agent === report.agent);
  const unsigned = unsignedOf(digest, mine).some(({ agent }) => agent === report.agent);
  const sign: readonly Button[] = unsigned ? [signButtonFor(digest, report)] : [];
  const agent = await deps.store.agents.find(report.agent);
  // What the numbers say of an older charter is not offered for the present one.
  const isSame = agent?.charterVersion === report.charterVersion;
  const buttons = [...(isSame ? buttonsIn(card) : []), ...sign];
  const controls = await controlsFor(
    deps,
    visit.session,
    agent ? buttons : [],
    agent ? { charter: agent.charter } : null,
  );
  const page = { csrf: visit.session.csrf, back: here, attempt: null };
  const draw = (button: Button) => controlHtml(controls, button, page);
  const drawn = cardHtml(card, { level: 2, here, button: draw });
  const why =
    buttons.length > 0 && controls.why
      ? html`<p class="quiet">Only ${short(report.owner.name, 60)}, who owns this agent, can sign it.</p>`
      : NOTHING;
  return html`<div class="report">${drawn}
<div class="beside">${waitingHtml(report, digest.createdAt)}${decisionsHtml(report)}${signedHtml(mine)}
${sign.length > 0 ? html`<div class="buttons">${sign.map((button) => draw(button) ?? NOTHING)}</div>` : NOTHING}${why}
<p class="note">${agentLink(report.agent, report.name)}: its holds, its charter and its requests</p></div></div>`;
}

function buttonsIn(card: Card): readonly Button[] {
  return card.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
}

function waitingHtml({ now: { first, waiting } }: AgentReport, at: number): Html {
  if (first.length === 0) return NOTHING;
  const items = first.map(
    (request) =>
      html`<li><a class="row" href="/escalations/${request.id}"><span class="row-top">${severityMark(request.severity)}${triggerName(request.trigger)}</span><span class="row-due"${request.dueAt < at ? html` data-late` : NOTHING}>${request.dueAt < at ? "was due" : "due"} ${clock(request.dueAt)}</span><span class="row-words" dir="auto">${short(request.summary, 200)}</span></a></li>`,
  );
  const rest = waiting - first.length;
  return html`<h3>Waited when this was made</h3><ol class="queue">${items}</ol>${rest > 0 ? html`<p class="note">And ${rest} more.</p>` : NOTHING}`;
}

function decisionsHtml({ period: { decisions } }: AgentReport): Html {
  if (decisions.length === 0) return NOTHING;
  const items = decisions.map(
    (decision) =>
      html`<li><a class="row" href="/escalations/${decision.id}"><span class="row-top"><span class="state" data-state="${decision.verdict}">${capital(pastTense(decision.verdict))}</span><span class="soft">by ${short(decision.by.name, 60)}</span></span><span class="row-due">${clock(decision.at)}</span><span class="row-words" dir="auto">${short(decision.summary, 200)}</span></a></li>`,
  );
  return html`<h3>Latest decisions</h3><ol class="queue">${items}</ol>`;
}

function signedHtml(inspections: readonly Inspection[]): Html {
  return html`${inspections.map((inspection) => html`<p class="words">${textHtml(signatureText(inspection))}</p>`)}`;
}
