/** Every digest, newest first, page by page: what it says in one line, and for whom it is still to be signed. */
import { aboutDigest } from "../../cards/digest/digest-card.ts";
import { headline } from "../../cards/digest/digest-headline.ts";
import { unsignedOf } from "../../cards/digest/digest-sign.ts";
import { kindWords } from "../../cards/digest/digest-words.ts";
import type { DigestId } from "../../domain/ids.ts";
import type { Directory } from "../../domain/people.ts";
import { DIGEST_KINDS, type Digest, type DigestKind, type Inspection } from "../../domain/review/digest.ts";
import { textHtml } from "../card-html.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import type { Visit } from "../gate.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { clock } from "../when.ts";
import { personName } from "./marks.ts";

const PER_PAGE = 30;

export async function digestsPage(deps: ConsoleDeps, visit: Visit) {
  const { digests, inspections } = deps.store;
  const asked = new URL(visit.request.url, deps.publicUrl).searchParams;
  const kind = DIGEST_KINDS.find((one) => one === asked.get("kind"));
  const cursor = asked.get("cursor");
  const rows = await digests.page({
    limit: PER_PAGE + 1,
    ...(kind ? { kind } : {}),
    ...(cursor ? { cursor: cursor as DigestId } : {}),
  });
  const shown = rows.slice(0, PER_PAGE);
  const signed = await Promise.all(
    shown.map((digest) => (digest.kind === "daily" ? [] : inspections.of(digest.id))),
  );
  const last = rows.length > PER_PAGE ? shown.at(-1)?.id : undefined;
  const tabs = [undefined, ...DIGEST_KINDS].map(
    (one) =>
      html`<li><a href="${path({ kind: one })}"${one === kind ? html` aria-current="true"` : NOTHING}>${one ?? "all"}</a></li>`,
  );
  const list =
    shown.length > 0
      ? html`<ol class="queue">${shown.map((digest, at) => rowHtml(digest, signed[at] ?? [], deps.people))}</ol>`
      : html`<p class="quiet">There is no digest yet. A charter says under <code>review</code> when the first one is due.</p>`;
  const older = last
    ? html`<p class="pages"><a class="button small" data-tone="plain" href="${path({ kind, cursor: last })}">Older</a></p>`
    : NOTHING;
  const main = html`<h1>Digests</h1>
<p class="lead">What was reported about the agents, and who has looked at it.</p>
<nav aria-label="Which digests"><ul class="tabs">${tabs}</ul></nav>${list}${older}`;
  return visit.show({ title: "Digests", main });
}

function path(query: { kind?: DigestKind | undefined; cursor?: DigestId }): string {
  const given = Object.entries(query).filter((entry): entry is [string, DigestId] => entry[1] !== undefined);
  return given.length > 0 ? `/digests?${new URLSearchParams(given)}` : "/digests";
}

function rowHtml(digest: Digest, inspections: readonly Inspection[], people: Directory): Html {
  const about = aboutDigest(digest);
  return html`<li><a class="row" href="/digests/${digest.id}">
<span class="row-top"><span class="chip">${kindWords(digest.kind).name}</span>${signMark(digest, inspections)}</span>
<span class="row-due">${clock(digest.createdAt)}</span>
<strong class="row-title">${headline(digest, "anybody")}</strong>
<span class="row-words" dir="auto">${digest.skipped === null ? html`${about.kind === "note" ? textHtml(about.text) : NOTHING} · ${readerName(digest, people)}` : html`Not sent: ${digest.skipped}`}</span>
</a></li>`;
}

/** "for Sarah Chen", "in slack:C0123456789". */
export function readerName({ reader }: Digest, people: Directory): string {
  return reader.kind === "person" ? `for ${personName(people, reader.id)}` : `in ${reader.channel}`;
}

/** "Signed", or for how many agents it is not; nothing where nobody has to. */
export function signMark(digest: Digest, inspections: readonly Inspection[]): Html {
  const unsigned = unsignedOf(digest, inspections).length;
  if (inspections.length + unsigned === 0) return NOTHING;
  if (unsigned === 0) return html`<span class="state" data-state="delivered">Signed</span>`;
  const words =
    digest.agents.length === 1
      ? "Not signed yet"
      : `Not signed yet for ${unsigned} of ${digest.agents.length} agents`;
  return html`<span class="state" data-state="pending">${words}</span>`;
}
