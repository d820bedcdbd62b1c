/** Whether a request comes from Slack, was made just now, and was not made before. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock, RawRequest } from "../../application/ports.ts";

/** Both ways: Bolt itself lets a signed request from the future pass. */
const WINDOW_S = 300;

type Verified =
  | { readonly ok: true; readonly signature: string }
  | { readonly ok: false; readonly status: 401 | 409; readonly words: string };

export interface Verifier {
  /** Checks signature and time, and remembers the request: the same bytes are refused from now on. */
  admit(request: RawRequest): Verified;
  /** What came of it was nothing: the same bytes may come again. Slack repeats a failed event within the second. */
  forget(signature: string): void;
}

/** At 20 clicks a second, the window holds 12,000. */
const MOST_REMEMBERED = 100_000;

/** Source: docs.slack.dev, "Verifying requests from Slack". Throws when the secret is empty: an empty key signs for anybody. */
export function createVerifier(signingSecret: string, clock: Clock): Verifier {
  if (signingSecret === "")
    throw new Error("SLACK_SIGNING_SECRET is missing: copy it from Basic Information → App Credentials");
  /** Signatures in the order they came, with the second from which each is too old anyway. */
  const seen = new Map<string, number>();

  const forgetOld = (now: number) => {
    for (const [signature, until] of seen) {
      if (until >= now && seen.size < MOST_REMEMBERED) return;
      seen.delete(signature);
    }
  };

  return {
    admit({ headers, body }) {
      const now = Math.floor(clock.now() / 1_000);
      const timestamp = headers["x-slack-request-timestamp"] ?? "";
      const signature = headers["x-slack-signature"] ?? "";
      if (!/^[1-9]\d{0,11}$/.test(timestamp))
        return refuse("x-slack-request-timestamp is missing or is no whole second.");
      if (!/^v0=[0-9a-f]{64}$/.test(signature))
        return refuse("x-slack-signature is missing or is not v0= and 64 hex digits.");
      if (Math.abs(now - Number(timestamp)) > WINDOW_S)
        return refuse(
          "The request is more than five minutes away from this machine's clock: check the clock.",
        );
      if (!isSignedBy(signingSecret, timestamp, body, signature))
        return refuse(
          "The signature does not match: compare SLACK_SIGNING_SECRET with Basic Information → App Credentials.",
        );
      forgetOld(now);
      if (seen.has(signature))
        return {
          ok: false,
          status: 409,
          words: "This very request was handled before. Nothing was done again.",
        };
      seen.set(signature, Number(timestamp) + WINDOW_S);
      return { ok: true, signature };
    },
    forget: (signature) => void seen.delete(signature),
  };
}

function refuse(words: string): Verified {
  return { ok: false, status: 401, words };
}

function isSignedBy(secret: string, timestamp: string, body: Buffer, signature: string): boolean {
  const expected = createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice("v0=".length), "hex"));
}
