/** Slack's payloads as what somebody did; what is not meant for us, or names nobody, is told apart here. */
import type { Gesture, Identity } from "../../application/gesture.ts";
import type { Filled } from "../../cards/form.ts";
import { isTrueAt, type JsonObject, listAt, objectAt, textAt } from "../payload.ts";
import { LINK_ACTION } from "./blocks.ts";
import { FORM_ALONE, FORM_OF_CARD, filledIn } from "./form.ts";
import type { Account } from "./identity.ts";
import { commandWords } from "./words.ts";

/** Where something was done, and where an answer for one person can be shown. */
export interface Place {
  readonly channel: string;
  readonly thread: string | undefined;
}

export type Heard =
  | {
      readonly kind: "press";
      readonly by: Account;
      readonly token: string;
      readonly trigger: string | undefined;
      readonly place: Place | undefined;
      /** The card the button stood on; undefined on a home tab and on what only one person saw. */
      readonly card: { readonly channel: string; readonly ts: string } | undefined;
      readonly onHome: boolean;
    }
  | {
      readonly kind: "submit";
      readonly by: Account;
      readonly token: string;
      readonly filled: Filled;
      readonly view: JsonObject;
      /** No card shows what becomes of it. */
      readonly alone: boolean;
    }
  | {
      readonly kind: "command";
      readonly by: Account;
      readonly words: string;
      readonly trigger: string | undefined;
      readonly place: Place | undefined;
    }
  /** A command in a message: to the bot directly, or with its name in a channel. */
  | {
      readonly kind: "message";
      readonly by: Account;
      readonly words: string;
      readonly place: Place;
      readonly direct: boolean;
    }
  | {
      readonly kind: "flag";
      readonly by: Account;
      readonly about: string | undefined;
      readonly trigger: string | undefined;
      readonly place: Place | undefined;
    }
  | { readonly kind: "home"; readonly by: Account }
  /** The app was taken out of the workspace, or its token was. */
  | { readonly kind: "removed"; readonly event: string }
  | { readonly kind: "ignored"; readonly why: string };

const ACCOUNT = /^[UW][A-Z0-9]{1,30}$/;
const FLAG_CALLBACKS = ["something_feels_off", "something_feels_off_message"];
const REMOVALS = ["app_uninstalled", "tokens_revoked"];

/** Why a payload is refused unseen, in words; undefined when it may be read. `app`: our own id, where known. */
export function refusal(body: JsonObject, app: string | undefined): string | undefined {
  const sender = textAt(body, "api_app_id");
  if (sender === undefined) return "The payload names no app (api_app_id).";
  if (app !== undefined && sender !== app) return `The payload is for another app (${sender}).`;
  if (body.type === "event_callback")
    return objectAt(body, "event") === undefined ? "The payload has no event." : undefined;
  const user = textAt(body, "user", "id") ?? textAt(body, "user_id");
  return user !== undefined && ACCOUNT.test(user) ? undefined : "The payload names nobody who did this.";
}

/** Never throws, whatever Slack sends. */
export function parse(body: JsonObject, bot: string | undefined): Heard {
  switch (body.type) {
    case "block_actions":
      return parsePress(body);
    case "view_submission":
      return parseSubmission(body);
    case "shortcut":
    case "message_action":
      return parseShortcut(body);
    case "event_callback":
      return parseEvent(body, bot);
    case undefined:
      return textAt(body, "command") === undefined ? ignored("no type") : parseCommand(body);
    default:
      return ignored(String(body.type).slice(0, 40));
  }
}

function ignored(why: string): Heard {
  return { kind: "ignored", why };
}

function personIn(body: JsonObject): Account | undefined {
  const user = textAt(body, "user", "id");
  if (user === undefined) return undefined;
  return { user, team: textAt(body, "user", "team_id") ?? textAt(body, "team", "id") };
}

function parsePress(body: JsonObject): Heard {
  const by = personIn(body);
  const [action] = listAt(body, "actions");
  const id = textAt(action, "action_id") ?? "";
  const token = textAt(action, "value");
  if (by === undefined || textAt(action, "type") !== "button") return ignored("no button");
  if (id.startsWith(LINK_ACTION)) return ignored("a link");
  if (token === undefined) return ignored("a button without a value");
  const channel = textAt(body, "container", "channel_id") ?? textAt(body, "channel", "id");
  const ts = textAt(body, "container", "message_ts") ?? textAt(body, "message", "ts");
  const seenByOne = isTrueAt(body, "container", "is_ephemeral");
  return {
    kind: "press",
    by,
    token,
    trigger: textAt(body, "trigger_id"),
    place: channel === undefined ? undefined : { channel, thread: textAt(body, "container", "thread_ts") },
    card: channel === undefined || ts === undefined || seenByOne ? undefined : { channel, ts },
    onHome: textAt(body, "view", "type") === "home",
  };
}

function parseSubmission(body: JsonObject): Heard {
  const by = personIn(body);
  const view = objectAt(body, "view");
  const callback = textAt(view, "callback_id");
  if (by === undefined || view === undefined) return ignored("no view");
  if (callback !== FORM_OF_CARD && callback !== FORM_ALONE) return ignored("another view");
  return {
    kind: "submit",
    by,
    token: textAt(view, "private_metadata") ?? "",
    filled: filledIn(view),
    view,
    alone: callback === FORM_ALONE,
  };
}

function parseShortcut(body: JsonObject): Heard {
  const by = personIn(body);
  if (by === undefined || !FLAG_CALLBACKS.includes(textAt(body, "callback_id") ?? ""))
    return ignored("another shortcut");
  const channel = textAt(body, "channel", "id");
  return {
    kind: "flag",
    by,
    about: linkTo(body),
    trigger: textAt(body, "trigger_id"),
    place: channel === undefined ? undefined : { channel, thread: textAt(body, "message", "thread_ts") },
  };
}

/** The message's address, as "Copy link" gives it. */
function linkTo(body: JsonObject): string | undefined {
  const channel = textAt(body, "channel", "id");
  const ts = textAt(body, "message_ts") ?? textAt(body, "message", "ts");
  if (channel === undefined || ts === undefined) return undefined;
  const domain = textAt(body, "team", "domain");
  return domain !== undefined && /^[a-z0-9-]+$/i.test(domain)
    ? `https://${domain}.slack.com/archives/${channel}/p${ts.replace(".", "")}`
    : `${channel}/${ts}`;
}

function parseCommand(body: JsonObject): Heard {
  const user = textAt(body, "user_id");
  if (user === undefined || textAt(body, "command") !== "/agent") return ignored("another command");
  const channel = textAt(body, "channel_id");
  return {
    kind: "command",
    by: { user, team: textAt(body, "team_id") },
    words: commandWords(textAt(body, "text") ?? "", ""),
    trigger: textAt(body, "trigger_id"),
    place: channel === undefined ? undefined : { channel, thread: undefined },
  };
}

function parseEvent(body: JsonObject, bot: string | undefined): Heard {
  const event = objectAt(body, "event") ?? {};
  const type = textAt(event, "type") ?? "";
  if (REMOVALS.includes(type)) return { kind: "removed", event: type };
  const user = textAt(event, "user");
  if (user === undefined || !ACCOUNT.test(user) || user === bot) return ignored(`${type} by nobody`);
  // In shared channels and large organisations, team_id names a workspace that may be another one than ours.
  const team = textAt(event, "user_team") ?? textAt(body, "context_team_id") ?? textAt(body, "team_id");
  const by = { user, team };
  if (type === "app_home_opened")
    return textAt(event, "tab") === "messages" ? ignored("the Messages tab") : { kind: "home", by };
  const channel = textAt(event, "channel");
  if (
    channel === undefined ||
    textAt(event, "bot_id") !== undefined ||
    textAt(event, "subtype") !== undefined
  )
    return ignored(`${type}, not from a person`);
  const direct = type === "message" && textAt(event, "channel_type") === "im";
  // Slack tells of a mention in direct messages twice.
  const named = type === "app_mention" && !channel.startsWith("D");
  if (!direct && !named) return ignored(type);
  const place = { channel, thread: textAt(event, "thread_ts") };
  return { kind: "message", by, words: commandWords(textAt(event, "text") ?? "", bot), place, direct };
}

export type Done = Exclude<Heard, { kind: "removed" | "ignored" }>;

/** What was done, in the words of the application, by somebody whom Slack has vouched for. */
export function gestureOf(heard: Done, from: Identity): Gesture {
  switch (heard.kind) {
    case "press":
      return {
        kind: "press",
        from,
        token: heard.token,
        message: heard.card
          ? {
              platform: "slack",
              channel: heard.card.channel,
              ref: { channel: heard.card.channel, ts: heard.card.ts },
            }
          : null,
      };
    case "submit":
      return { kind: "submit", from, token: heard.token, filled: heard.filled };
    case "command":
    case "message":
      return { kind: "command", from, words: heard.words };
    case "flag":
      return { kind: "flag", from, about: heard.about ?? null };
    case "home":
      return { kind: "home", from };
  }
}
