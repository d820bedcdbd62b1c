/** Brings the application's answer back to where the person acted: the card redrawn for them, a window, or a message. */
import type { Identity } from "../../application/gesture.ts";
import type { Answer, Log, Receive } from "../../application/ports.ts";
import type { Card } from "../../cards/card.ts";
import type { Filled, Form } from "../../cards/form.ts";
import { parseCommand } from "../../domain/command.ts";
import type { JsonObject } from "../payload.ts";
import type { FormPlace } from "./actions.ts";
import type { Client } from "./client.ts";
import type { Conversations } from "./conversations.ts";
import { drawForm } from "./form.ts";
import type { Done } from "./parse.ts";
import { type Canvas, drawCard, drawContent, message } from "./render.ts";
import { dialog, plainMessage, redrawn, saying } from "./replies.ts";
import type { Element } from "./text-runs.ts";
import type { Views } from "./views.ts";

export interface AnswerParts {
  readonly client: Client;
  readonly conversations: Conversations;
  readonly receive: Receive;
  readonly token: Canvas["token"];
  readonly consoleUrl: string | null;
  readonly views: Views;
  /** The token that shows what another token is about; undefined for one that is not ours. */
  readonly show: (token: string) => string | undefined;
  readonly log: Log;
}

/** What the invoke is answered with; undefined for what is no invoke. */
export type GiveAnswer = (
  heard: Done,
  answer: Answer,
  from: Identity | undefined,
) => Promise<JsonObject | undefined>;

const TIMEOUT_MS = 5_000;
/** Somebody waits for their click meanwhile, and the words have another way to them. */
const ASIDE_TIMEOUT_MS = 1_500;
const TOO_LARGE =
  "This is too long to edit in Teams, and shortening it would change it. Open it in Holdpoint instead.";
const BELOW = "Here it is, below.";
const IN_OUR_CHAT = "I have sent it to you in our own chat.";
const NOWHERE = "Teams took no message for you. Add the app to your own chats and try again.";

export function createAnswer(parts: AnswerParts): GiveAnswer {
  const { client, conversations, receive, token: tokenOf, consoleUrl, views, show, log } = parts;

  const send = async (
    conversation: string,
    serviceUrl: string,
    activity: JsonObject,
    timeoutMs = TIMEOUT_MS,
  ): Promise<boolean> => {
    const outcome = await client.call(
      serviceUrl,
      { do: "sendToConversation", conversation, activity },
      timeoutMs,
    );
    if (outcome.kind !== "ok")
      log.error({ platform: "teams", outcome: outcome.kind }, "Teams took no answer to what a person did");
    return outcome.kind === "ok";
  };

  /** In their own chat with the app; a card for one person has no place in a channel. */
  const sendAside = async (
    { by, personal }: Done,
    draw: (conversation: string) => Promise<JsonObject>,
    timeoutMs?: number,
  ): Promise<string> => {
    const { conversation, serviceUrl } = by;
    if (personal)
      return (await send(conversation, serviceUrl, await draw(conversation), timeoutMs)) ? BELOW : NOWHERE;
    const opened = await conversations.open({ platform: "teams", kind: "person", id: by.object });
    if (!("conversation" in opened)) return NOWHERE;
    const activity = await draw(opened.conversation);
    return (await send(opened.conversation, opened.serviceUrl, activity, timeoutMs)) ? IN_OUR_CHAT : NOWHERE;
  };

  /** Where a command was given: in a channel everybody reads what concerns them all, and nobody what was asked for oneself. */
  const reply = async (
    heard: Done,
    draw: (conversation: string) => Promise<JsonObject>,
  ): Promise<undefined> => {
    const { conversation, serviceUrl } = heard.by;
    if (heard.personal || !isForOneself(heard))
      await send(conversation, serviceUrl, await draw(conversation));
    else await send(conversation, serviceUrl, plainMessage(await sendAside(heard, draw)));
    return undefined;
  };

  /** The card as whoever did something sees it. */
  const drawnFor = async ({ by }: Done, card: Card, conversation = by.conversation): Promise<Element> => {
    const view = await views.own(card, { object: by.object, conversation });
    return drawContent(view.card, view.canvas);
  };
  const messageFor =
    (heard: Done, card: Card) =>
    async (conversation: string): Promise<JsonObject> => {
      const view = await views.own(card, { object: heard.by.object, conversation });
      return drawCard(view.card, view.canvas);
    };

  const say = async (heard: Done, words: string): Promise<JsonObject | undefined> => {
    if (heard.way === "message" && words !== "")
      await send(heard.by.conversation, heard.by.serviceUrl, plainMessage(words));
    return saying(heard, words);
  };

  /** The request behind a button as it stands now, for this person. */
  const freshCard = async (token: string, from: Identity | undefined): Promise<Card | undefined> => {
    const shows = show(token);
    if (shows === undefined || from === undefined) return undefined;
    const answer = await receive({ kind: "press", from, token: shows, message: null });
    return answer.kind === "card" ? answer.card : undefined;
  };
  /** The form with what was typed and what is wrong with it. */
  const formContent = async (
    heard: Done,
    form: Form,
    from: Identity | undefined,
    problems: Readonly<Record<string, string>>,
  ): Promise<Element | undefined> => {
    const token = tokenOf(form.intent);
    const filled: Filled = heard.kind === "submit" ? heard.filled : {};
    const card = onCard(heard) && heard.way === "card" ? await freshCard(token, from) : undefined;
    const place: FormPlace = heard.way === "dialog" ? "dialog" : card === undefined ? "alone" : "card";
    const back = card === undefined ? null : (show(token) ?? null);
    return drawForm({ form, token, filled, problems, back }, place, card && (await drawnFor(heard, card)));
  };

  const giveForm = async (
    heard: Done,
    form: Form,
    from: Identity | undefined,
    problems: Readonly<Record<string, string>> = {},
  ): Promise<JsonObject | undefined> => {
    const content = await formContent(heard, form, from, problems);
    if (content === undefined)
      return say(heard, consoleUrl === null ? TOO_LARGE : `${TOO_LARGE} ${consoleUrl}`);
    switch (heard.way) {
      case "dialog":
        return dialog(form.title, content);
      case "card":
        return onCard(heard) || heard.kind === "submit"
          ? redrawn(content)
          : saying(heard, await sendAside(heard, async () => message(form.title, content)));
      case "message":
        return reply(heard, async () => message(form.title, content));
    }
  };

  /** What is wrong stands at the fields, and what was typed stays: the form is asked for once more. */
  const giveProblems = async (
    heard: Done,
    problems: Readonly<Record<string, string>>,
    from: Identity | undefined,
  ): Promise<JsonObject | undefined> => {
    const again =
      heard.kind === "submit" && from !== undefined
        ? await receive({ kind: "press", from, token: heard.token, message: null })
        : undefined;
    return again?.kind === "form"
      ? giveForm(heard, again.form, from, problems)
      : say(heard, Object.values(problems).join(" "));
  };

  const giveCard = async (heard: Done, card: Card): Promise<JsonObject | undefined> => {
    if (heard.way === "card") {
      const inPlace =
        heard.kind === "submit" || heard.kind === "refresh" || (heard.kind === "press" && heard.back);
      return inPlace
        ? redrawn(await drawnFor(heard, card))
        : saying(heard, await sendAside(heard, messageFor(heard, card)));
    }
    return heard.way === "dialog" ? say(heard, card.summary) : reply(heard, messageFor(heard, card));
  };

  const giveDone = async (
    heard: Done,
    words: string,
    from: Identity | undefined,
  ): Promise<JsonObject | undefined> => {
    if (heard.way === "card" && (heard.kind === "press" || heard.kind === "submit")) {
      const card = await freshCard(heard.token, from);
      if (card !== undefined) return redrawn(await drawnFor(heard, card));
    }
    // The card itself is redrawn for everybody.
    return heard.kind === "press" && heard.way === "message" && heard.card ? undefined : say(heard, words);
  };

  /** Words beside a card go when that is redrawn; what must not get lost is a message of its own. */
  const giveRefusal = async (
    heard: Done,
    { words, over = false }: Extract<Answer, { kind: "refused" }>,
    from: Identity | undefined,
  ): Promise<JsonObject | undefined> => {
    if (!over || heard.way !== "card" || !("token" in heard) || heard.kind === "refresh")
      return say(heard, words);
    const [card, where] = await Promise.all([
      freshCard(heard.token, from),
      sendAside(heard, async () => plainMessage(words), ASIDE_TIMEOUT_MS),
    ]);
    return card === undefined || where === NOWHERE ? say(heard, words) : redrawn(await drawnFor(heard, card));
  };

  return async (heard, answer, from) => {
    switch (answer.kind) {
      case "done":
        return giveDone(heard, answer.words, from);
      case "refused":
        return giveRefusal(heard, answer, from);
      case "fields":
        return giveProblems(heard, answer.problems, from);
      case "form":
        return giveForm(heard, answer.form, from);
      case "card":
        return giveCard(heard, answer.card);
    }
  };
}

/** Whether a card about one request is what the person has in front of them. */
function onCard(heard: Done): boolean {
  return heard.kind === "press" || (heard.kind === "submit" && !heard.alone);
}

/** What nobody but the one who asked has a use for; forms too, which anybody in the channel could fill in. */
function isForOneself(heard: Done): boolean {
  if (heard.kind !== "command") return heard.kind !== "home";
  return ["queue", "help", "flag"].includes(parseCommand(heard.words).kind);
}
