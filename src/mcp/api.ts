/** How the tools reach Holdpoint: through its own API, so that every check and limit of that door holds here too. */
import type { z } from "zod";

export interface Call {
  readonly method: "GET" | "POST";
  /** With its query, such as `/v1/state?capability=send_email`. */
  readonly path: string;
  /** JSON text. */
  readonly body: string | null;
  /** Sent as `Idempotency-Key`: the same key and body are answered once and the same. */
  readonly repeatKey: string | null;
  /** Milliseconds that an answer may take. */
  readonly within: number;
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  /** What stood in `Retry-After`. */
  readonly retryAfter: string | undefined;
}

/** One call with the agent's own key. Rejects when nobody answered. */
export type Api = (call: Call) => Promise<Reply>;

/** What one tool call has at hand. */
export interface Desk {
  readonly api: Api;
  /** Aborted when the caller no longer listens. */
  readonly gone: AbortSignal;
  /** Aborted when this server stops: whoever waits is answered with what is known. */
  readonly closing: AbortSignal;
  /** Seconds that a client's permission tool may take. */
  readonly permissionWait: number;
  /** Tells a caller who asked for it that the call is still under way. */
  stillWaiting(words: string): void;
}

/** A tool could not do what was asked. The message is for the model: what happened, and what to do next. */
export class ToolProblem extends Error {
  override readonly name = "ToolProblem";
}

const ANSWER_MS = 15_000;

export function get<Shape extends z.ZodType>(
  desk: Desk,
  path: string,
  shape: Shape,
  waitSeconds = 0,
): Promise<z.output<Shape>> {
  const within = waitSeconds * 1_000 + ANSWER_MS;
  return ask(desk, { method: "GET", path, body: null, repeatKey: null, within }, shape);
}

export function post<Shape extends z.ZodType>(
  desk: Desk,
  path: string,
  body: object,
  shape: Shape,
  repeatKey: string | null = null,
): Promise<z.output<Shape>> {
  return ask(desk, { method: "POST", path, body: written(body), repeatKey, within: ANSWER_MS }, shape);
}

/** The answer, as its shape has it. Throws a `ToolProblem` for every other: no answer is read as a yes. */
async function ask<Shape extends z.ZodType>(
  { api, gone }: Desk,
  call: Omit<Call, "signal">,
  shape: Shape,
): Promise<z.output<Shape>> {
  const reply = await api({ ...call, signal: gone });
  const body = read(reply.text);
  if (reply.status >= 300) throw new ToolProblem(refusal(reply, body));
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ToolProblem(`Holdpoint's answer could not be read. ${TREAT_AS_HELD}`);
}

/** The way to go on when nobody knows what a person wants. */
export const TREAT_AS_HELD =
  "Nobody has decided anything, so treat the action as held: do not do it, and try again later.";

function written(body: object): string {
  try {
    return JSON.stringify(body);
  } catch (error) {
    if (error instanceof RangeError)
      throw new ToolProblem("The arguments are nested too deeply: flatten them.");
    throw error;
  }
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a problem (RFC 9457) says, and what to do about it. */
function refusal({ status, retryAfter }: Reply, body: unknown): string {
  const { detail, errors } = (body ?? {}) as {
    readonly detail?: unknown;
    readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  };
  const said = typeof detail === "string" ? detail : `Holdpoint answered with status ${status}.`;
  const rest = Array.isArray(errors) ? errors.slice(1).map((one) => `${one.pointer}: ${one.detail}`) : [];
  return [said, ...rest, advice(status, retryAfter)].join(" ");
}

function advice(status: number, retryAfter: string | undefined): string {
  if (status === 401 || status === 403)
    return "This is for the operator: give this MCP server the agent's own key, from `holdpoint keys create <agent>`. Until then treat every action as held.";
  if (status === 404) return "Use an id that request_decision, ask_human, check_signal or flag gave to you.";
  if (status === 409 && retryAfter === undefined) return "Call await_decision to see where it stands.";
  if (retryAfter !== undefined) return `Call again in ${retryAfter} s; until then treat the action as held.`;
  if (status < 500) return "Correct the arguments and call the tool again.";
  return TREAT_AS_HELD;
}
