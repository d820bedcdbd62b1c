/** One request and its answer: everything but an answer of Holdpoint's is a `HoldpointError` that says what it was. */
import { badAnswer, HoldpointError } from "./failure.ts";

/** The part of `fetch` that is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: object;
  readonly idempotencyKey?: string;
  readonly ifNoneMatch?: string;
  /** Seconds the server may hold its answer back. */
  readonly wait?: number;
  readonly signal: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  /** Parsed JSON; undefined for a 304. */
  readonly body: unknown;
}

export type Send = (call: Call) => Promise<Answer>;

export interface ConnectionOptions {
  readonly url: string;
  readonly key: string;
  readonly fetch: Fetch;
  /** Milliseconds one answer may take, beside what the server was asked to wait. */
  readonly timeout: number;
}

/** The key stays in here: it stands in no error and on no object one could print. */
export function connection({ url, key, fetch, timeout }: ConnectionOptions): Send {
  return async (call) => {
    const { method, path, body, signal, wait = 0 } = call;
    signal?.throwIfAborted();
    const ended = new AbortController();
    const end = () => ended.abort(signal?.reason);
    const timer = setTimeout(
      () => ended.abort(new Error(`no answer within ${timeout} ms`)),
      wait * 1_000 + timeout,
    );
    signal?.addEventListener("abort", end, { once: true });
    try {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          accept: "application/json",
          ...(body && { "content-type": "application/json" }),
          ...(call.idempotencyKey && { "idempotency-key": call.idempotencyKey }),
          ...(call.ifNoneMatch && { "if-none-match": call.ifNoneMatch }),
        },
        ...(body && { body: JSON.stringify(body) }),
        // A key is for the address it was given for, and no other.
        redirect: "manual",
        signal: ended.signal,
      });
      return read(response, await response.text(), call);
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof HoldpointError) throw cause;
      const why = ended.signal.aborted ? ended.signal.reason : cause;
      const words = `Holdpoint at ${url} can't be reached: ${why instanceof Error ? why.message : String(why)}`;
      throw new HoldpointError("unreachable", words, { cause });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    }
  };
}

function read(response: Response, text: string, call: Call): Answer {
  const { status, headers } = response;
  if (status === 304 && call.ifNoneMatch) return { status, etag: headers.get("etag"), body: undefined };
  const body = parsed(text, headers.get("content-type") ?? "");
  if (status === 200 || status === 202) {
    if (body === undefined) throw badAnswer("it is no JSON", status);
    return { status, etag: headers.get("etag"), body };
  }
  throw problem(status, body, headers.get("retry-after"));
}

function parsed(text: string, type: string): unknown {
  if (!/^application\/(problem\+)?json\b/i.test(type)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** 409 with these names pass by themselves. */
const PASSING = ["still_running", "busy"];

function problem(status: number, body: unknown, retryAfter: string | null): HoldpointError {
  const said = (typeof body === "object" && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const code = /^urn:holdpoint:problem:(\w+)$/.exec(String(said.type))?.[1];
  const detail = typeof said.detail === "string" ? said.detail : `status ${status}`;
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  const facts = {
    status,
    ...(code === undefined ? {} : { code }),
    ...(Number.isFinite(seconds) ? { retryAfter: seconds * 1_000 } : {}),
  };
  if (status >= 500 || status === 408 || status === 425 || status === 429)
    return new HoldpointError("unreachable", `Holdpoint can't answer now: ${detail}`, facts);
  if (code === undefined) return badAnswer(`status ${status}, and no problem of ours`, status);
  if (PASSING.includes(code)) return new HoldpointError("unreachable", detail, facts);
  const errors = Array.isArray(said.errors) ? { errors: said.errors } : {};
  return new HoldpointError("refused", `Holdpoint refused: ${detail}`, { ...facts, ...errors });
}
