/** Reads the Retry-After header of an answer. */

/** A receiver may ask us to wait, but not to forget it: the schedule has no longer step either. */
const LONGEST_WAIT_MS = 60 * 60 * 1000;

/** The one form of HTTP-date that may still be sent (RFC 9110, 5.6.7); Date.parse alone would take nearly anything. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** How long to wait, 0 to one hour in ms; `undefined` if the header is missing, repeated or not understood. */
export function parseRetryAfter(
  value: string | readonly string[] | undefined,
  nowMs: number,
): number | undefined {
  if (typeof value !== "string") return undefined;
  const wait = waitMs(value.trim(), nowMs);
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}

function waitMs(text: string, nowMs: number): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  return HTTP_DATE.test(text) ? Date.parse(text) - nowMs : Number.NaN;
}
