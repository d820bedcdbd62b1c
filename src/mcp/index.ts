/** MCP at `/mcp` on the one port: who calls, from where, and one message at a time; the rest is loaded with the first call. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../application/ports.ts";
import { parseDuration, SECOND } from "../domain/time/time.ts";
import type { Api } from "./api.ts";
import type { Serving } from "./mcp-server.ts";
import { PERMISSION_WAIT } from "./wait.ts";

export interface McpDeps {
  /** Pages of this origin may call; of every other may not. */
  readonly publicUrl: string;
  readonly version: string;
  readonly log: Log;
}

export function createMcp(deps: McpDeps): FastifyPluginAsync {
  const home = new URL(deps.publicUrl).origin;

  return async (app) => {
    const closing = new AbortController();
    app.addHook("preClose", (done) => {
      closing.abort();
      done();
    });

    app.route({
      method: "POST",
      url: "/mcp",
      // Before the body is read: strangers send none.
      async onRequest(request, reply) {
        const { origin } = request.headers;
        // A page that got here by DNS rebinding names its own origin (MCP, transports, security warning).
        if (origin !== undefined && origin !== home)
          return refuse(reply, 403, `Pages of this origin may not call this server. It answers at ${home}.`);
        return admit(app, request, reply);
      },
      async handler(request, reply) {
        const message = parsed(request.body as Buffer | undefined);
        if (message === undefined) return refuse(reply, 400, "The body is not valid JSON.", -32700);
        // No client sends several at once since 2025-06-18, and one request should cost what one request costs.
        if (Array.isArray(message)) return refuse(reply, 400, "Send one message in a request.", -32600);
        const { permission_wait = PERMISSION_WAIT } = request.query as { readonly permission_wait?: unknown };
        const permissionWait = parseDuration(String(permission_wait));
        if (permissionWait === undefined)
          return refuse(reply, 400, "Write permission_wait as a duration, such as 50s, 15m or 1h.");
        const serving: Serving = {
          permissionWait: permissionWait / SECOND,
          api: ownApi(app, request.headers.authorization),
          version: deps.version,
          closing: closing.signal,
          onFault(tool, error) {
            deps.log.error(
              { tool, error: error instanceof Error ? error.stack : String(error) },
              "an MCP tool failed",
            );
          },
        };
        // 29 MB that most never need.
        const { exchange } = await import("./streamable-http.ts");
        const { response, close } = await exchange(serving, asWebRequest(request, home), message);
        reply.raw.once("close", close);
        if (reply.raw.destroyed) await close();
        return reply.header("x-content-type-options", "nosniff").send(response);
      },
    });

    // Nothing is said unasked and no session is kept: the specification's answer to both is 405.
    app.route({
      method: ["GET", "DELETE"],
      url: "/mcp",
      handler: (_request, reply) => refuse(reply.header("allow", "POST"), 405, "This path takes POST."),
    });
  };
}

/** Asks this server's own API with the caller's own key: its authentication, limits and checks are the ones that count. */
function ownApi(app: FastifyInstance, authorization: string | undefined): Api {
  return async ({ method, path, body, repeatKey, signal }) => {
    const reply = await app.inject({
      ...{ method, url: path, signal },
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(repeatKey === null ? {} : { "idempotency-key": repeatKey }),
        ...(body === null ? {} : { "content-type": "application/json" }),
      },
      ...(body === null ? {} : { payload: body }),
    });
    return { status: reply.statusCode, text: reply.payload, retryAfter: retryAfter(reply.headers) };
  };
}

/** Whoever may ask for their state is an agent with a good key; anybody else gets the API's own answer to that. */
async function admit(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
  const { authorization } = request.headers;
  const known = await app.inject({ url: "/v1/state", headers: authorization ? { authorization } : {} });
  if (known.statusCode === 200) return undefined;
  const challenge = known.headers["www-authenticate"];
  if (challenge !== undefined) reply.header("www-authenticate", challenge);
  return reply
    .code(known.statusCode)
    .header("content-type", known.headers["content-type"])
    .header("cache-control", "no-store")
    .send(known.payload);
}

/** The transport reads the method and the headers of it; the body is parsed already. */
function asWebRequest({ headers }: FastifyRequest, home: string): Request {
  const known = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, [value].flat().join(", ")]],
  );
  return new Request(`${home}/mcp`, { method: "POST", headers: known });
}

function parsed(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString("utf8") ?? "");
  } catch {
    return undefined;
  }
}

function retryAfter(headers: Readonly<Record<string, unknown>>): string | undefined {
  const value = headers["retry-after"];
  return typeof value === "string" ? value : undefined;
}

/** Clients of this protocol read JSON-RPC, also where the request was none. */
function refuse(reply: FastifyReply, status: number, message: string, code = -32000): FastifyReply {
  return reply
    .code(status)
    .headers({ "content-type": "application/json", "cache-control": "no-store" })
    .send(JSON.stringify({ jsonrpc: "2.0", error: { code, message }, id: null }));
}
