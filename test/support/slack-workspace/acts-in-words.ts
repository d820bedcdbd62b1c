/** Commands, shortcuts, messages to the bot and opening its home: what a person does without a card. */
import type { Answer } from "./deliver.ts";
import { actor, type Desk, sendEvent, sendFor } from "./desk.ts";
import { isObject, textIn } from "./json.ts";
import { escapeAll } from "./limits.ts";
import { refuseBlocks } from "./methods-chat.ts";
import { commandTyped, homeOpened, messageEvent, shortcutUsed } from "./payloads.ts";
import { applyResponse } from "./response-urls.ts";
import { addMessage, type Channel, directMessages, findMessage, type State, tell } from "./state.ts";

/** Types a slash command; what the app answers at once is shown to the person, or to the channel if it says so. */
export async function slash(
  desk: Desk,
  userId: string,
  command: string,
  text: string,
  channelId?: string,
): Promise<Answer> {
  const { state } = desk;
  actor(state, userId);
  const known = state.installed.commands.find((one) => one.command === command);
  if (known === undefined) throw new Error(`${command} is not a valid command of this workspace`);
  const channel =
    channelId === undefined ? directMessages(state, userId) : memberOf(state, userId, channelId);
  const payload = commandTyped(state, userId, {
    command,
    text: known.should_escape ? withReferences(state, text.trim(), true) : text.trim(),
    channel,
    responseUrl: desk.responseUrls.issue({ user: userId, channel: channel.id }),
  });
  const answer = await sendFor(desk, userId, command, { type: "slash_commands", payload });
  if (answer.outcome === "acknowledged") showAnswer(state, userId, channel, command, answer.body);
  return answer;
}

function showAnswer(state: State, userId: string, channel: Channel, command: string, body: unknown): void {
  const response = typeof body === "string" ? { text: body } : body;
  if (!isObject(response)) return;
  const fault = refuseBlocks(response.blocks);
  if (fault !== undefined) {
    tell(state, userId, "invalid_answer", `${command} failed with the error “${textIn(fault.error)}”.`);
    return;
  }
  applyResponse(state, { user: userId, channel: channel.id, ts: undefined, threadTs: undefined }, response);
}

/** Uses a global shortcut. */
export async function shortcut(desk: Desk, userId: string, callbackId: string): Promise<Answer> {
  actor(desk.state, userId);
  const payload = shortcutUsed(desk.state, userId, callbackId);
  return sendFor(desk, userId, "The shortcut", { type: "interactive", payload });
}

/** Opens the app's home tab; `undefined` when the app did not subscribe to that. */
export async function openHome(desk: Desk, userId: string): Promise<Answer | undefined> {
  actor(desk.state, userId);
  const payload = homeOpened(desk.state, userId, directMessages(desk.state, userId));
  return sendEvent(desk, "app_home_opened", payload);
}

const FAMILY = { public: "message.channels", private: "message.groups", im: "message.im" } as const;

/** Says something in a channel or, without one, to the bot. The answer is to the mention where there is one. */
export async function say(
  desk: Desk,
  userId: string,
  text: string,
  channelId?: string,
  threadTs?: string,
): Promise<Answer | undefined> {
  const { state } = desk;
  actor(state, userId);
  const channel =
    channelId === undefined ? directMessages(state, userId) : memberOf(state, userId, channelId);
  if (threadTs !== undefined && findMessage(state, channel.id, threadTs) === undefined)
    throw new Error(`No message ${threadTs} in ${channel.id}`);
  const message = addMessage(state, {
    channel: channel.id,
    user: userId,
    text: withReferences(state, text, false),
    blocks: [],
    threadTs,
  });
  // The bot hears only where it was invited.
  if (!channel.members.has(state.app.botUserId)) return undefined;
  const isMention = channel.kind !== "im" && message.text.includes(`<@${state.app.botUserId}>`);
  const [mentioned, heard] = await Promise.all([
    isMention
      ? sendEvent(desk, "app_mention", messageEvent(state, channel, message, "app_mention"))
      : undefined,
    sendEvent(desk, FAMILY[channel.kind], messageEvent(state, channel, message, "message")),
  ]);
  return mentioned ?? heard;
}

/** Mentions the bot in a channel. */
export function mention(
  desk: Desk,
  userId: string,
  channelId: string,
  text: string,
): Promise<Answer | undefined> {
  return say(desk, userId, `<@${desk.state.app.botUserId}> ${text}`, channelId);
}

function memberOf(state: State, userId: string, channelId: string): Channel {
  const channel = state.channels.get(channelId);
  if (channel === undefined) throw new Error(`No channel ${channelId}`);
  if (!channel.members.has(userId)) throw new Error(`${userId} is no member of ${channelId}`);
  return channel;
}

/** What the client makes of typed text: `@name` and `#channel` become references, the three signs are escaped. */
function withReferences(state: State, text: string, withLabels: boolean): string {
  return text
    .split(/(<[@#][A-Z0-9]+(?:\|[^<>]*)?>|[@#][\w.-]*\w)/)
    .map((piece) => {
      if (/^<[@#]/.test(piece)) return piece;
      if (/^[@#]./.test(piece)) return reference(state, piece, withLabels) ?? escapeAll(piece);
      return escapeAll(piece);
    })
    .join("");
}

function reference(state: State, piece: string, withLabels: boolean): string | undefined {
  const name = piece.slice(1).toLowerCase();
  const label = (text: string) => (withLabels ? `|${text}` : "");
  if (piece.startsWith("#")) {
    const channel = [...state.channels.values()].find((one) => one.kind !== "im" && one.name === name);
    return channel === undefined ? undefined : `<#${channel.id}${label(channel.name)}>`;
  }
  const user = [...state.users.values()].find(
    (one) => one.name.toLowerCase() === name || one.profile.display_name.toLowerCase() === name,
  );
  return user === undefined ? undefined : `<@${user.id}${label(user.name)}>`;
}
