/** Joins the console to the use-cases: the same doors as chat, drawn as pages. */
import { actorBehind } from "./application/gesture.ts";
import type { Changes, HoldIndex } from "./application/ports.ts";
import { refusedAnswer } from "./application/words.ts";
import { authorize } from "./domain/escalation/authorize.ts";
import { named } from "./domain/people.ts";
import type { Parts } from "./parts.ts";
import type { createUseCases } from "./use-cases.ts";
import { consolePlugin } from "./web/console.ts";

const HOW_TO_SIGN_IN =
  "Ask the operator for a link: `holdpoint signin <your id>` prints one that works once, for 15 minutes.";

export function createConsole(
  parts: Parts,
  joined: {
    readonly changes: Changes;
    readonly index: HoldIndex;
    readonly useCases: ReturnType<typeof createUseCases>;
  },
) {
  const { context, store, seal, signIn, secret } = parts;
  const { useCases } = joined;

  return consolePlugin({
    ...{ store, secret, signIn, changes: joined.changes, holdIndex: joined.index, receive: useCases.receive },
    ...{
      people: context.people,
      clock: context.clock,
      log: context.log,
      publicUrl: context.publicUrl,
      howToSignIn: HOW_TO_SIGN_IN,
    },
    token: seal.token,
    async formFor(token, from) {
      const intent = seal.intent(token);
      if (!intent) return refusedAnswer({ code: "bad_button" });
      const offer = await useCases.offerForm(actorBehind(from, context.people), intent);
      return offer.kind === "form" || offer.kind === "refused"
        ? offer
        : refusedAnswer({ code: "bad_button" });
    },
    async replayCallback(id, from) {
      const callback = await store.callbacks.find(id);
      const agent = callback && (await store.agents.find(callback.agent));
      if (!agent) return refusedAnswer({ code: "not_found", what: "such callback" });
      const actor = actorBehind(from, context.people);
      const refused = authorize(actor, "replay", { charter: agent.charter, people: context.people });
      if (refused) return refusedAnswer(refused);
      await useCases.callbacks.replay(id, named(actor));
      return { kind: "done", words: "It is sent again now, with the same id and body." };
    },
    verifyAudit: async () => {
      const { whole, lines, brokenAt } = await parts.verifyAudit();
      return { lines, brokenAt: whole ? null : brokenAt };
    },
    cards: { approval: (escalation) => useCases.drawCard("card", escalation) },
  });
}
