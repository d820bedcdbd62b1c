/** Everything the workspace remembers: conversations, messages with every version, views, and what each person was told. */
import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import type { ChannelSeed, Installed, User } from "./people.ts";

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: "public" | "private" | "im";
  readonly members: Set<string>;
  readonly is_archived: boolean;
}

export interface Version {
  readonly at: number;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly metadata: JsonObject | undefined;
  readonly threadTs: string | undefined;
  readonly broadcast: boolean;
  /** The one person who sees it, if only one does. */
  readonly onlyFor: string | undefined;
  /** Slack marks a message as edited only when its text stands alone. */
  readonly editedTs: string | undefined;
  readonly deleted: boolean;
  readonly reactions: readonly { readonly name: string; readonly user: string }[];
  /** What it said before each update, oldest first; the present version is not among them. */
  readonly history: readonly Version[];
}

export interface View {
  readonly id: string;
  readonly hash: string;
  readonly user: string;
  readonly rootId: string;
  readonly previousId: string | undefined;
  /** As the app sent it, with ids filled in. */
  readonly content: JsonObject;
  /** What the person has entered so far, block id → action id → value as Slack reports it. */
  readonly values: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  /** Complaints the app answered the last submission with, by block id. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Something the client told a person by itself: the app had no word in it. */
export interface Notice {
  readonly at: number;
  readonly problem: string;
  readonly text: string;
}

export interface Trigger {
  readonly user: string;
  readonly issuedAt: number;
  readonly inModal: boolean;
  used: boolean;
}

export interface State {
  readonly clock: Clock;
  readonly team: {
    readonly id: string;
    readonly domain: string;
    readonly name: string;
    readonly url: string;
  };
  readonly app: { readonly id: string; readonly botUserId: string; readonly botId: string };
  readonly installed: Installed;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  /** In the order they were posted. */
  readonly messages: Message[];
  readonly views: Map<string, View>;
  /** Ids of the open modals of each user, the visible one last. */
  readonly stacks: Map<string, readonly string[]>;
  readonly homes: Map<string, View>;
  readonly notices: Map<string, readonly Notice[]>;
  readonly triggers: Map<string, Trigger>;
  /** Choices made in messages, keyed `user|message`: block id → action id → value. */
  readonly choices: Map<string, Record<string, Record<string, JsonObject>>>;
  nextTs(): string;
  /** Tells every open page that something is new. */
  changed(): void;
}

const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";

export function newId(prefix: string, length = 9): string {
  return prefix + [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** Timestamps name messages: strictly rising, even where the clock stands still. */
export function timestamps(clock: Clock): () => string {
  let last = 0;
  return () => {
    last = Math.max(clock.now() * 1_000, last + 1);
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, "0")}`;
  };
}

export function channelFrom(seed: ChannelSeed, botUserId: string): Channel {
  return {
    id: seed.id,
    name: seed.name,
    kind: seed.is_private === true ? "private" : "public",
    members: new Set([...seed.members, ...(seed.with_bot === false ? [] : [botUserId])]),
    is_archived: seed.is_archived === true,
  };
}

/** The conversation between the bot and one user, opened when it is not there yet. */
export function directMessages(state: State, userId: string): Channel {
  for (const channel of state.channels.values())
    if (channel.kind === "im" && channel.members.has(userId)) return channel;
  const opened: Channel = {
    id: newId("D"),
    name: userId,
    kind: "im",
    members: new Set([userId, state.app.botUserId]),
    is_archived: false,
  };
  state.channels.set(opened.id, opened);
  return opened;
}

export function messagesIn(state: State, channelId: string): readonly Message[] {
  return state.messages.filter(
    (message) => message.channel === channelId && !message.deleted && message.onlyFor === undefined,
  );
}

export function findMessage(state: State, channelId: string, ts: string): Message | undefined {
  return state.messages.find(
    (message) => message.channel === channelId && message.ts === ts && !message.deleted,
  );
}

export type NewMessage = Pick<Message, "channel" | "user" | "text" | "blocks"> &
  Partial<Pick<Message, "metadata" | "threadTs" | "broadcast" | "onlyFor">>;

export function addMessage(state: State, content: NewMessage): Message {
  const message: Message = {
    metadata: undefined,
    threadTs: undefined,
    broadcast: false,
    onlyFor: undefined,
    ...content,
    ts: state.nextTs(),
    editedTs: undefined,
    deleted: false,
    reactions: [],
    history: [],
  };
  state.messages.push(message);
  state.changed();
  return message;
}

/** Puts the new version where the old one stood. */
export function replaceMessage(state: State, before: Message, change: Partial<Message>): Message {
  const after = { ...before, ...change };
  state.messages[state.messages.indexOf(before)] = after;
  state.changed();
  return after;
}

export function rewriteMessage(
  state: State,
  before: Message,
  change: Pick<Message, "text" | "blocks"> & Partial<Pick<Message, "metadata" | "editedTs">>,
): Message {
  const version = { at: state.clock.now(), text: before.text, blocks: before.blocks };
  return replaceMessage(state, before, { ...change, history: [...before.history, version] });
}

export function tell(state: State, userId: string, problem: string, text: string): void {
  const notice = { at: state.clock.now(), problem, text };
  state.notices.set(userId, [...(state.notices.get(userId) ?? []), notice]);
  state.changed();
}

const ACTING = new Set([
  "button",
  "overflow",
  "checkboxes",
  "radio_buttons",
  "datepicker",
  "timepicker",
  "datetimepicker",
  "plain_text_input",
  "number_input",
  "email_text_input",
  "url_text_input",
  "rich_text_input",
  "file_input",
  "feedback_buttons",
  "icon_button",
]);

function isActing(type: unknown): boolean {
  return typeof type === "string" && (ACTING.has(type) || type.endsWith("_select"));
}

/** Slack names every block and element that the app left unnamed. */
export function fillIds(blocks: readonly Json[]): readonly JsonObject[] {
  return blocks.filter(isObject).map((block) => ({
    ...nameElements(block),
    block_id: typeof block.block_id === "string" && block.block_id !== "" ? block.block_id : newId("", 5),
  }));
}

function nameElements(value: JsonObject): JsonObject {
  const named = Object.fromEntries(
    Object.entries(value).map(([key, inside]) => [
      key,
      isObject(inside) || isList(inside) ? nameWithin(inside) : inside,
    ]),
  );
  return isActing(value.type) && typeof value.action_id !== "string"
    ? { ...named, action_id: newId("", 5) }
    : named;
}

function nameWithin(value: JsonObject | readonly Json[]): Json {
  if (isList(value))
    return value.map((entry) => (isObject(entry) || isList(entry) ? nameWithin(entry) : entry));
  return isObject(value) ? nameElements(value) : null;
}
