/** Carries what a person did to the app, signed, and holds the app to its three seconds. */
import { createHmac } from "node:crypto";
import type { Clock } from "./clock.ts";
import { type Json, type JsonObject, parseJson } from "./json.ts";
import { LIMITS } from "./limits.ts";
import type { EnvelopeType, Sockets } from "./sockets.ts";

/** What became of one delivery. */
export interface Answer {
  readonly via: "http" | "socket" | "nowhere";
  /** `acknowledged`: in time and, over HTTP, with a 2xx. `withheld`: the client found a fault itself and sent nothing. */
  readonly outcome: "acknowledged" | "refused" | "timed-out" | "unreachable" | "withheld";
  /** The HTTP status; `undefined` over a socket and where no answer came. */
  readonly status: number | undefined;
  /** The answer's body, parsed where it is JSON; `undefined` when empty. */
  readonly body: Json | undefined;
  /** Real milliseconds until the answer was there. */
  readonly ms: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Delivery {
  readonly type: EnvelopeType;
  readonly payload: JsonObject;
  readonly retry?: { readonly attempt: number; readonly reason: string };
}

export interface Destination {
  eventsUrl: string | undefined;
}

export interface DeliverParts {
  readonly clock: Clock;
  /** The clock of `X-Slack-Request-Timestamp`: what the app compares with. */
  readonly signingClock: () => number;
  readonly signingSecret: string;
  readonly sockets: Sockets;
  readonly destination: Destination;
}

export type Deliver = (delivery: Delivery) => Promise<Answer>;

type Outcome = Pick<Answer, "outcome"> & Partial<Pick<Answer, "status" | "body" | "headers">>;

export function createDeliver(parts: DeliverParts): Deliver {
  return async (delivery) => {
    const started = performance.now();
    const eventsUrl = parts.destination.eventsUrl;
    const via = parts.sockets.count() > 0 ? "socket" : eventsUrl === undefined ? "nowhere" : "http";
    const result =
      via === "socket"
        ? await overSocket(parts, delivery)
        : eventsUrl === undefined
          ? ({ outcome: "unreachable" } as const)
          : await overHttp(parts, eventsUrl, delivery);
    return {
      status: undefined,
      body: undefined,
      headers: {},
      ...result,
      via,
      ms: performance.now() - started,
    };
  };
}

/** `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<raw body>`, keyed with the signing secret. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}

/** Settles with the first of the answer and the deadline. */
function withinDeadline(
  clock: Clock,
  start: (settle: (result: Outcome) => void) => () => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let isOver = false;
    const settle = (result: Outcome) => {
      if (isOver) return;
      isOver = true;
      cancel();
      if (result.outcome === "timed-out") stop();
      resolve(result);
    };
    const cancel = clock.after(LIMITS.acknowledgeMs, () => settle({ outcome: "timed-out" }));
    const stop = start(settle);
  });
}

function overSocket({ clock, sockets }: DeliverParts, delivery: Delivery): Promise<Outcome> {
  return withinDeadline(clock, (settle) =>
    sockets.send(delivery, (payload) => settle({ outcome: "acknowledged", body: emptyAsNothing(payload) })),
  );
}

/** An app that acknowledges without payload sends `{}` over a socket and nothing over HTTP: both mean the same. */
function emptyAsNothing(payload: Json | undefined): Json | undefined {
  const isEmpty =
    payload === null ||
    (typeof payload === "object" && !Array.isArray(payload) && Object.keys(payload).length === 0);
  return isEmpty ? undefined : payload;
}

function overHttp(parts: DeliverParts, url: string, delivery: Delivery): Promise<Outcome> {
  const { contentType, body } = encode(delivery);
  const timestamp = String(Math.floor(parts.signingClock() / 1_000));
  const headers: Record<string, string> = {
    "content-type": contentType,
    "user-agent": "Loopback workspace",
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": signature(parts.signingSecret, timestamp, body),
    ...(delivery.retry === undefined
      ? {}
      : {
          "x-slack-retry-num": String(delivery.retry.attempt),
          "x-slack-retry-reason": delivery.retry.reason,
        }),
  };
  return withinDeadline(parts.clock, (settle) => {
    const abort = new AbortController();
    post(url, headers, body, abort.signal).then(settle, () => settle({ outcome: "unreachable" }));
    return () => abort.abort();
  });
}

async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
  const text = await response.text();
  return {
    outcome: response.ok ? "acknowledged" : "refused",
    status: response.status,
    body: text === "" ? undefined : emptyAsNothing(parseJson(text) ?? text),
    headers: Object.fromEntries(response.headers),
  };
}

/** Interactions come as a form with one JSON field, commands as a plain form, events as JSON. */
function encode({ type, payload }: Delivery): { readonly contentType: string; readonly body: string } {
  const form = "application/x-www-form-urlencoded";
  switch (type) {
    case "events_api":
      return { contentType: "application/json", body: JSON.stringify(payload) };
    case "interactive":
      return {
        contentType: form,
        body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
      };
    case "slash_commands":
      return {
        contentType: form,
        body: new URLSearchParams(
          Object.entries(payload).map(([name, value]): [string, string] => [name, String(value ?? "")]),
        ).toString(),
      };
  }
}
