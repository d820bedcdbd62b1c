/** The console: a plugin for the one HTTP server, with its own headers, its own parsers and its own way of failing. */
import { createSecretKey } from "node:crypto";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { serveAssets } from "./assets.ts";
import { browserKeeps } from "./browser-keeps.ts";
import type { ConsoleDeps } from "./console-deps.ts";
import { createGate, type Gate, sendPage } from "./gate.ts";
import { gestureRoutes } from "./gesture-routes.ts";
import { html } from "./html.ts";
import { door } from "./layout.ts";
import { liveRoutes } from "./live.ts";
import { agentPage } from "./pages/agent-page.ts";
import { agentsPage } from "./pages/agents-page.ts";
import { auditPage } from "./pages/audit-page.ts";
import { digestPage } from "./pages/digest-page.ts";
import { digestsPage } from "./pages/digests-page.ts";
import { escalationPage } from "./pages/escalation-page.ts";
import { historyPage } from "./pages/history-page.ts";
import { queuePage } from "./pages/queue-page.ts";
import { undeliveredPage } from "./pages/undelivered-page.ts";
import { createSessions } from "./session.ts";
import { signInRoutes } from "./sign-in-routes.ts";

/** An edit form carries a whole action: 256 KB of it, three times as long where every character is percent-encoded. */
const LONGEST_FORM = 1_048_576;

/** Register it without a prefix. Paths: `/`, `/escalations`, `/agents`, `/digests`, `/history`, `/audit`, `/undelivered`, `/signin`, `/live`, `/assets` and the forms' own. */
export function consolePlugin(deps: ConsoleDeps): FastifyPluginAsync {
  return async (app) => {
    // As a key object: each use of a key that is bytes takes Node 15 µs more.
    const secret = createSecretKey(deps.secret);
    const keeps = browserKeeps({ secret, publicUrl: deps.publicUrl });
    const sessions = createSessions({ ...deps, secret, notes: deps.store.notes });
    const gate = createGate(deps, sessions, keeps);
    if (!app.hasDecorator("parseCookie")) await app.register(cookie);
    await app.register(helmet, headers(deps.publicUrl));
    formsOnly(app);
    failInWords(app, deps);
    serveAssets(app);
    signInRoutes(app, deps, { gate, sessions, keeps });
    pageRoutes(app, deps, gate);
    gestureRoutes(app, deps, gate);
    liveRoutes(app, deps, { sessions, keeps });
  };
}

function pageRoutes(app: FastifyInstance, deps: ConsoleDeps, gate: Gate): void {
  type WithId = { Params: { id: string } };
  app.get(
    "/",
    gate.read((visit) => queuePage(deps, visit)),
  );
  app.get(
    "/agents",
    gate.read((visit) => agentsPage(deps, visit)),
  );
  app.get(
    "/history",
    gate.read((visit) => historyPage(deps, visit)),
  );
  app.get(
    "/audit",
    gate.read((visit) => auditPage(deps, visit)),
  );
  app.get(
    "/undelivered",
    gate.read((visit) => undeliveredPage(deps, visit)),
  );
  app.get(
    "/digests",
    gate.read((visit) => digestsPage(deps, visit)),
  );
  app.get<WithId>("/digests/:id", (request, reply) =>
    gate.read((visit) => digestPage(deps, visit, request.params.id))(request, reply),
  );
  app.get<WithId>("/escalations/:id", (request, reply) =>
    gate.read((visit) => escalationPage(deps, visit, request.params.id))(request, reply),
  );
  app.get<WithId>("/agents/:id", (request, reply) =>
    gate.read((visit) => agentPage(deps, visit, request.params.id))(request, reply),
  );
}

/**
 * Nothing inline, nothing from elsewhere, in nobody's frame. The referrer stays within the console and is not switched off:
 * without one browsers send `Origin: null` with forms, and the origin is what tells our own forms from others'.
 */
function headers(publicUrl: string) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: "same-origin" },
    frameguard: { action: "deny" },
    strictTransportSecurity: publicUrl.startsWith("https:") ? { maxAge: 15_552_000 } : false,
  } as const;
}

/** Forms and nothing else: a body of another kind, which another site's script could send, is refused with 415. */
function formsOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: LONGEST_FORM },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
}

function failInWords(app: FastifyInstance, deps: ConsoleDeps): void {
  app.setErrorHandler((error: Error & { readonly statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500)
      deps.log.error({ request: request.id, error: error.message, stack: error.stack }, "the console failed");
    const words =
      status >= 500
        ? html`<h1>Something went wrong here</h1><p>Nothing you did is at fault, and what you sent may not have been stored: look before you send it again. The log has it under request ${request.id}.</p>`
        : html`<h1>This request could not be read</h1><p>Nothing was changed. Go back, reload the page and try again.</p>`;
    return sendPage(
      reply,
      status,
      door("Something went wrong", html`${words}<p><a href="/">To the queue</a></p>`),
    );
  });
}
