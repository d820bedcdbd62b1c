/** Teams' activities as what somebody did; what is not meant for us, or names nobody, is told apart here. */
import type { Gesture, Identity } from "../../application/gesture.ts";
import type { Filled } from "../../cards/form.ts";
import { isTrueAt, type JsonObject, objectAt, textAt } from "../payload.ts";
import { FORM_KEY, REFRESH_KEY, TOKEN_KEY } from "./actions.ts";
import { withoutThread } from "./conversations.ts";
import { filledIn } from "./fields.ts";
import { BACK_KEY } from "./form.ts";
import type { Account } from "./identity.ts";
import { commandWords } from "./words.ts";

/** How Teams wants to be answered: `card` redraws it for the person, `dialog` fills a window, `message` says something. */
export type Way = "card" | "dialog" | "message";

interface Act {
  readonly by: Account;
  readonly way: Way;
  /** Only the person and the bot are there. */
  readonly personal: boolean;
}

export type Done = Act &
  /** `back`: the person had a form in front of them and wants the card again. */
  (
    | {
        readonly kind: "press";
        readonly token: string;
        readonly card: CardAt | undefined;
        readonly back: boolean;
      }
    /** `alone`: no card shows what becomes of it. */
    | {
        readonly kind: "submit";
        readonly token: string;
        readonly filled: Filled;
        readonly alone: boolean;
        readonly card: CardAt | undefined;
      }
    /** Nobody pressed anything: a client wants its person's own view. */
    | { readonly kind: "refresh"; readonly token: string }
    | { readonly kind: "command"; readonly words: string }
    | { readonly kind: "flag"; readonly about: string | undefined }
    | { readonly kind: "home" }
  );

/** The message a button stood on. */
export interface CardAt {
  readonly conversation: string;
  readonly activity: string;
}

export type Heard =
  | Done
  /** Somebody took the app away. */
  | { readonly kind: "removed"; readonly person: string | undefined }
  | { readonly kind: "ignored"; readonly why: string };

export const FLAG_COMMAND = "somethingFeelsOff";

/** Never throws, whatever Teams sends. `activity` has passed the door: its service and its tenant are ours. */
export function parse(activity: JsonObject, tenant: string): Heard {
  if (activity.type === "installationUpdate") return parseInstallation(activity, tenant);
  const by = personIn(activity, tenant);
  if (by === undefined) return ignored(`${String(activity.type).slice(0, 40)} by nobody`);
  switch (activity.type) {
    case "message":
      return parseMessage(activity, by);
    case "invoke":
      return parseInvoke(activity, by);
    default:
      return ignored(String(activity.type).slice(0, 40));
  }
}

function ignored(why: string): Heard {
  return { kind: "ignored", why };
}

const OBJECT_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export function personIn(activity: JsonObject, tenant: string): Account | undefined {
  const object = textAt(activity, "from", "aadObjectId")?.toLowerCase();
  const user = textAt(activity, "from", "id");
  const conversation = textAt(activity, "conversation", "id");
  const serviceUrl = textAt(activity, "serviceUrl");
  if (object === undefined || !OBJECT_ID.test(object) || user === undefined || user.startsWith("28:"))
    return undefined;
  if (conversation === undefined || serviceUrl === undefined) return undefined;
  return { object, user, name: textAt(activity, "from", "name"), tenant, conversation, serviceUrl };
}

export function isPersonal(activity: JsonObject): boolean {
  return (
    textAt(activity, "conversation", "conversationType") === "personal" &&
    !isTrueAt(activity, "conversation", "isGroup")
  );
}

function parseInstallation(activity: JsonObject, tenant: string): Heard {
  const by = personIn(activity, tenant);
  const personal = isPersonal(activity);
  const action = textAt(activity, "action") ?? "";
  if (action.startsWith("remove")) return { kind: "removed", person: personal ? by?.object : undefined };
  return by && personal && action.startsWith("add")
    ? { kind: "home", by, personal, way: "message" }
    : ignored(`installationUpdate ${action.slice(0, 20)}`);
}

function parseMessage(activity: JsonObject, by: Account): Heard {
  const personal = isPersonal(activity);
  const value = objectAt(activity, "value");
  // An old client sends the fall-back of a button as a message.
  if (value !== undefined) return parseButton(activity, by, value, "message");
  return { kind: "command", by, personal, way: "message", words: commandWords(activity) };
}

function parseInvoke(activity: JsonObject, by: Account): Heard {
  const personal = isPersonal(activity);
  const value = objectAt(activity, "value") ?? {};
  switch (activity.name) {
    case "adaptiveCard/action":
      return parseButton(activity, by, objectAt(value, "action", "data") ?? {}, "card");
    case "composeExtension/fetchTask":
      return textAt(value, "commandId") === FLAG_COMMAND
        ? { kind: "flag", by, personal, way: "dialog", about: linkTo(value) }
        : ignored("another command");
    case "composeExtension/submitAction":
      return parseButton(activity, by, objectAt(value, "data") ?? {}, "dialog");
    default:
      return ignored(String(activity.name).slice(0, 40));
  }
}

function parseButton(activity: JsonObject, by: Account, data: JsonObject, way: Way): Heard {
  const token = textAt(data, TOKEN_KEY);
  if (token === undefined) return ignored("a button without a token");
  const personal = isPersonal(activity);
  if (data[REFRESH_KEY] !== undefined || textAt(activity.value, "trigger") === "automatic")
    return { kind: "refresh", by, personal, way, token };
  const id = textAt(activity, "replyToId");
  const card =
    id === undefined || way === "dialog" ? undefined : { conversation: by.conversation, activity: id };
  const form = textAt(data, FORM_KEY);
  return form === undefined
    ? { kind: "press", by, personal, way, token, card, back: data[BACK_KEY] !== undefined }
    : { kind: "submit", by, personal, way, token, card, filled: filledIn(data), alone: form !== "card" };
}

/** The message's own address, as "Copy link" gives it; one without has at least its id. */
function linkTo(value: JsonObject): string | undefined {
  const link = textAt(value, "messagePayload", "linkToMessage");
  if (link !== undefined && URL.canParse(link) && new URL(link).protocol === "https:") return link;
  return textAt(value, "messagePayload", "id");
}

/** What was done, in the words of the application, by somebody whom Teams has vouched for. */
export function gestureOf(heard: Exclude<Done, { kind: "refresh" }>, from: Identity): Gesture {
  switch (heard.kind) {
    case "press":
      return { kind: "press", from, token: heard.token, message: heard.card ? messageAt(heard.card) : null };
    case "submit":
      return { kind: "submit", from, token: heard.token, filled: heard.filled };
    case "command":
      return { kind: "command", from, words: heard.words };
    case "flag":
      return { kind: "flag", from, about: heard.about ?? null };
    case "home":
      return { kind: "home", from };
  }
}

function messageAt({ conversation, activity }: CardAt) {
  return { platform: "teams", channel: withoutThread(conversation), ref: { conversation, activity } };
}
