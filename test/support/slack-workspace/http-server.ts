/** The one port: the Web API, response URLs, the page, and the upgrade to a socket. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Json, parseJson } from "./json.ts";
import type { ResponseUrls } from "./response-urls.ts";
import type { Sockets } from "./sockets.ts";
import type { ApiReply, ApiRequest } from "./web-api.ts";

export interface HttpParts {
  readonly api: (request: ApiRequest) => Promise<ApiReply>;
  readonly responseUrls: ResponseUrls;
  readonly sockets: Sockets;
  /** Serves the page and its own addresses; false when it has nothing there. */
  readonly page: (
    request: IncomingMessage,
    response: ServerResponse,
    body: () => Promise<string>,
  ) => Promise<boolean>;
}

const MAX_BODY = 2_000_000;

/** Listens on loopback only. */
export async function listen(parts: HttpParts, port: number): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    void serve(parts, request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { ok: false, error: String(error) });
      else response.destroy();
    });
  });
  server.on("upgrade", (request, socket, head) => {
    if (request.url?.startsWith("/link?") === true) parts.sockets.upgrade(request, socket, head);
    else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function serve(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://loopback");
  const body = () => readBody(request);
  if (request.method === "POST" && pathname.startsWith("/api/")) {
    const reply = await parts.api({
      method: pathname.slice("/api/".length),
      contentType: request.headers["content-type"] ?? "",
      authorization: request.headers.authorization,
      body: await body(),
    });
    sendReply(response, reply);
    return;
  }
  if (request.method === "POST" && pathname.startsWith("/response/")) {
    const answer = parts.responseUrls.receive(pathname.slice("/response/".length), parseJson(await body()));
    if (answer === undefined) sendJson(response, 404, { ok: false, error: "invalid_token" });
    else if (answer.body === "ok") response.end("ok");
    else sendJson(response, answer.status, answer.body);
    return;
  }
  if (await parts.page(request, response, body)) return;
  sendJson(response, 404, { ok: false, error: "not_found" });
}

function sendReply(response: ServerResponse, reply: ApiReply): void {
  switch (reply.kind) {
    case "answer":
      if (reply.retryAfter !== undefined) response.setHeader("Retry-After", reply.retryAfter);
      sendJson(response, reply.status, reply.body);
      return;
    case "lost":
      response.destroy();
      return;
    case "never":
      // Left open on purpose: the caller's own timeout has to end it.
      return;
  }
}

export function sendJson(response: ServerResponse, status: number, body: Json | object): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error(`The body is larger than ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
