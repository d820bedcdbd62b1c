/** Signs what we send and verifies what agents send: Standard Webhooks 1.0.0, with the gaps of its text closed. */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

const SECRET_PREFIX = "whsec_";
/** Standard Webhooks asks for 24 to 64 random bytes; what we make ourselves has as many as the digest. */
const SECRET_BYTES = { least: 24, most: 64, ours: 32 } as const;

/** A header may carry thousands of signatures; a sender that rotates needs two. */
const MAX_SIGNATURES_READ = 10;

/** `v1,` and the base64 of 32 bytes. */
const SIGNATURE_LENGTH = "v1,".length + 44;

/**
 * Printable ASCII without the dot. The signed text is `id.timestamp.body`, so that with dots in ids one signature
 * fits two messages: ("a.1", 2, "x") and ("a", 1, "2.x").
 */
const MESSAGE_ID = /^[\x21-\x2d\x2f-\x7e]{1,255}$/;

/** Whole Unix seconds as everybody writes them: `1e9`, `+1`, ` 1`, `01` and `1abc` are what lenient parsers let in. */
const UNIX_SECONDS = /^[1-9][0-9]{0,15}$/;

/** Secrets decoded once, to verify or sign many times: decoding costs more than a signature. */
export interface PreparedSecrets {
  readonly hmacKeys: readonly KeyObject[];
}

/** Secrets as they are stored (`whsec_…`), or prepared for a path that is walked often. */
export type Secrets = readonly string[] | PreparedSecrets;

export type SecretCheck = { readonly ok: true } | { readonly ok: false; readonly why: string };

export type Verification =
  | { readonly ok: true; readonly id: string /** Unix seconds. */; readonly timestamp: number }
  | { readonly ok: false /** A sentence for whoever builds the agent. */; readonly why: string };

/** What one message is signed over. */
export interface Signable {
  /** 1 to 255 printable ASCII characters without a dot; the same on every attempt. */
  readonly id: string;
  /** Unix seconds; later on every attempt. */
  readonly timestampSeconds: number;
  readonly body: string | Buffer;
  /** Two while rotating: the receiver may know either. */
  readonly secrets: Secrets;
}

/** What arrived, untouched: headers as node:http gives them, the body before any decoding. */
export interface Received {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawBody: Buffer;
  /** All that may have signed it: the current one and, while rotating, the one before. */
  readonly secrets: Secrets;
  readonly nowMs: number;
  /** How far the sender's clock may be off, either way; five minutes as in the reference library. */
  readonly toleranceSeconds?: number;
}

/** A new secret of 32 bytes, in the form its owner pastes into a configuration. */
export function newSigningSecret(randomBytes: (size: number) => Uint8Array): string {
  return SECRET_PREFIX + Buffer.from(randomBytes(SECRET_BYTES.ours)).toString("base64");
}

/** Whether a text is a usable secret; the reason never repeats it. */
export function checkSecret(text: string): SecretCheck {
  const decoded = decodeSecret(text);
  return typeof decoded === "string" ? { ok: false, why: decoded } : { ok: true };
}

/** Decodes secrets for repeated use. Throws at the first that `checkSecret` refuses, and names its place, not its text. */
export function prepareSecrets(secrets: readonly string[]): PreparedSecrets {
  const hmacKeys = secrets.map((text, index) => {
    const decoded = decodeSecret(text);
    if (typeof decoded === "string")
      throw new Error(`Signing secret ${index + 1} of ${secrets.length}: ${decoded}`);
    // Measured: with a KeyObject an HMAC of 2 KB takes 3 µs, with the bytes themselves 13 µs.
    return createSecretKey(decoded);
  });
  return { hmacKeys };
}

/**
 * The value of `webhook-signature`: one `v1,…` per secret, separated by a space.
 * Throws for what no receiver could verify: an id with a dot, a fraction of a second, no secret.
 */
export function signWebhook(message: Signable): string {
  const { id, timestampSeconds, body } = message;
  if (!MESSAGE_ID.test(id)) {
    throw new Error("A webhook id is 1 to 255 printable ASCII characters, without a dot or a space");
  }
  if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 1) {
    throw new Error(`A webhook timestamp is in whole Unix seconds, not ${timestampSeconds}`);
  }
  const { hmacKeys } = prepared(message.secrets);
  if (hmacKeys.length === 0) throw new Error("A webhook needs a secret to be signed with");
  return hmacKeys.map((key) => signature(key, id, String(timestampSeconds), body)).join(" ");
}

/**
 * Whether a message was signed with one of the secrets, not long ago. Cheap checks come first, so that junk costs no HMAC.
 * Throws only if a secret given as text is unusable.
 */
export function verifyWebhook(received: Received): Verification {
  const { headers, rawBody, nowMs, toleranceSeconds = 300 } = received;
  const id = single(headers["webhook-id"]);
  const stamp = single(headers["webhook-timestamp"]);
  const signatures = single(headers["webhook-signature"]);
  if (id === undefined || stamp === undefined || signatures === undefined) {
    return no("webhook-id, webhook-timestamp and webhook-signature are needed, each exactly once.");
  }
  if (!MESSAGE_ID.test(id)) {
    return no(
      "webhook-id must be 1 to 255 printable ASCII characters, without a dot or a space, and be sent once.",
    );
  }
  const timestamp = Number(stamp);
  if (!UNIX_SECONDS.test(stamp) || !Number.isSafeInteger(timestamp)) {
    return no("webhook-timestamp must be whole Unix seconds, digits only, and be sent once.");
  }
  const ageMs = nowMs - timestamp * 1000;
  if (ageMs > toleranceSeconds * 1000) {
    return no(
      `webhook-timestamp is more than ${toleranceSeconds} s old: sign every attempt afresh, check the clock.`,
    );
  }
  if (ageMs < -toleranceSeconds * 1000) {
    return no(`webhook-timestamp is more than ${toleranceSeconds} s ahead: send seconds, check the clock.`);
  }
  const candidates = readSignatures(signatures);
  if (candidates === "repeated")
    return no("webhook-signature must be sent once, with spaces between signatures.");
  if (candidates.length === 0)
    return no("webhook-signature has no signature of the form v1,<base64 of 32 bytes>.");

  for (const key of prepared(received.secrets).hmacKeys) {
    const expected = Buffer.from(signature(key, id, stamp, rawBody));
    for (const candidate of candidates) {
      if (timingSafeEqual(candidate, expected)) return { ok: true, id, timestamp };
    }
  }
  return no(
    "No signature matches: sign id.timestamp.body over the very bytes sent, with this agent's secret.",
  );
}

/** Compared as text, not as bytes: base64 has several spellings of the same bytes, and only one of them is ours. */
function signature(key: KeyObject, id: string, timestamp: string, body: string | Buffer): string {
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64")}`;
}

/** The v1 signatures among the first ten entries; others (`v1a,` is ed25519) are for other readers and are passed over. */
function readSignatures(header: string): readonly Buffer[] | "repeated" {
  const found: Buffer[] = [];
  let start = 0;
  for (let read = 0; read < MAX_SIGNATURES_READ && start < header.length; read++) {
    const space = header.indexOf(" ", start);
    const end = space === -1 ? header.length : space;
    const entry = header.slice(start, end);
    // node:http joins a header that came twice with a comma, and base64 has none: a second comma is a second header.
    if (entry.indexOf(",") !== entry.lastIndexOf(",")) return "repeated";
    if (entry.startsWith("v1,")) {
      const bytes = Buffer.from(entry);
      if (bytes.length === SIGNATURE_LENGTH) found.push(bytes);
    }
    start = end + 1;
  }
  return found;
}

/** A header's value if it came exactly once and is not empty. */
function single(value: string | readonly string[] | undefined): string | undefined {
  const one = typeof value === "string" ? value : value?.length === 1 ? value[0] : undefined;
  return one === "" ? undefined : one;
}

function prepared(secrets: Secrets): PreparedSecrets {
  return "hmacKeys" in secrets ? secrets : prepareSecrets(secrets);
}

/** The bytes of a secret, or why it has none that we would use. */
function decodeSecret(text: string): Buffer | string {
  if (/^wh[sp]k_/.test(text)) return "this is an ed25519 key; an HMAC secret, whsec_…, is needed.";
  const encoded = text.startsWith(SECRET_PREFIX) ? text.slice(SECRET_PREFIX.length) : text;
  const bytes = Buffer.from(encoded, "base64");
  // Buffer skips what is not base64; only the round trip shows that nothing was skipped.
  if (bytes.toString("base64") !== encoded)
    return "it must be whsec_ followed by standard base64, with its padding.";
  if (bytes.length < SECRET_BYTES.least || bytes.length > SECRET_BYTES.most) {
    return `it must be ${SECRET_BYTES.least} to ${SECRET_BYTES.most} random bytes, and is ${bytes.length}.`;
  }
  return bytes;
}

function no(why: string): Verification {
  return { ok: false, why };
}
