/** Times on a page: UTC in words that need no script, rewritten into the reader's own zone where scripts run. */
import { formatDuration, MINUTE, rfc3339 } from "../domain/time/time.ts";
import { type Html, html } from "./html.ts";

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const DATE = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
  year: "numeric",
});

export function clock(at: number): Html {
  return html`<time datetime="${rfc3339(at)}" data-shows="clock">${clockWords(at)}</time>`;
}

export function date(at: number): Html {
  return html`<time datetime="${rfc3339(at)}" data-shows="date">${DATE.format(at)}</time>`;
}

/** `16 Nov, 09:00 UTC`: for words that cannot be rewritten, such as refusals. */
export function clockWords(at: number): string {
  return `${CLOCK.format(at)} UTC`;
}

/** `in 12 min`, `12 min ago`: counted on by the script. */
export function relative(at: number, now: number): Html {
  return html`<time datetime="${rfc3339(at)}" data-shows="relative" title="${clockWords(at)}">${distance(at, now)}</time>`;
}

/** When somebody has to have answered: `in 12 min`, or `35 min over` once the time has passed. */
export function dueIn(at: number, now: number): Html {
  const words = at < now ? `${formatDuration(now - at)} over` : distance(at, now);
  return html`<time datetime="${rfc3339(at)}" data-shows="due" title="${clockWords(at)}">${words}</time>`;
}

function distance(at: number, now: number): string {
  if (Math.abs(at - now) < MINUTE) return at > now ? "within a minute" : "just now";
  return at > now ? `in ${formatDuration(at - now)}` : `${formatDuration(now - at)} ago`;
}
