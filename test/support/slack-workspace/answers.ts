/** What Web API methods are asked and how they answer. */
import { isObject, type Json, type JsonObject, textIn } from "./json.ts";
import { type Problem, wording } from "./shape.ts";
import type { State } from "./state.ts";

export type Arguments = Readonly<Record<string, Json>>;
export type Method = (state: State, args: Arguments) => JsonObject;

/** A refusal in Slack's words; HTTP stays 200. */
export function refuse(error: string, more: JsonObject = {}): JsonObject {
  return { ok: false, error, ...more };
}

export function refuseProblems(error: string, problems: readonly Problem[]): JsonObject {
  const errors = problems.map(wording);
  return refuse(error, {
    // Views answer `invalid_arguments` and carry the messages only.
    ...(error === "invalid_blocks" ? { errors } : {}),
    response_metadata: { messages: errors.map((text) => `[ERROR] ${text}`) },
  });
}

/** For methods whose required argument is missing. */
export function refuseMissing(name: string): JsonObject {
  return refuse("invalid_arguments", {
    response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
  });
}

export function isRefusal(answer: JsonObject): boolean {
  return answer.ok === false;
}

export function isYes(value: Json | undefined): boolean {
  return value === true || value === "true" || value === "1" || value === 1;
}

const WORD = /^[A-Za-z0-9_.-]{1,255}$/;

/** The name of what is wrong with a message's metadata, or `undefined`. `{}` is right: it removes. */
export function metadataFault(metadata: Json | undefined, maxBytes: number): string | undefined {
  if (metadata === undefined) return undefined;
  if (!isObject(metadata)) return "invalid_metadata_format";
  if (Object.keys(metadata).length === 0) return undefined;
  const { event_type: eventType, event_payload: payload, ...more } = metadata;
  if (Object.keys(more).length > 0) return "invalid_metadata_schema";
  if (!WORD.test(textIn(eventType) ?? "") || !isObject(payload)) return "invalid_metadata_schema";
  if (!Object.values(payload).every(isPayloadValue)) return "invalid_metadata_schema";
  return Buffer.byteLength(JSON.stringify(metadata), "utf8") > maxBytes ? "metadata_too_large" : undefined;
}

/** Plain values, objects of plain values, and lists of either (@slack/types, MessageMetadata). */
function isPayloadValue(value: Json | undefined): boolean {
  const isPlain = (inside: Json | undefined) => ["string", "number", "boolean"].includes(typeof inside);
  const isFlat = (inside: Json | undefined) =>
    isPlain(inside) || (isObject(inside) && Object.values(inside).every(isPlain));
  return isFlat(value) || (Array.isArray(value) && value.every(isFlat));
}
