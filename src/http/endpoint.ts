/** One way into the API: what it is called, who may call it, what it takes; the server, the document and 405 all read this. */
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { AgentDoor, AgentRoute } from "../application/agent-route.ts";
import type { Answer } from "./answer.ts";
import type { AgentCaller, Caller } from "./authenticate.ts";
import { readBody, readQuery, type Sent } from "./body.ts";
import type { KeyReused, Remember } from "./door.ts";

/**
 * `signed`: the agent in the path, by a Standard Webhooks signature. `hook`: that, or its key, or a sender's own signature.
 * `either`: an agent or an administrator, by key.
 */
export type Who = "agent" | "admin" | "either" | "signed" | "hook" | "anybody";

type CallerOf<W extends Who> = W extends "agent" | "signed" | "hook"
  ? AgentCaller
  : W extends "admin"
    ? Extract<Caller, { kind: "admin" }>
    : W extends "either"
      ? Caller
      : null;

export interface Call<W extends Who, Query, Body> {
  readonly caller: CallerOf<W>;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly ifNoneMatch: string | undefined;
  /** Where an idempotency key was sent to an endpoint that keeps answers. */
  readonly remember: Remember | undefined;
  /** Aborted when the client goes away. Made when asked for: few requests wait. */
  gone(): AbortSignal;
}

/** What one answer is, for the API document. */
export interface AnswerKind {
  readonly says: string;
  readonly schema: z.ZodType | null;
  /** Absent: JSON. */
  readonly type?: string;
}

interface Facts<W extends Who> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `/v1/agents/{agent}`: parameters as OpenAPI writes them. */
  readonly path: string;
  readonly who: W;
  /** A short verb phrase; its first words are the operation's name in the document. */
  readonly summary: string;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
  /** Whether the same idempotency key gets the same answer again. */
  readonly keepsAnswers: boolean;
  readonly answers: Readonly<Record<number, AnswerKind>>;
  /** Brings new work of an agent's, which is refused while commits are behind. */
  readonly newWork?: true;
}

interface Spec<W extends Who, Query extends z.ZodType, Body extends z.ZodType> extends Facts<W> {
  readonly query: Query;
  readonly body: Body;
  handle(
    call: Call<W, z.output<Query>, z.output<Body>>,
  ): Answer | KeyReused | Promise<Answer> | Promise<Answer | KeyReused>;
}

/** A call whose caller is known and whose query and body are still as they came. */
export interface Arrived {
  readonly caller: Caller | null;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly sent: Sent;
  readonly headers: IncomingHttpHeaders;
  readonly ifNoneMatch: string | undefined;
  readonly remember: Remember | undefined;
  gone(): AbortSignal;
}

export interface Endpoint extends Facts<Who> {
  /** How a no is worded for clients that know another form than problem+json. */
  readonly wordsNo?: NonNullable<AgentRoute["no"]>;
  /** For a `hook` whose sender signs in a way of its own. */
  readonly sender?: NonNullable<Extract<AgentDoor, { by: "hook" }>["sender"]>;
  /** Reads and checks the query and the body, and answers. Throws `Problem`s. */
  serve(arrived: Arrived): Answer | KeyReused | Promise<Answer | KeyReused>;
}

/** No parameter is known here, so each is refused. */
export const NO_QUERY = z.strictObject({});
/** Nothing, or an empty object. */
export const NO_BODY = z.strictObject({});

export function endpoint<W extends Who, Query extends z.ZodType, Body extends z.ZodType>(
  spec: Spec<W, Query, Body>,
): Endpoint {
  const { handle, ...facts } = spec;
  return {
    ...facts,
    serve({ caller, params, query, sent, ifNoneMatch, remember, gone }) {
      return handle({
        // The server has let in only callers of the kind that `who` asks for.
        caller: caller as CallerOf<W>,
        params,
        query: readQuery(query, spec.query),
        body: hasBody(spec, sent) ? readBody(sent, spec.body) : ({} as z.output<Body>),
        ifNoneMatch,
        remember,
        gone,
      });
    },
  };
}

function hasBody({ method, body }: Facts<Who>, sent: Sent): boolean {
  if (method === "GET") return false;
  return body !== NO_BODY || (sent.raw !== undefined && sent.raw.length > 0);
}

/** `/v1/agents/{agent}` as fastify writes it. */
export function routePattern(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}
