/** Serves the page, its live state, and what a person does on it. */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Changes } from "./changes.ts";
import { sendJson } from "./http-server.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";
import { pageState } from "./page-state.ts";
import type { State } from "./state.ts";

export interface PageParts {
  readonly state: State;
  readonly changes: Changes;
  /** Performs what a person did; throws an `Error` whose message may be shown. */
  readonly act: (act: JsonObject) => Promise<unknown>;
  /** The request log and the broken limits, for tests in another process. */
  readonly inspect: () => object;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

const HEADERS = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' https: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

const FILE = /^\/(?:page\/([a-z-]+\.(html|css|js|svg)))?$/;

export function createPage(parts: PageParts) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    body: () => Promise<string>,
  ): Promise<boolean> => {
    // A page elsewhere must not reach in by a name that it points at this machine.
    if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? "")) return false;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://loopback");
    if (request.method === "GET") {
      if (pathname === "/state") {
        sendJson(response, 200, pageState(parts.state, searchParams.get("user") ?? ""));
        return true;
      }
      if (pathname === "/inspect") {
        sendJson(response, 200, parts.inspect());
        return true;
      }
      if (pathname === "/live") {
        stream(parts.changes, request, response);
        return true;
      }
      const file = FILE.exec(pathname);
      return file === null ? false : sendFile(response, file[1] ?? "index.html");
    }
    // Only a page of this origin can send JSON without being asked first.
    if (
      request.method === "POST" &&
      pathname === "/act" &&
      request.headers["content-type"] === "application/json"
    ) {
      await perform(parts, response, await body());
      return true;
    }
    return false;
  };
}

async function perform(parts: PageParts, response: ServerResponse, body: string): Promise<void> {
  const act = parseJson(body);
  if (!isObject(act)) {
    sendJson(response, 400, { error: "No JSON object" });
    return;
  }
  try {
    sendJson(response, 200, { done: (await parts.act(act)) ?? null });
  } catch (error) {
    sendJson(response, 409, { error: error instanceof Error ? error.message : String(error) });
  }
}

async function sendFile(response: ServerResponse, name: string): Promise<boolean> {
  const address = new URL(`./page/${name}`, import.meta.url);
  const content = await readFile(address).catch(() => undefined);
  if (content === undefined) return false;
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "text/plain";
  response.writeHead(200, { ...HEADERS, "content-type": type });
  response.end(content);
  return true;
}

/** Server-sent events: one word per turn of the loop, however much changed in it. */
function stream(changes: Changes, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
  response.write("data: hello\n\n");
  let isPending = false;
  const stop = changes.watch(() => {
    if (isPending) return;
    isPending = true;
    setImmediate(() => {
      isPending = false;
      response.write("data: changed\n\n");
    });
  });
  request.once("close", stop);
}
