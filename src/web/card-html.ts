/** Draws a card as HTML: the console's renderer of the one description that every surface draws. */
import type { Block, Button, Card, Span, Text } from "../cards/card.ts";
import { chartHtml } from "./chart-html.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { clock, date } from "./when.ts";

/** What a drawing depends on besides the card. */
export interface Drawing {
  /** The level of the card's own heading on this page. */
  readonly level: 1 | 2 | 3;
  /** The path of the page it stands on: a link to where one already is leads down the page instead. */
  readonly here: string;
  /** How a button is drawn for this person; null leaves it out. */
  readonly button: (button: Button) => Html | null;
}

export function cardHtml(card: Card, drawing: Drawing): Html {
  const blocks = card.blocks.map((block) => blockHtml(block, drawing));
  return html`<article class="card" data-tone="${card.tone}" aria-label="${card.summary}">${blocks}</article>`;
}

export function textHtml(text: Text): Html {
  return html`${text.map(spanHtml)}`;
}

function blockHtml(block: Block, drawing: Drawing): Html {
  switch (block.kind) {
    case "heading":
      return heading(block.text, drawing.level);
    case "text":
      return html`<p class="words" dir="auto">${textHtml(block.text)}</p>`;
    case "note":
      return html`<p class="note words" dir="auto">${textHtml(block.text)}</p>`;
    case "facts":
      return html`<dl class="facts">${block.facts.map(
        ({ label, value }) =>
          html`<div><dt dir="auto">${label}</dt><dd class="words" dir="auto">${textHtml(value)}</dd></div>`,
      )}</dl>`;
    case "quote":
      return quoteHtml(block.text, block.from);
    case "code":
      return codeHtml(block.text);
    case "list":
      return html`<ul class="list">${block.items.map((item) => html`<li class="words" dir="auto">${textHtml(item)}</li>`)}</ul>`;
    case "table":
      return tableHtml(block.columns, block.rows, block.caption);
    case "chart":
      return chartHtml(block);
    case "divider":
      return html`<hr>`;
    case "buttons":
      return buttonsHtml(block.buttons, drawing);
    case "open":
      return openHtml(block.label, block.url, drawing.here);
  }
}

function spanHtml(span: Span): Html {
  switch (span.kind) {
    case "plain":
      return html`${span.text}`;
    case "strong":
      return html`<strong>${span.text}</strong>`;
    case "soft":
      return html`<span class="soft">${span.text}</span>`;
    case "code":
      return html`<code>${span.text}</code>`;
    case "link":
      return linkHtml(span.text, span.url);
    case "person":
      return html`<span class="person">${span.name}</span>`;
    case "time":
      return span.style === "clock" ? clock(span.at) : date(span.at);
  }
}

/** Words of somebody else: set apart, literal, with their own direction. */
function quoteHtml(text: string, from?: string): Html {
  const caption = from ? html`<figcaption>${from}</figcaption>` : NOTHING;
  return html`<figure class="quote"><blockquote class="words" dir="auto">${text}</blockquote>${caption}</figure>`;
}

export function codeHtml(text: string): Html {
  return html`<pre><code>${text}</code></pre>`;
}

/** A link out of the console. Anything but http and https is only text: `javascript:` would run here as us. */
export function linkHtml(text: string, url: string): Html {
  if (!/^https?:\/\//i.test(url)) return html`${text}`;
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer nofollow" dir="auto">${text}</a>`;
}

function heading(text: string, level: Drawing["level"]): Html {
  switch (level) {
    case 1:
      return html`<h1 dir="auto">${text}</h1>`;
    case 2:
      return html`<h2 dir="auto">${text}</h2>`;
    case 3:
      return html`<h3 dir="auto">${text}</h3>`;
  }
}

function tableHtml(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  caption: string | undefined,
): Html {
  const head = columns.map((column) => html`<th scope="col" dir="auto">${column}</th>`);
  const body = rows.map((row) => html`<tr>${row.map((cell) => html`<td dir="auto">${cell}</td>`)}</tr>`);
  const label = caption ?? columns.join(", ");
  return html`<div class="scroll" role="region" aria-label="Table: ${label}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function buttonsHtml(buttons: readonly Button[], drawing: Drawing): Html {
  const drawn = buttons.flatMap((button) => drawing.button(button) ?? []);
  return drawn.length > 0 ? html`<div class="buttons">${drawn}</div>` : NOTHING;
}

function openHtml(label: string, url: string, here: string): Html {
  const leadsHere = URL.canParse(url) && new URL(url).pathname === here;
  return leadsHere
    ? html`<p class="open"><a href="#sent">Everything the agent sent is below</a></p>`
    : html`<p class="open">${linkHtml(label, url)}</p>`;
}
