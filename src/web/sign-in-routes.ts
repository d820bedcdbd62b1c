/** The door: a link is looked at with GET, used up with POST; and the way out. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { BrowserKeeps } from "./browser-keeps.ts";
import type { ConsoleDeps } from "./console-deps.ts";
import { bodyOf, type Gate, sendPage } from "./gate.ts";
import { signInPage, spentLinkPage, whoAreYouPage } from "./pages/sign-in-page.ts";
import type { Session, Sessions } from "./session.ts";
import type { Link } from "./sign-in.ts";

type AtTheDoor = FastifyRequest<{ Params: { code: string } }>;

export function signInRoutes(
  app: FastifyInstance,
  deps: ConsoleDeps,
  parts: { readonly gate: Gate; readonly sessions: Sessions; readonly keeps: BrowserKeeps },
): void {
  const { gate, sessions, keeps } = parts;
  const { signIn, people } = deps;

  app.get<{ Params: { code: string } }>("/signin/:code", quiet, async (request, reply) => {
    const { code } = request.params;
    const link = await signIn.look(code);
    if (!link) return spent(reply);
    if (link.person === null) return sendPage(reply, 200, whoAreYouPage(code, people, null));
    const person = people.find(link.person);
    return person ? sendPage(reply, 200, signInPage(code, person)) : spent(reply);
  });

  app.post<{ Params: { code: string } }>("/signin/:code", quiet, (request: AtTheDoor, reply) =>
    gate.fromOurPages(async () => {
      const { code } = request.params;
      const link = await signIn.look(code);
      if (!link) return spent(reply);
      const chosen = whoIs(link, bodyOf(request));
      // A choice that is missing does not cost the link.
      if (chosen === undefined)
        return sendPage(reply, 422, whoAreYouPage(code, people, "Choose who you are."));
      const session = (await signIn.use(code)) && (await sessions.begin(chosen));
      if (!session) return spent(reply);
      await recordSignIn(deps, session, link);
      keeps.keepSession(reply, session);
      const flash = { kind: "done", words: `You are signed in as ${session.identity.name}.` } as const;
      keeps.keepFlash(reply, session, flash);
      return reply.redirect(keeps.takeWanted(request, reply), 303);
    })(request, reply),
  );

  app.post(
    "/sign-out",
    gate.act(async ({ session, reply }) => {
      await sessions.end(session.id);
      keeps.forgetSession(reply);
      return reply.redirect("/", 303);
    }),
  );

  /** Null: the operator; undefined: nobody in the directory. */
  function whoIs(link: Link, body: URLSearchParams) {
    if (link.person !== null) return link.person;
    const word = body.get("person");
    if (word === "") return null;
    return word === null ? undefined : people.find(word)?.id;
  }

  function spent(reply: FastifyReply): FastifyReply {
    return sendPage(reply, 410, spentLinkPage(deps.howToSignIn));
  }
}

/** The path is the key to the door: it is not written into any log. */
const quiet = { logLevel: "silent" } as const;

async function recordSignIn(deps: ConsoleDeps, { identity }: Session, link: Link): Promise<void> {
  const { id, name, surface, account } = identity;
  const link_of = link.person === null ? "operator" : "person";
  const actor = { kind: "person", id, name, surface, account } as const;
  await deps.store.save({
    audit: [{ at: deps.clock.now(), kind: "console.signed_in", actor, detail: { link_of } }],
  });
  deps.log.info({ person: id, surface }, "signed in to the console");
}
