/** Who gets in: every page asks for a session, every change also for a request of our own making. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { FLEET } from "../domain/ids.ts";
import type { BrowserKeeps } from "./browser-keeps.ts";
import type { ConsoleDeps } from "./console-deps.ts";
import { type Html, html, source } from "./html.ts";
import { door, type Flash, layout } from "./layout.ts";
import { noSessionPage } from "./pages/sign-in-page.ts";
import type { Session, Sessions } from "./session.ts";

/** The script's own requests carry this: they are no sign of life of a person, and use up no answer. */
const LIVE_HEADER = "x-holdpoint-live";

/** One request of somebody who is signed in. */
export interface Visit {
  readonly session: Session;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly now: number;
  /** Sends a page. A flash given here is said on it; otherwise what the gesture before was answered with. */
  show(page: { title: string; main: Html; status?: number; flash?: Flash }): Promise<FastifyReply>;
  /** Sends the browser on to a page that says what happened. */
  go(path: string, flash: Flash): FastifyReply;
}

/** A visit that changes something. */
export interface Act extends Visit {
  readonly body: URLSearchParams;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

export interface Gate {
  read(handler: (visit: Visit) => Promise<FastifyReply>): Handler;
  act(handler: (act: Act) => Promise<FastifyReply>): Handler;
  /** For the door itself, where there is no session yet: only the origin is asked. */
  fromOurPages(handler: Handler): Handler;
}

export function createGate(deps: ConsoleDeps, sessions: Sessions, keeps: BrowserKeeps): Gate {
  const publicOrigin = new URL(deps.publicUrl).origin;

  function visit(session: Session, request: FastifyRequest, reply: FastifyReply): Visit {
    return {
      ...{ session, request, reply, now: deps.clock.now() },
      async show({ title, main, status, flash }) {
        const path = new URL(request.url, deps.publicUrl).pathname;
        const said = flash ?? (isLive(request) ? null : keeps.takeFlash(request, reply, session));
        const dead = await deps.store.callbacks.inState("dead", 100);
        const fleet = deps.holdIndex.of(FLEET).holds;
        const live = request.method === "GET";
        const frame = { session, path, flash: said, fleet, dead: dead.length, live };
        return sendPage(reply, status ?? 200, layout(title, frame, main));
      },
      go(path, flash) {
        keeps.keepFlash(reply, session, flash);
        return reply.redirect(path, 303);
      },
    };
  }

  const fromOurPages =
    (handler: Handler): Handler =>
    async (request, reply) =>
      isOurs(request, publicOrigin)
        ? handler(request, reply)
        : forbidden(reply, "This request did not come from a page of this console, so nothing was changed.");

  return {
    fromOurPages,
    read: (handler) => async (request, reply) => {
      const session = await sessions.find(keeps.sessionId(request), !isLive(request));
      if (session) return handler(visit(session, request, reply));
      if (!isLive(request)) keeps.keepWanted(reply, request.url);
      return sendPage(reply, 401, noSessionPage(deps.howToSignIn));
    },
    act: (handler) =>
      fromOurPages(async (request, reply) => {
        const session = await sessions.find(keeps.sessionId(request), true);
        if (!session) return sendPage(reply, 401, noSessionPage(deps.howToSignIn));
        const body = bodyOf(request);
        if (!sessions.isOurs(session, body.get("csrf"))) {
          return forbidden(
            reply,
            "This form is from another sign-in, so nothing was changed. Go back, reload the page and try again.",
          );
        }
        return handler({ ...visit(session, request, reply), body });
      }),
  };
}

function isLive(request: FastifyRequest): boolean {
  return request.headers[LIVE_HEADER] !== undefined;
}

export function bodyOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

/** Pages hold what only their reader may see: no cache keeps them. */
export function sendPage(reply: FastifyReply, status: number, page: Html): FastifyReply {
  return reply
    .status(status)
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(source(page));
}

function forbidden(reply: FastifyReply, words: string): FastifyReply {
  const main = html`<h1>Nothing was changed</h1><p>${words}</p><p><a href="/">To the queue</a></p>`;
  return sendPage(reply, 403, door("Nothing was changed", main));
}

/**
 * Browsers say where a request comes from, and no page can make them lie; a request that says nothing is refused. On
 * loopback the address bar may hold any name of this machine, so there the page's own host counts as well.
 */
function isOurs(request: FastifyRequest, publicOrigin: string): boolean {
  const { origin, host = "", "sec-fetch-site": site } = request.headers;
  if (origin === undefined || (site !== undefined && site !== "same-origin")) return false;
  return origin === publicOrigin || (LOOPBACK.test(host) && origin === `http://${host}`);
}

const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;
