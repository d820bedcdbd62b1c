/** Calls Slack's Web API exactly once each, and says in one word what is known of the outcome. */
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from "@slack/web-api";
import type { Log } from "../../application/ports.ts";
import { isObject, type JsonObject, listAt } from "../payload.ts";
import { quietLogger } from "./logger.ts";

export type Outcome =
  | { readonly kind: "ok"; readonly data: JsonObject }
  /** Slack's definite no; `pointers` names the parts of a view or message it dislikes. */
  | { readonly kind: "refused"; readonly error: string; readonly pointers: readonly string[] }
  /** Not done; no sooner than in `after` milliseconds. */
  | { readonly kind: "limited"; readonly after: number }
  /** It never reached Slack. */
  | { readonly kind: "unsent"; readonly why: string }
  /** Nobody knows whether it was done. */
  | { readonly kind: "unknown"; readonly why: string };

export interface Client {
  /** Never throws, never repeats. */
  call(method: string, args: Readonly<Record<string, unknown>>): Promise<Outcome>;
}

export interface ClientOptions {
  readonly botToken: string;
  /** Null: Slack's own. */
  readonly apiUrl: string | null;
  /** For one call as a whole. */
  readonly timeoutMs: number;
  readonly log: Log;
}

export function createClient(options: ClientOptions): Client {
  const web = new WebClient(options.botToken, webClientOptions(options));
  return {
    async call(method, args) {
      try {
        const data = await web.apiCall(method, { ...args });
        return { kind: "ok", data: isObject(data) ? data : {} };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

/**
 * The library would send a message up to eleven times, wait without end and stop every other call while one is rate limited:
 * each of these is ours to decide, and our outbox does.
 */
export function webClientOptions({
  apiUrl,
  timeoutMs,
  log,
}: Pick<ClientOptions, "apiUrl" | "timeoutMs" | "log">) {
  return {
    retryConfig: { retries: 0 },
    timeout: timeoutMs,
    rejectRateLimitedCalls: true,
    logger: quietLogger(log),
    ...(apiUrl !== null && { slackApiUrl: apiUrl }),
  };
}

/** "It's possible some aspect of the operation succeeded before the error was raised" (docs.slack.dev on each method). */
const AMBIGUOUS = new Set(["internal_error", "fatal_error", "service_unavailable"]);
const LIMITED = new Set(["ratelimited", "rate_limited", "message_limit_exceeded"]);
/** Without a hint from Slack. */
const LIMITED_FOR_MS = 30_000;

function outcomeOf(error: unknown): Outcome {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: "limited", after: Math.max(1, error.retryAfter) * 1_000 };
  if (error instanceof WebAPIPlatformError) return outcomeOfAnswer(error.data.error, error.data);
  if (error instanceof WebAPIHTTPError) {
    const why = `Slack, or a proxy before it, answered ${error.statusCode}.`;
    return error.statusCode >= 500 ? { kind: "unknown", why } : { kind: "unsent", why };
  }
  if (error instanceof WebAPIRequestError) return outcomeOfFailure(error.original);
  const words = error instanceof Error ? error.message : "";
  // The library throws a plain error on a 429 whose Retry-After it can't read.
  if (words.startsWith("Retry header")) return { kind: "limited", after: LIMITED_FOR_MS };
  return outcomeOfFailure(error);
}

function outcomeOfAnswer(word: unknown, data: unknown): Outcome {
  // A proxy's page with status 200 also ends up here: no word of Slack's, so nothing is known.
  if (typeof word !== "string" || !/^[a-z][a-z0-9_:]*$/i.test(word))
    return {
      kind: "unknown",
      why: "Something other than Slack answered: look at the proxy between Holdpoint and Slack.",
    };
  if (AMBIGUOUS.has(word)) return { kind: "unknown", why: `Slack answered ${word}.` };
  if (LIMITED.has(word)) return { kind: "limited", after: LIMITED_FOR_MS };
  return { kind: "refused", error: word, pointers: pointersIn(data) };
}

/** Only where, not what: the messages may quote the card. */
function pointersIn(data: unknown): string[] {
  return listAt(data, "response_metadata", "messages").flatMap((message) => {
    const found = /json-pointer:([^\]\s]+)/.exec(String(message))?.[1];
    return found === undefined ? [] : [found];
  });
}

/** What fails before a byte is sent. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_INVALID_URL",
]);

function outcomeOfFailure(error: unknown): Outcome {
  const code = codeOf(error);
  if (code !== undefined && NEVER_SENT.has(code))
    return { kind: "unsent", why: `Slack can't be reached (${code}).` };
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError") return { kind: "unknown", why: "Slack did not answer in time." };
  return { kind: "unknown", why: `The connection to Slack failed (${code ?? (name || "unknown")}).` };
}

function codeOf(error: unknown): string | undefined {
  for (let here = error; here instanceof Error; here = here.cause) {
    if ("code" in here && typeof here.code === "string") return here.code;
  }
  return undefined;
}
