/** From a verified payload to Slack's answer: identity, the application's one door, and only then an acknowledgement. */
import type { Answer, Log, Receive } from "../../application/ports.ts";
import { faultFacts } from "../fault-facts.ts";
import type { JsonObject } from "../payload.ts";
import type { GiveAnswer, Reply } from "./answer.ts";
import { problemsByBlock } from "./form.ts";
import type { Identify } from "./identity.ts";
import { type Done, gestureOf, parse } from "./parse.ts";
import { NotAcknowledged } from "./receiver.ts";
import { drawNotice, drawWords } from "./render.ts";
import type { SelfKnowledge } from "./self.ts";
import type { Tell } from "./tell.ts";

export interface HandleParts {
  readonly receive: Receive;
  readonly identify: Identify;
  readonly self: SelfKnowledge;
  readonly answer: GiveAnswer;
  readonly tell: Tell;
  readonly log: Log;
  /** How long the application may take; Slack itself waits three seconds. */
  readonly patienceMs: number;
}

export type Handle = (body: JsonObject, reply: Reply) => Promise<void>;

const UNKNOWN_PERSON =
  "Slack did not say who you are just now, so nothing was changed. Press again in a moment.";
const NOT_STORED = "This was not stored, because of a fault in Holdpoint. Nothing was changed:";
const TOO_SLOW =
  "Holdpoint could not confirm this in time, so it may not be stored. If what you see has not changed in a moment,";
const AGAIN = {
  press: "press again.",
  flag: "try again.",
  submit: "send it again.",
  command: "try again.",
  message: "try again.",
  home: "try again.",
} as const;

export function createHandle(parts: HandleParts): Handle {
  const { receive, identify, self, answer, log } = parts;

  const ask = async (heard: Done): Promise<Answer> => {
    const from = await identify(heard.by);
    return from === undefined ? { kind: "refused", words: UNKNOWN_PERSON } : receive(gestureOf(heard, from));
  };

  return async (body, reply) => {
    const heard = parse(body, self.known()?.user);
    if (heard.kind === "ignored") return reply.ack();
    if (heard.kind === "removed") {
      log.error(
        { platform: "slack", event: heard.event },
        "The app was removed from Slack: install it again and set the new SLACK_BOT_TOKEN. Requests stay open meanwhile",
      );
      return reply.ack();
    }
    const began = performance.now();
    const facts = (what: string) => ({
      ...factsOf(heard),
      answer: what,
      ms: Math.round(performance.now() - began),
    });
    const asked = ask(heard);
    // Nobody's click waits for an event: a late one is repeated by Slack, and joins the one under way.
    const isEvent = heard.kind === "message" || heard.kind === "home";
    const result = await within(isEvent ? undefined : parts.patienceMs, asked);
    if (result.kind === "answered") {
      await answer(heard, result.value, reply);
      log.info(facts(result.value.kind), `Slack: ${heard.kind}`);
      return;
    }
    if (result.kind === "failed")
      log.error({ ...facts("failed"), ...faultFacts(result.error) }, "A gesture was not stored");
    else {
      log.error(facts("slow"), "A gesture took too long to be confirmed");
      asked.then(
        (late) => log.warn(facts(late.kind), "A gesture was answered after its time"),
        (error: unknown) =>
          log.error({ ...facts("failed"), ...faultFacts(error) }, "A gesture was not stored"),
      );
    }
    return refuse(heard, `${result.kind === "failed" ? NOT_STORED : TOO_SLOW} ${AGAIN[heard.kind]}`, reply);
  };

  /** Nothing is pretended: either the person reads the words in Slack's own place for them, or Slack shows an error beside them. */
  async function refuse(heard: Done, words: string, reply: Reply): Promise<void> {
    switch (heard.kind) {
      case "submit": {
        const errors = problemsByBlock(heard.view, { "": words });
        return reply.ack(
          errors
            ? { response_action: "errors", errors }
            : { response_action: "update", view: drawNotice(drawWords(words)) },
        );
      }
      case "command":
        return reply.ack({ response_type: "ephemeral", ...drawWords(words) });
      case "message":
        // Acknowledged, or Slack would try it again behind the person's back.
        return parts.tell(
          { user: heard.by.user, place: heard.place, respond: reply.respond },
          drawWords(words),
        );
      case "press":
      case "flag":
        // Not waited for: Slack must not be kept while it is told.
        void parts.tell(
          { user: heard.by.user, place: heard.place, respond: reply.respond },
          drawWords(words),
        );
        throw new NotAcknowledged(words);
      case "home":
        throw new NotAcknowledged(words);
    }
  }
}

type Result<Value> =
  | { readonly kind: "answered"; readonly value: Value }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "slow" };

async function within<Value>(ms: number | undefined, work: Promise<Value>): Promise<Result<Value>> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<Result<Value>>((resolve) => {
    if (ms !== undefined) timer = setTimeout(() => resolve({ kind: "slow" }), ms);
  });
  const result = work.then(
    (value): Result<Value> => ({ kind: "answered", value }),
    (error: unknown): Result<Value> => ({ kind: "failed", error }),
  );
  try {
    return await Promise.race([result, patience]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ids only. */
function factsOf(heard: Done) {
  return {
    platform: "slack",
    gesture: heard.kind,
    user: heard.by.user,
    team: heard.by.team,
    ...("place" in heard && heard.place && { channel: heard.place.channel }),
    ...("card" in heard && heard.card && { message: heard.card.ts }),
  };
}
