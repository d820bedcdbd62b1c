/** An answer before it is sent: a status, a text or a stream, and headers. */
import type { Readable } from "node:stream";

/** For what only machines read; whoever serves pages sets what pages need. */
export const API_HEADERS = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const;

export interface Answer {
  readonly status: number;
  readonly body: string | Readable;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>> | null;
}

const JSON_UTF8 = "application/json; charset=utf-8";

export function json(status: number, body: object, headers: Answer["headers"] = null): Answer {
  return replied(status, JSON.stringify(body), headers);
}

/** JSON that is text already. */
export function replied(status: number, body: string, headers: Answer["headers"] = null): Answer {
  return { status, body, type: JSON_UTF8, headers };
}

export function text(type: string, body: string | Readable, headers: Answer["headers"] = null): Answer {
  return { status: 200, body, type, headers };
}
