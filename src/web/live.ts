/** Tells open pages that something has changed, as server-sent events; the page then asks for itself again. */
import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { SECOND } from "../domain/time/time.ts";
import type { BrowserKeeps } from "./browser-keeps.ts";
import type { ConsoleDeps } from "./console-deps.ts";
import { sendPage } from "./gate.ts";
import { noSessionPage } from "./pages/sign-in-page.ts";
import type { Sessions } from "./session.ts";

/** Proxies drop connections that are silent for a minute, some after half of it. */
const HEARTBEAT = 20 * SECOND;

/** Changes within this time are one: a busy fleet does not redraw a page a hundred times a second. */
const TOGETHER = 250;

/** More open pages than any team has; each costs a socket. */
const MOST_STREAMS = 500;

export function liveRoutes(
  app: FastifyInstance,
  deps: ConsoleDeps,
  parts: { readonly sessions: Sessions; readonly keeps: BrowserKeeps },
): void {
  const streams = new Set<ServerResponse>();

  app.get("/live", async (request, reply) => {
    const id = parts.keeps.sessionId(request);
    // An open tab is no sign of life: only what a person asks for is.
    const session = await parts.sessions.find(id, false);
    if (!session) return sendPage(reply, 401, noSessionPage(deps.howToSignIn));
    if (streams.size >= MOST_STREAMS) return reply.status(503).header("retry-after", "30").send();
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    stream.write("retry: 2000\n\n");
    streams.add(stream);

    let pending: NodeJS.Timeout | undefined;
    const stopListening = deps.changes.listen("*", () => {
      pending ??= setTimeout(() => {
        pending = undefined;
        stream.write("event: changed\ndata:\n\n");
      }, TOGETHER);
    });
    const heartbeat = setInterval(async () => {
      const still = await parts.sessions.find(id, false).catch(() => session);
      if (still) stream.write(": still here\n\n");
      else stream.end("event: signed-out\ndata:\n\n");
    }, HEARTBEAT);
    stream.on("close", () => {
      clearInterval(heartbeat);
      clearTimeout(pending);
      stopListening();
      streams.delete(stream);
    });
    return reply;
  });

  // Before the server waits for its connections to end: these never would.
  app.addHook("preClose", async () => {
    for (const stream of streams) stream.end();
  });
}
