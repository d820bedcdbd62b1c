/** Reads what a caller sent, strictly: bytes to text, text to JSON, JSON to what the contract describes. Nothing is guessed. */
import type { z } from "zod";
import type { FieldProblem } from "../domain/refusal.ts";
import { fieldProblems } from "./field-problems.ts";
import { brokenRule } from "./json-rules.ts";
import { invalid, Problem, unreadable } from "./problem.ts";

/** Bytes of a body, here and in the server (wire contract: 256 KB). */
export const BODY_LIMIT = 256 * 1024;

/** `application/json`, with no charset or with the only one JSON has. */
const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a request says of its body. */
export interface Sent {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** Undefined or empty: nothing was sent. */
  readonly raw: Buffer | undefined;
}

/**
 * The body as the schema has it. Throws a `Problem`: 415 for what is not called JSON, 400 for what is not JSON, 422 for
 * JSON that breaks a rule or the schema, with a pointer to each place.
 */
export function readBody<Schema extends z.ZodType>(sent: Sent, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(readJson(sent));
  if (parsed.success) return parsed.data;
  throw invalid(fieldProblems(parsed.error.issues));
}

/** Query parameters, by name; each may come once. */
export function readQuery<Schema extends z.ZodType>(query: unknown, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  throw invalid(fieldProblems(parsed.error.issues).map(asParameter));
}

function asParameter({ pointer, detail }: FieldProblem): FieldProblem {
  return { pointer, detail: `query parameter: ${detail}` };
}

function readJson({ contentType, contentEncoding, raw }: Sent): unknown {
  if (!raw || raw.length === 0) throw unreadable("The body is empty: send a JSON object.");
  if (!contentType || !JSON_TYPE.test(contentType)) {
    throw notJson("Send JSON, with the header Content-Type: application/json.");
  }
  if (contentEncoding && contentEncoding.toLowerCase() !== "identity") {
    throw notJson("Send the body uncompressed, without a Content-Encoding.");
  }
  const text = decode(raw);
  const value = parse(text);
  const broken = brokenRule(value, text);
  if (broken) throw invalid([broken]);
  return value;
}

function notJson(detail: string): Problem {
  return new Problem(415, "not_json", detail, { errors: [{ pointer: "", detail }] });
}

function decode(raw: Buffer): string {
  if (raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf) {
    throw unreadable("The body starts with a byte order mark: send it without.");
  }
  try {
    return utf8.decode(raw);
  } catch {
    throw unreadable("The body is not valid UTF-8.");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message repeats what was sent.
    throw unreadable("The body is not valid JSON.");
  }
}
