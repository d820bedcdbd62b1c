/** Who has looked at an agent's digests, and which ones nobody has signed yet. */
import { kindWords, shortDay } from "../../cards/digest/digest-words.ts";
import { short } from "../../cards/literal.ts";
import type { AgentId } from "../../domain/ids.ts";
import { DIGEST_KINDS, type Inspection } from "../../domain/review/digest.ts";
import { ASKED_FOR } from "../../domain/review/inspection.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { clock, relative } from "../when.ts";

const MOST = 10;

export async function inspectionsHtml(deps: ConsoleDeps, agent: AgentId, now: number): Promise<Html> {
  const { digests, inspections } = deps.store;
  const signed = DIGEST_KINDS.filter((kind) => kind !== "daily");
  const [done, ...waiting] = await Promise.all([
    inspections.ofAgent(agent, MOST),
    ...signed.map((kind) => digests.unsigned(agent, kind, { since: now - ASKED_FOR, limit: MOST })),
  ]);
  const missing = waiting
    .flat()
    .map(
      (one) =>
        html`<li><span class="state" data-state="pending">Not signed</span> <a href="/digests/${one.digest}">${nameOf(one)}</a> <span class="soft">${relative(one.createdAt, now)}</span></li>`,
    );
  const past = done.map(
    (one) =>
      html`<li><span class="state" data-state="delivered">Signed</span> <a href="/digests/${one.digest}">${kindWords(one.kind).name}</a> <span class="soft">by ${short(one.by.name, 60)}, ${clock(one.at)}, charter version ${one.charterVersion}</span>${noteHtml(one)}</li>`,
  );
  const items = [...missing, ...past];
  return html`<section aria-labelledby="inspections"><h2 id="inspections">Inspections</h2>${
    items.length > 0
      ? html`<ul class="plain-list">${items}</ul>`
      : html`<p class="quiet">No digest of it has been due yet.</p>`
  }</section>`;
}

function nameOf({ kind, date }: { readonly kind: Inspection["kind"]; readonly date: string }): string {
  return `${kindWords(kind).name} of ${shortDay(date)}`;
}

function noteHtml({ note }: Inspection): Html {
  return note === null ? NOTHING : html`<p class="words soft" dir="auto">${short(note, 300)}</p>`;
}
