/** Sends one signed callback, once, and says what became of it in a form that the schedule and a person understand. */
import type { Readable } from "node:stream";
import type { AllowList } from "./allow-list.ts";
import { checkCallbackUrl } from "./destination.ts";
import { failureWords } from "./failure-words.ts";
import { createPinnedAgent, type Resolve } from "./pinned-agent.ts";
import { parseRetryAfter } from "./retry-after.ts";

/** No answer we act on is longer; more is only read to be thrown away. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** One attempt: `id` and `body` as on every other attempt, timestamp and signature made for this one. */
export interface CallbackAttempt {
  readonly url: string;
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string | Buffer;
  /** The value of `webhook-signature`. */
  readonly signature: string;
}

export type CallbackOutcome =
  | { readonly kind: "delivered"; readonly status: number }
  | {
      readonly kind: "retry";
      /** A sentence; never has a word of the answer in it. */
      readonly why: string;
      /** Missing if there was no answer. */
      readonly status?: number;
      /** 0 to one hour. */
      readonly retryAfterMs?: number;
    }
  /** 410: the receiver wants no more of these, ever. */
  | { readonly kind: "gone" };

export interface CallbackSender {
  /** Resolves within the timeout, whatever the other side does; a failure is an outcome, not an exception. */
  send(attempt: CallbackAttempt): Promise<CallbackOutcome>;
  /** Waits for attempts under way; later ones are told to retry. May be called twice. */
  close(): Promise<void>;
}

export interface CallbackSenderOptions {
  readonly allow: AllowList;
  /** How names become addresses; the operating system's way unless given. */
  readonly resolve?: Resolve;
  /** For one attempt as a whole, from the name lookup to the last byte read; 15 s, as the contract says. */
  readonly timeoutMs?: number;
  /** For Retry-After dates. */
  readonly now?: () => number;
}

/** A sender whose connections go nowhere but to checked addresses; it follows no redirect and keeps nothing of an answer. */
export function createCallbackSender(options: CallbackSenderOptions): CallbackSender {
  const { allow, resolve, timeoutMs = 15_000, now = Date.now } = options;
  const agent = createPinnedAgent({ allow, timeoutMs, ...(resolve && { resolve }) });
  let closing: Promise<void> | undefined;
  return {
    async send(attempt) {
      // Again, although it was checked when it came in: the list may have changed since, and the row may be old.
      const destination = checkCallbackUrl(attempt.url, { allow });
      if (!destination.ok) return { kind: "retry", why: `The callback URL is refused. ${destination.why}` };
      try {
        const answer = await agent.request(destination.url, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "user-agent": "holdpoint",
            "webhook-id": attempt.id,
            "webhook-timestamp": String(attempt.timestampSeconds),
            "webhook-signature": attempt.signature,
          },
          body: attempt.body,
          // One clock for all of it: undici's own timeouts start anew with every byte a slow answer drips.
          signal: AbortSignal.timeout(timeoutMs),
        });
        await readAway(answer.body);
        return outcome(answer.statusCode, parseRetryAfter(answer.headers["retry-after"], now()));
      } catch (error) {
        return { kind: "retry", why: failureWords(error, timeoutMs) };
      }
    },
    // undici rejects a second close; a shutdown that comes twice is no error of ours.
    close: () => (closing ??= agent.close()),
  };
}

function outcome(status: number, retryAfterMs: number | undefined): CallbackOutcome {
  if (status >= 200 && status < 300) return { kind: "delivered", status };
  if (status === 410) return { kind: "gone" };
  const why =
    status >= 300 && status < 400
      ? `The receiver answered ${status}: redirects are not followed, so callback_url must be the final address.`
      : `The receiver answered ${status}.`;
  return { kind: "retry", why, status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/**
 * Reads so that a small answer can be written to its end, and then hangs up. The status is known by now: what happens to the rest
 * of the answer cannot change it. Nothing of it is kept, or a callback URL could be used to read what only we can reach.
 */
async function readAway(body: Readable): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // Too slow, or cut off.
  }
}
