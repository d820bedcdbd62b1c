/** Turns whatever goes wrong into problem+json: our own noes, the framework's, unknown paths, faults, and broken HTTP. */
import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isStoreAway } from "../application/store-away.ts";
import { API_HEADERS } from "./answer.ts";
import type { HttpDoor } from "./door.ts";
import type { Endpoint } from "./endpoint.ts";
import { fault, notFound, PROBLEM_JSON, Problem, problemBody, unavailable, unreadable } from "./problem.ts";

export function answerErrors(
  app: FastifyInstance,
  door: Pick<HttpDoor, "log" | "store">,
  endpoints: readonly Endpoint[],
): void {
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const problem = asProblem(error) ?? (await ours(door, error, request));
    if (problem.status < 500) {
      door.log.info({ ...where(request), status: problem.status, code: problem.code }, "refused");
    }
    return sendProblem(reply, problem);
  });

  const known = endpoints.map(({ method, path }) => ({
    method: method as string,
    pattern: pathPattern(path),
  }));
  app.setNotFoundHandler((request, reply) => {
    const [path = ""] = request.url.split("?", 1);
    const allowed = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (allowed.length === 0) return sendProblem(reply, notFound("such path"));
    const allow = [
      ...new Set(allowed.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]))),
    ].join(", ");
    const detail = `This path takes ${allow}.`;
    return sendProblem(reply, new Problem(405, "method_not_allowed", detail, { headers: { allow } }));
  });
}

/** A path that the router itself refuses: it cannot be decoded, or is longer than any of ours. */
export function badPath(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const undecodable = error.code === "FST_ERR_BAD_URL";
  sendProblem(reply, undecodable ? unreadable("The path cannot be decoded.") : notFound("such path"));
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { wordsNo } = reply.request.routeOptions.config ?? {};
  reply.code(problem.status).headers(API_HEADERS).headers(problem.headers);
  if (wordsNo) return reply.send(wordsNo({ code: problem.code, detail: problem.message }));
  return reply.header("content-type", PROBLEM_JSON).send(problemBody(problem));
}

/** What a client did wrong before any of our code saw it; undefined for a fault of ours. */
function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  const { code, statusCode } = error as Partial<FastifyError>;
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new Problem(413, "too_large", "The body is larger than this path takes (256 KB for the API).", {
        errors: [{ pointer: "", detail: "Send less than 256 KB." }],
      });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new Problem(415, "not_json", "Send JSON, with the header Content-Type: application/json.", {
        errors: [{ pointer: "", detail: "The Content-Type is not one." }],
      });
  }
  if (
    typeof code === "string" &&
    code.startsWith("FST_") &&
    statusCode &&
    statusCode >= 400 &&
    statusCode < 500
  ) {
    return unreadable("The request is not valid HTTP for this path.");
  }
  return undefined;
}

/** A fault: the caller learns only whether to come back, because the store may be the cause. */
async function ours(
  { log, store }: Pick<HttpDoor, "log" | "store">,
  error: unknown,
  request: FastifyRequest,
): Promise<Problem> {
  // A database that was away a moment ago may be back by now.
  const writable =
    !isStoreAway(error) &&
    (await store.ping().then(
      () => true,
      () => false,
    ));
  const facts = { ...where(request), error: error instanceof Error ? error.stack : String(error) };
  log.error(facts, writable ? "a request failed" : "a request failed: the store does not take writes");
  if (writable) return fault();
  return unavailable("Nothing can be stored at the moment, so nothing was done: repeat this later.", 5);
}

function where(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const { caller } = request;
  return {
    method: request.method,
    // The pattern, never the URL: that may hold what an agent calls its customers.
    route: request.routeOptions.url ?? "unknown",
    ...(caller?.kind === "agent" ? { agent: caller.agent.id } : {}),
  };
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`);
}

/** What is no HTTP never becomes a request; it still gets an answer it can read. */
export function malformed(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem =
    error.code === "HPE_HEADER_OVERFLOW"
      ? new Problem(431, "headers_too_large", "The headers are larger than 16 KB.")
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? new Problem(408, "too_slow", "The request took too long to arrive.")
        : unreadable("This is not valid HTTP.");
  const body = problemBody(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.code}`,
    `content-type: ${PROBLEM_JSON}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
