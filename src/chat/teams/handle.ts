/** From a verified activity to Teams' answer: identity, the application's one door, and only then an acknowledgement. */
import type { Identity } from "../../application/gesture.ts";
import type { Answer, Log, Receive } from "../../application/ports.ts";
import { faultFacts } from "../fault-facts.ts";
import { type JsonObject, textAt } from "../payload.ts";
import type { GiveAnswer } from "./answer.ts";
import type { Conversations } from "./conversations.ts";
import type { Identify } from "./identity.ts";
import type { Once } from "./once.ts";
import { type Done, gestureOf, isPersonal, parse, personIn } from "./parse.ts";
import { saying } from "./replies.ts";

export interface HandleParts {
  readonly receive: Receive;
  readonly identify: Identify;
  readonly answer: GiveAnswer;
  readonly conversations: Conversations;
  readonly once: Once<JsonObject | undefined>;
  /** The token that shows what another token is about; undefined for one that is not ours. */
  readonly show: (token: string) => string | undefined;
  readonly log: Log;
  /** How long the application may take while somebody waits for their click. */
  readonly patienceMs: number;
}

/** What an invoke is answered with; undefined for what is none. Never throws. `tenant`: whose activity it is. */
export type Handle = (activity: JsonObject, tenant: string) => Promise<JsonObject | undefined>;

const UNKNOWN_PERSON =
  "Teams did not say who you are just now, so nothing was changed. Try again in a moment.";
const NOT_STORED =
  "This was not stored, because of a fault in Holdpoint. Nothing was changed: try again in a moment.";
const NOT_SHOWN = "This was done, and can't be shown here at this moment.";
const TOO_SLOW =
  "Holdpoint could not confirm this in time, so it may not be stored. If what you see has not changed in a moment, try again.";

interface Result {
  readonly answer: Answer;
  readonly from: Identity | undefined;
}

export function createHandle(parts: HandleParts): Handle {
  const { receive, identify, answer, conversations, log } = parts;

  const ask = async (heard: Done): Promise<Result> => {
    const from = await identify(heard.by);
    if (from === undefined) return { from, answer: { kind: "refused", words: UNKNOWN_PERSON } };
    if (heard.kind !== "refresh") return { from, answer: await receive(gestureOf(heard, from)) };
    // Whatever button's token it carries: it is looked at, never done.
    const token = parts.show(heard.token) ?? "";
    return { from, answer: await receive({ kind: "press", from, token, message: null }) };
  };

  /** Everything, the answer's own drawing included, within the time that Teams waits. */
  const respond = async (heard: Done): Promise<JsonObject | undefined> => {
    const began = performance.now();
    const { answer: given, from } = await ask(heard);
    const body = await answer(heard, given, from).catch((error: unknown) => {
      log.error(
        { ...factsOf(heard), ...faultFacts(error) },
        "What was done could not be shown to whoever did it",
      );
      return saying(heard, "words" in given ? given.words : NOT_SHOWN);
    });
    const ms = Math.round(performance.now() - began);
    log.info({ ...factsOf(heard), answer: given.kind, ms }, `Teams: ${heard.kind}`);
    return body;
  };

  const refuse = async (heard: Done, words: string): Promise<JsonObject | undefined> => {
    if (heard.way !== "message") return saying(heard, words);
    return answer(heard, { kind: "refused", words }, undefined);
  };

  const act = async (heard: Done, activity: JsonObject): Promise<JsonObject | undefined> => {
    const failed = async (error: unknown) => {
      log.error({ ...factsOf(heard), ...faultFacts(error) }, "A gesture was not stored");
      return refuse(heard, NOT_STORED).catch(() => undefined);
    };
    const work = parts.once.run(activity, () => respond(heard).catch(failed));
    if (heard.way === "message") return work;
    const late = Symbol();
    const first = await within(parts.patienceMs, work, late);
    if (first !== late) return first;
    log.error(factsOf(heard), "A gesture took too long to be confirmed");
    return refuse(heard, TOO_SLOW);
  };

  /** Refreshed on everything that comes: Microsoft moves people between regions, and old references then fail. */
  const remember = async (activity: JsonObject, tenant: string): Promise<void> => {
    const serviceUrl = textAt(activity, "serviceUrl");
    const conversation = textAt(activity, "conversation", "id");
    if (serviceUrl === undefined || conversation === undefined) return;
    const person = isPersonal(activity) ? personIn(activity, tenant)?.object : undefined;
    await conversations.remember({ serviceUrl, conversation, person });
  };

  return async (activity, tenant) => {
    const heard = parse(activity, tenant);
    const remembered = remember(activity, tenant).catch((error: unknown) =>
      log.error({ platform: "teams", ...faultFacts(error) }, "A conversation was not remembered"),
    );
    if (heard.kind === "removed") {
      await remembered;
      if (heard.person !== undefined) await conversations.forget(heard.person);
      log.warn(
        { platform: "teams", person: heard.person },
        "The app was removed from a chat or team: requests stay open, and other addresses are tried",
      );
      return undefined;
    }
    if (heard.kind === "ignored") {
      await remembered;
      return undefined;
    }
    const body = await act(heard, activity);
    // Whoever waits for their click does not wait for this.
    if (heard.way === "message") await remembered;
    return body;
  };
}

async function within<Value, Late>(ms: number, work: Promise<Value>, late: Late): Promise<Value | Late> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<Late>((resolve) => {
    timer = setTimeout(() => resolve(late), ms);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ids only. */
function factsOf(heard: Done) {
  return {
    platform: "teams",
    gesture: heard.kind,
    user: heard.by.object,
    tenant: heard.by.tenant,
    conversation: heard.by.conversation,
    ...("card" in heard && heard.card && { message: heard.card.activity }),
  };
}
