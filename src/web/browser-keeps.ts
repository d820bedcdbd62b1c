/** What the browser keeps for us in cookies: the session, what was just answered, and where somebody wanted to go. */
import type { KeyObject } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Flash } from "./layout.ts";
import type { Session } from "./session.ts";
import { ABSOLUTE } from "./session.ts";
import { LINK_LIVES } from "./sign-in.ts";
import { sign, unsign } from "./signature.ts";

/** A cookie holds about 4 KB; an answer longer than this is cut. */
const LONGEST_FLASH = 900;

export interface BrowserKeeps {
  sessionId(request: FastifyRequest): string | undefined;
  keepSession(reply: FastifyReply, session: Session): void;
  forgetSession(reply: FastifyReply): void;
  keepFlash(reply: FastifyReply, session: Session, flash: Flash): void;
  /** The answer to the gesture before this page; said once. */
  takeFlash(request: FastifyRequest, reply: FastifyReply, session: Session): Flash | null;
  keepWanted(reply: FastifyReply, path: string): void;
  takeWanted(request: FastifyRequest, reply: FastifyReply): string;
}

/**
 * Over https the session's cookie carries the `__Host-` prefix: no other host and no http page can set it
 * (RFC 6265bis 4.1.3.2). On loopback there is no https to carry it over.
 */
export function browserKeeps(deps: { readonly secret: KeyObject; readonly publicUrl: string }): BrowserKeeps {
  const { secret } = deps;
  const secure = deps.publicUrl.startsWith("https:");
  const name = (word: string) => (secure ? `__Host-holdpoint_${word}` : `holdpoint_${word}`);
  const options = { path: "/", httpOnly: true, sameSite: "lax", secure } as const;
  const clear = (reply: FastifyReply, word: string) => void reply.clearCookie(name(word), options);
  return {
    sessionId: (request) => request.cookies[name("session")],
    keepSession(reply, session) {
      reply.setCookie(name("session"), session.id, { ...options, maxAge: ABSOLUTE / 1_000 });
    },
    forgetSession: (reply) => clear(reply, "session"),
    keepFlash(reply, session, { kind, words }) {
      const text = JSON.stringify({ kind, words: words.slice(0, LONGEST_FLASH) });
      reply.setCookie(name("answer"), sign(secret, `answer ${session.id}`, text), { ...options, maxAge: 60 });
    },
    takeFlash(request, reply, session) {
      const text = unsign(secret, `answer ${session.id}`, request.cookies[name("answer")]);
      if (text === undefined) return null;
      clear(reply, "answer");
      return JSON.parse(text);
    },
    keepWanted(reply, path) {
      const maxAge = LINK_LIVES / 1_000;
      reply.setCookie(name("wanted"), sign(secret, "wanted", path), { ...options, maxAge });
    },
    takeWanted(request, reply) {
      const path = unsign(secret, "wanted", request.cookies[name("wanted")]);
      clear(reply, "wanted");
      return ownPath(path);
    },
  };
}

/** A path of this console, else the queue: what came back from a browser never sends anybody to another site. */
export function ownPath(path: string | null | undefined): string {
  return path && /^\/(?!\/)[\w\-./?=&%]*$/.test(path) ? path : "/";
}
