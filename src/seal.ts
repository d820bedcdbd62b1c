/** Secrets at rest (AES-256-GCM) and the marks that make our buttons ours (HMAC-SHA256), under one secret of the installation. */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import type { Seal } from "./application/ports.ts";
import { INTENT_VERBS, type IntentVerb, type Listed } from "./cards/intent.ts";
import type { ActionDigest, EscalationId } from "./domain/ids.ts";

/** 96 bits: short enough for a button, far too long to guess. */
const MARK_LENGTH = 16;

/** `secret` is HOLDPOINT_SECRET: 32 bytes or more. Each use gets a key of its own. */
export function createSeal(secret: Buffer): Seal {
  // As key objects: each use of a key that is bytes takes Node 15 µs more.
  const derive = (use: string) =>
    createSecretKey(Buffer.from(hkdfSync("sha256", secret, "holdpoint", use, 32)));
  const [restKey, buttonKey] = [derive("secrets at rest"), derive("buttons")];
  const mark = (text: string) =>
    createHmac("sha256", buttonKey).update(text).digest("base64url").slice(0, MARK_LENGTH);

  return {
    close(plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", restKey, nonce);
      const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url")}`;
    },
    open(text) {
      const bytes = Buffer.from(text.replace(/^v1\./, ""), "base64url");
      try {
        const decipher = createDecipheriv("aes-256-gcm", restKey, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return decipher.update(bytes.subarray(28), undefined, "utf8") + decipher.final("utf8");
      } catch {
        throw new Error(
          "a stored secret cannot be opened: HOLDPOINT_SECRET is not the one it was sealed with; restore the old one",
        );
      }
    },
    token(intent) {
      const text = [
        intent.verb,
        intent.on,
        intent.revision,
        intent.digest?.slice("sha256:".length) ?? "",
        ...(intent.listed ? [intent.listed.map(({ on, mark }) => `${on}:${mark}`).join("~")] : []),
      ].join(".");
      return `${text}.${mark(text)}`;
    },
    intent(token) {
      const at = token.lastIndexOf(".");
      const [text, given] = [token.slice(0, at), Buffer.from(token.slice(at + 1))];
      const expected = Buffer.from(mark(text));
      if (at < 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const [verb, on, revision, digest, list] = text.split(".");
      if (!verb || on === undefined || !INTENT_VERBS.includes(verb as IntentVerb)) return undefined;
      const shown: ActionDigest | null = digest ? `sha256:${digest}` : null;
      const listed = list?.split("~").map((one): Listed => {
        const [request = "", marked = ""] = one.split(":");
        return { on: request as EscalationId, mark: marked };
      });
      return {
        ...{ verb: verb as IntentVerb, on, revision: Number(revision), digest: shown },
        ...(listed && { listed }),
      };
    },
  };
}
