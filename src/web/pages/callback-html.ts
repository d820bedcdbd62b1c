/** One callback: what the agent was told, how that went, and a button to try a dead one again. */
import { literal } from "../../cards/literal.ts";
import type { Callback } from "../../domain/delivery/callback.ts";
import { hiddenFields } from "../form-html.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { clock } from "../when.ts";

const STATE_WORDS: Readonly<Record<Callback["state"], string>> = {
  pending: "on its way",
  delivered: "delivered",
  dead: "given up",
};

/** The address without its path and query: those may hold a token of the agent's. */
export function callbackHtml(
  callback: Callback,
  page: { readonly csrf: string; readonly back: string },
): Html {
  const { state, attempts, deliveredAt, lastError } = callback;
  const host = URL.canParse(callback.url) ? new URL(callback.url).host : "an address that cannot be read";
  const tries = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  const error =
    state !== "delivered" && lastError ? html`<br><span class="note">${literal(lastError)}</span>` : NOTHING;
  const replay =
    state === "dead"
      ? html`<form method="post" action="/callbacks/${callback.id}/replay">${hiddenFields(page)}<button class="button small" data-tone="plain">Send it again</button></form>`
      : NOTHING;
  return html`<code>${callback.type}</code> to ${host}: <span class="state" data-state="${state}">${STATE_WORDS[state]}</span> <span class="soft">${tries}${
    deliveredAt === null ? NOTHING : html`, ${clock(deliveredAt)}`
  }</span>${error}${replay}`;
}
