/** The one HTTP server: the API, what chat platforms send, and the console, on one port, with every timeout finite. */
import type { AddressInfo, Socket } from "node:net";
import fastify, { type FastifyInstance, type onResponseHookHandler, type RouteOptions } from "fastify";
import { agentRouteEndpoint, atHook } from "./agent-route.ts";
import { agentEndpoints } from "./agent-routes.ts";
import { replied, text } from "./answer.ts";
import { anything } from "./answer-schemas.ts";
import { authenticator } from "./authenticate.ts";
import { type BackPressure, backPressure } from "./back-pressure.ts";
import { BODY_LIMIT } from "./body.ts";
import { departures } from "./departures.ts";
import { DOCS_POLICY, docsPage } from "./docs-page.ts";
import type { HttpDoor } from "./door.ts";
import { type Endpoint, endpoint, NO_BODY, NO_QUERY } from "./endpoint.ts";
import { answerErrors, badPath, malformed } from "./errors.ts";
import { escalationEndpoints } from "./escalation-routes.ts";
import { healthEndpoints } from "./health-routes.ts";
import { idempotency } from "./idempotency.ts";
import { type LongPolls, longPolls } from "./long-poll.ts";
import { type Metrics, metrics } from "./metrics.ts";
import { type Gate, mount } from "./mount.ts";
import { mountRaw } from "./mount-raw.ts";
import { apiDocument } from "./openapi.ts";
import { oversightEndpoints } from "./oversight-routes.ts";
import { portions } from "./portions.ts";
import { stateEndpoints } from "./state-route.ts";
import { openLimit, writeLimit } from "./write-limit.ts";

export interface Server {
  /** Resolves to the base URL once connections are taken. Port 0 picks a free one. */
  listen(host: string, port: number): Promise<string>;
  /** Takes no more connections, answers whoever waits, and lets running requests end, for `limits.drainMs` at most. */
  close(): Promise<void>;
  readonly app: FastifyInstance;
}

/** A request has to have arrived by then; answering may take longer, as a long-poll does. */
const REQUEST_MS = 30_000;
const HEADERS_MS = 15_000;
/** Longer than the longest long-poll, and than what load balancers keep connections for. */
const IDLE_MS = 75_000;
const SILENT_SOCKET_MS = 120_000;

export async function createServer(door: HttpDoor): Promise<Server> {
  const app = fastify({
    logger: false,
    trustProxy: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: IDLE_MS,
    connectionTimeout: SILENT_SOCKET_MS,
    http: { headersTimeout: HEADERS_MS },
    // While closing, what has arrived is still answered, with `Connection: close`.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    clientErrorHandler: malformed,
    // Bodies are checked and answers written without it; left out, Fastify loads compilers for schemas that no route has.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: badPath,
  });
  const polls = longPolls(door.changes, door.limits.longPolls);
  const pressure = backPressure(door);
  const measured = metrics(door, { longPolls: polls.count, refused: pressure.refused });
  const open = connections(app);
  let closing = false;

  app.decorateRequest("caller", null);
  // Bytes stay bytes: signatures are made over them, and the rules for JSON are ours.
  app.removeAllContentTypeParsers();
  // The framework finds a parser by its type's name at once, and the one for all others only after reading the header again.
  for (const type of ["application/json", "*"]) {
    app.addContentTypeParser(type, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  }
  app.addHook("onRoute", (route) => countAnswers(measured, route));
  app.addHook("preClose", (done) => {
    closing = true;
    polls.close();
    done();
  });
  app.addHook("onClose", async () => measured.close());

  const endpoints = allEndpoints(door, { polls, measured, pressure }, () => closing);
  answerErrors(app, door, endpoints);
  const who = authenticator(door);
  const gate: Gate = {
    authenticator: who,
    atHook: (arrived, sender) => atHook(who, arrived, sender),
    takeWrite: writeLimit(door.limits, door.clock),
    admit: pressure.admit,
    takeTurn: portions(),
    once: idempotency(door),
    nextDeparture: departures(),
  };
  for (const one of endpoints) mount(app, gate, one);
  for (const route of door.routes) mountRaw(app, route);
  for (const plugin of door.plugins) app.register(plugin);
  await app.ready();

  return {
    app,
    async listen(host, port) {
      await app.listen({ host, port });
      return baseUrl(host, app.server.address() as AddressInfo);
    },
    close: () => drained(app, open, door.limits.drainMs),
  };
}

interface Inside {
  readonly polls: LongPolls;
  readonly measured: Metrics;
  readonly pressure: BackPressure;
}

function allEndpoints(
  door: HttpDoor,
  { polls, measured, pressure }: Inside,
  closing: () => boolean,
): readonly Endpoint[] {
  const checkOpen = openLimit(door.limits, door.store);
  const checks = { checkOpen, admit: pressure.admit };
  const endpoints: Endpoint[] = [
    ...stateEndpoints(door, polls),
    ...escalationEndpoints(door, polls, checkOpen),
    ...door.agentRoutes.map((route) => agentRouteEndpoint(door, polls, checks, route)),
    ...agentEndpoints(door),
    ...oversightEndpoints(door),
    ...healthEndpoints(door, { measured, pressure }, closing),
  ];
  const anybody = {
    method: "GET",
    who: "anybody",
    query: NO_QUERY,
    body: NO_BODY,
    keepsAnswers: false,
  } as const;
  let json = "";
  let page = "";
  endpoints.push(
    endpoint({
      ...anybody,
      path: "/openapi.json",
      summary: "Read the API document",
      answers: { 200: { says: "OpenAPI 3.1.", schema: anything } },
      handle: () => replied(200, json),
    }),
    endpoint({
      ...anybody,
      path: "/docs",
      summary: "Read the API document as a page",
      answers: { 200: { says: "HTML, without scripts.", schema: null, type: "text/html" } },
      handle: () => text("text/html; charset=utf-8", page, { "content-security-policy": DOCS_POLICY }),
    }),
  );
  const document = apiDocument(endpoints, door.version);
  json = JSON.stringify(document);
  page = docsPage(document);
  return endpoints;
}

/** Counts a route's answers by status, whoever registered it. */
function countAnswers(measured: Metrics, route: RouteOptions): void {
  const statuses = measured.route(String(route.method), route.url);
  const count: onResponseHookHandler = (_request, { statusCode }, done) => {
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    done();
  };
  route.onResponse = [count, ...[route.onResponse ?? []].flat()];
}

/** Everybody who is connected, to find those who have not said anything yet. */
function connections(app: FastifyInstance): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  app.server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return open;
}

/** Idle connections are closed again and again: one becomes idle whenever its last answer has gone out. */
async function drained(app: FastifyInstance, open: ReadonlySet<Socket>, withinMs: number): Promise<void> {
  const sweep = setInterval(() => {
    app.server.closeIdleConnections();
    // Browsers connect in advance; to Node a connection that never sent anything is a request that is still arriving.
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  }, 50);
  const end = setTimeout(() => app.server.closeAllConnections(), withinMs);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(end);
  }
}

/** As somebody on this machine reaches it: "any address" is no address to call. */
function baseUrl(host: string, { port, family }: AddressInfo): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reachable.includes(":") && family === "IPv6" ? `[${reachable}]` : reachable}:${port}`;
}

function noSchemas(): never {
  throw new Error("a route has a Fastify schema: check its body and write its answer as the other routes do");
}
