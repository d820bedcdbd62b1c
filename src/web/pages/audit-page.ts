/** The audit trail: the latest lines first, older ones page by page, and whether the chain of hashes still holds. */
import { counting, literal, short } from "../../cards/literal.ts";
import type { SealedLine } from "../../domain/audit.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import { hiddenFields } from "../form-html.ts";
import type { Visit } from "../gate.ts";
import { type Html, html, NOTHING } from "../html.ts";
import type { Flash } from "../layout.ts";
import type { Session } from "../session.ts";
import { clock } from "../when.ts";
import { spaced } from "./marks.ts";

const PER_PAGE = 100;

/** Auditors, administrators and whoever reads the terminal; the trail of one request stands on its own page for everybody. */
function mayAudit({ person }: Session): boolean {
  return person === null || person.roles.includes("auditor") || person.roles.includes("admin");
}

export async function auditPage(deps: ConsoleDeps, visit: Visit) {
  if (!mayAudit(visit.session)) return mayNot(visit);
  const before = Number(new URL(visit.request.url, deps.publicUrl).searchParams.get("before") ?? 0);
  const lines =
    Number.isSafeInteger(before) && before > 1
      ? await older(deps, before)
      : await deps.store.audit.latest(PER_PAGE);
  const newestFirst = lines.toSorted((a, b) => b.seq - a.seq);
  const last = newestFirst.at(-1);
  const next =
    last && last.seq > 1
      ? html`<p class="pages"><a class="button small" data-tone="plain" href="/audit?before=${last.seq}">Older</a></p>`
      : NOTHING;
  const main = html`<h1>Audit</h1>
<p class="lead">Every change of state, each line sealed to the one before by its hash.</p>
<form method="post" action="/audit/verify">${hiddenFields({ csrf: visit.session.csrf })}<button class="button small" data-tone="plain">Verify the chain</button></form>
<ol class="trail wide">${newestFirst.map((line) => auditLineHtml(line, { about: "everything" }))}</ol>${next}`;
  return visit.show({ title: "Audit", main });
}

export async function verifyAudit(deps: ConsoleDeps, visit: Visit) {
  if (!mayAudit(visit.session)) return mayNot(visit);
  const { lines, brokenAt } = await deps.verifyAudit();
  const flash: Flash =
    brokenAt === null
      ? {
          kind: "done",
          words: `The chain holds: ${counting(lines, "line")} checked, each follows from the one before.`,
        }
      : {
          kind: "refused",
          words: `The chain is broken at line ${brokenAt}: it was changed after it was written, or the one before it was. Compare it with a backup.`,
        };
  return visit.go("/audit", flash);
}

/** Sequence numbers have no gaps, so the page before a line is known by its number. */
function older(deps: ConsoleDeps, before: number): Promise<readonly SealedLine[]> {
  const from = Math.max(0, before - 1 - PER_PAGE);
  return deps.store.audit.after(from, before - 1 - from);
}

function mayNot(visit: Visit) {
  const main = html`<h1>Audit</h1><p class="quiet">The whole trail is for auditors and administrators: people with that role in holdpoint.yaml. The trail of one request stands on its own page.</p>`;
  return visit.show({ title: "Audit", main, status: 403 });
}

export function auditLineHtml(line: SealedLine, page: { readonly about: "everything" | "escalation" }): Html {
  const { actor, detail = {} } = line;
  const what = spaced(line.kind.replace(".", " "));
  const who = actor.kind === "system" ? "Holdpoint" : short(actor.name ?? actor.id, 100);
  const where = actor.surface ? html` <span class="soft">(${actor.surface})</span>` : NOTHING;
  const about =
    page.about === "everything"
      ? html`${line.agent ? html` · <a href="/agents/${line.agent}">${line.agent}</a>` : NOTHING}${
          line.escalation ? html` · <a href="/escalations/${line.escalation}">request</a>` : NOTHING
        }`
      : NOTHING;
  const facts = Object.entries(detail)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${spaced(name).toLowerCase()} ${valueWords(value)}`)
    .join(", ");
  return html`<li><p><strong>${what}</strong> · ${who}${where}${about}</p>
<p class="note words">${facts ? html`${literal(facts)} · ` : NOTHING}${clock(line.at)} · line ${line.seq} <code title="${line.hash}">${line.hash.slice(0, 8)}</code></p></li>`;
}

/** Details are ids, numbers and words of ours; a digest by its first eight digits, as on the card. */
function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join(" ");
  if (typeof value === "object" && value !== null) return Object.values(value).map(valueWords).join(" ");
  const text = String(value);
  return text.startsWith("sha256:") ? text.slice("sha256:".length, 15) : text;
}
