/** Whether a callback is Holdpoint's: Standard Webhooks, checked over the very bytes that came. */
import { webCrypto } from "./web-crypto.ts";
import type { Hold, Settled } from "./wire.ts";

export type CallbackEvent =
  | {
      readonly type: "escalation.decided" | "escalation.expired" | "escalation.withdrawn";
      readonly timestamp: string;
      readonly data: Settled;
    }
  | {
      readonly type: "hold.placed" | "hold.released";
      readonly timestamp: string;
      readonly data: Hold & { readonly agent: string };
    };

export interface ReceivedCallback {
  /** Of any framework: a `Headers`, or an object whose names may be written in any case. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body as it came, before any parsing. */
  readonly body: string | Uint8Array;
  /** The agent's `whsec_…`; two at once while one is replaced by the other. */
  readonly secrets: readonly string[];
  /** How old it may be, and how far ahead: 300 s, as the reference library has it. */
  readonly toleranceSeconds?: number;
  /** Milliseconds since 1970, for tests. */
  readonly now?: number;
}

export type VerifiedCallback =
  /** `id` is the same on every repetition: what you have had already, answer with 2xx and leave alone. */
  | { readonly ok: true; readonly id: string; readonly event: CallbackEvent }
  | { readonly ok: false; readonly why: string };

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const SIGNATURES_READ = 10;

/** Throws where a secret is not one: that is a mistake in the configuration, and no forged callback. */
export async function verifyCallback(received: ReceivedCallback): Promise<VerifiedCallback> {
  const { headers, body, secrets, toleranceSeconds = 300, now = Date.now() } = received;
  const keys = secrets.map(secretBytes);
  if (keys.length === 0) throw new Error("verifyCallback needs the signing secret that came with the key");
  const id = headerOf(headers, "webhook-id");
  const stamp = headerOf(headers, "webhook-timestamp");
  const signature = headerOf(headers, "webhook-signature");
  if (!id || !stamp || !signature)
    return no("webhook-id, webhook-timestamp and webhook-signature are needed");
  if (!/^\d{1,12}$/.test(stamp)) return no("webhook-timestamp is not in whole seconds");
  if (Math.abs(now / 1_000 - Number(stamp)) > toleranceSeconds)
    return no(
      `webhook-timestamp is more than ${toleranceSeconds} s away from this clock: a replay, or a wrong clock`,
    );
  const signed = joined(`${id}.${stamp}.`, body);
  const signatures = signature
    .split(" ", SIGNATURES_READ)
    .flatMap((one) => (one.startsWith("v1,") ? (base64(one.slice(3)) ?? []) : []));
  const { subtle } = await webCrypto();
  for (const bytes of keys) {
    const key = await subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    for (const candidate of signatures) {
      // The platform compares, in constant time.
      if (await subtle.verify("HMAC", key, candidate, signed)) return parsed(id, body);
    }
  }
  return no("no signature matches: verify the bytes as they came, with this agent's secret");
}

function parsed(id: string, body: string | Uint8Array): VerifiedCallback {
  try {
    const text = typeof body === "string" ? body : new TextDecoder().decode(body);
    const event = JSON.parse(text) as CallbackEvent;
    return typeof event?.type === "string" ? { ok: true, id, event } : no("it has no type");
  } catch {
    return no("it is signed, and no JSON");
  }
}

function headerOf(headers: ReceivedCallback["headers"], name: string): string | undefined {
  if (typeof (headers as Headers).get === "function") return (headers as Headers).get(name) ?? undefined;
  const found = Object.entries(headers).filter(([key]) => key.toLowerCase() === name);
  const [[, value] = []] = found;
  // Twice is once too often: two readers may believe different ones.
  return found.length === 1 && typeof value === "string" ? value : undefined;
}

function secretBytes(secret: string, index: number): Uint8Array<ArrayBuffer> {
  const bytes = base64(SECRET.exec(secret)?.[1] ?? "");
  if (bytes === undefined || bytes.length < 24)
    throw new Error(`Signing secret ${index + 1} is not whsec_ followed by base64: copy it again`);
  return bytes;
}

function base64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(head: string, body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const first = new TextEncoder().encode(head);
  const rest = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const bytes = new Uint8Array(first.length + rest.length);
  bytes.set(first);
  bytes.set(rest, first.length);
  return bytes;
}

function no(why: string): VerifiedCallback {
  return { ok: false, why };
}
