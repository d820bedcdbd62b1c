/** The one path Slack calls: raw bytes are verified, read and handed on, and the answer waits for what becomes of them. */
import type { Clock, Log, RawRequest, RawResponse, Route } from "../../application/ports.ts";
import { isObject, type JsonObject, textAt } from "../payload.ts";
import { refusal } from "./parse.ts";
import { type Inlet, NotAcknowledged } from "./receiver.ts";
import { createVerifier } from "./verify.ts";

/** Slack's own payloads stay far below: a view holds 250 kB. */
const MOST_BYTES = 1024 * 1024;

export function createRoute(parts: {
  readonly signingSecret: string;
  readonly take: Inlet["take"];
  /** Our app's id, where it is known. */
  readonly ourApp: () => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}): Route {
  const { take, ourApp, clock, log } = parts;
  const verifier = createVerifier(parts.signingSecret, clock);

  const handle = async (request: RawRequest): Promise<RawResponse> => {
    if (request.body.length > MOST_BYTES) return words(413, "The body is larger than anything Slack sends.");
    const verified = verifier.admit(request);
    if (!verified.ok) {
      log.warn({ platform: "slack", status: verified.status }, `A request was refused. ${verified.words}`);
      return words(verified.status, verified.words);
    }
    const body = bodyOf(request);
    if (typeof body === "string") return words(400, body);
    if (body.type === "url_verification") return json({ challenge: textAt(body, "challenge") ?? "" });
    if (body.ssl_check !== undefined) return words(200, "");
    const no = refusal(body, ourApp());
    if (no !== undefined) {
      log.warn({ platform: "slack" }, `A signed payload was refused. ${no}`);
      return words(403, no);
    }
    try {
      const answer = await take(body, retryOf(request));
      return answer === undefined || answer === "" ? words(200, "") : json(answer);
    } catch (error) {
      // Slack sends a failed event again, with the same bytes when it is quick. A click is never repeated but by its person.
      if (body.type === "event_callback") verifier.forget(verified.signature);
      return words(
        503,
        error instanceof NotAcknowledged ? error.message : "Holdpoint failed. Nothing was stored.",
      );
    }
  };

  return { method: "POST", path: "/slack/events", handle };
}

/** The payload of an event (JSON), an interaction (a form with one JSON field) or a command (a form); or what is wrong. */
function bodyOf({ headers, body }: RawRequest): JsonObject | string {
  // Slack may add "; charset=utf-8", which Bolt's own receiver refuses.
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  const text = body.toString("utf8");
  switch (type) {
    case "application/json":
      return parsed(text);
    case "application/x-www-form-urlencoded": {
      const fields = new URLSearchParams(text);
      const payload = fields.get("payload");
      return payload === null ? Object.fromEntries(fields) : parsed(payload);
    }
    default:
      return "Slack sends application/json or application/x-www-form-urlencoded.";
  }
}

function parsed(text: string): JsonObject | string {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : "The payload is no JSON object.";
  } catch {
    return "The payload is no JSON.";
  }
}

function retryOf({ headers }: RawRequest) {
  const num = Number(headers["x-slack-retry-num"]);
  return Number.isInteger(num) && num > 0
    ? { num, reason: headers["x-slack-retry-reason"] ?? "" }
    : undefined;
}

function words(status: number, body: string): RawResponse {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

function json(value: unknown): RawResponse {
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(value),
  };
}
