/** Requests as bytes, made once where they can be: the generator should cost less than what it measures. */
import { createHmac, randomBytes } from "node:crypto";
import { confidentSignal, escalation } from "./escalation.ts";
import type { Credential, Job, Kind } from "./job.ts";

/** The next request; agents take turns, so that none comes near the limits of a single key. */
export type NextRequest = () => Buffer;

export function requests(
  { kind, path }: Pick<Job, "kind" | "path">,
  host: string,
  credentials: readonly Credential[],
): NextRequest {
  const made = credentials.map((credential) =>
    path === undefined ? maker(kind, host, credential) : elsewhere(path, host, credential),
  );
  let turn = 0;
  return () => {
    const make = made[turn++ % made.length];
    if (make === undefined) throw new Error("the bench has no agents");
    return make();
  };
}

function maker(kind: Kind, host: string, { agent, key, signingSecret }: Credential): () => Buffer {
  const authorization = { authorization: `Bearer ${key}` };
  switch (kind) {
    case "state":
      return always(message("GET", "/v1/state", host, authorization));
    case "escalate":
      return always(message("POST", "/v1/escalations", host, authorization, escalation(agent)));
    case "signal":
      return always(message("POST", "/v1/signals", host, authorization, confidentSignal(agent)));
    case "escalate signed": {
      const secret = Buffer.from(signingSecret.slice("whsec_".length), "base64");
      const body = escalation(agent);
      return () => message("POST", `/v1/hooks/${agent}`, host, signature(secret, JSON.stringify(body)), body);
    }
  }
}

let sent = 0;
/** The same escalation, as somebody else takes it. */
function elsewhere(path: string, host: string, { agent }: Credential): () => Buffer {
  const body = escalation(agent);
  const to = () => path.replace("{n}", String(process.hrtime.bigint()) + String(sent++));
  if (!path.includes("{n}")) return always(message("POST", path, host, {}, body));
  return () => message("POST", to(), host, {}, body);
}

function always(bytes: Buffer): () => Buffer {
  return () => bytes;
}

/** Standard Webhooks, with an id of its own each time. */
function signature(secret: Buffer, body: string): Readonly<Record<string, string>> {
  const id = `msg_${randomBytes(16).toString("base64url")}`;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const mac = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${mac}` };
}

function message(
  method: string,
  path: string,
  host: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Buffer {
  const text = body === undefined ? "" : JSON.stringify(body);
  const all = {
    host,
    ...headers,
    ...(body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${text}`);
}
