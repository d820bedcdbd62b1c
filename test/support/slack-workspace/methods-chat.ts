/** chat.* and reactions.add: posting, updating and deleting with Slack's refusals. */
import {
  type Arguments,
  isYes,
  type Method,
  metadataFault,
  refuse,
  refuseMissing,
  refuseProblems,
} from "./answers.ts";
import { checkBlocks } from "./blocks-check.ts";
import { isList, isObject, type Json, type JsonObject, listIn, textIn } from "./json.ts";
import { bytesOf, escapeLoose, LIMITS } from "./limits.ts";
import {
  addMessage,
  type Channel,
  directMessages,
  fillIds,
  findMessage,
  type Message,
  replaceMessage,
  rewriteMessage,
  type State,
} from "./state.ts";
import { textInBlocks } from "./text-size.ts";
import { messageOnWire } from "./wire.ts";

/** What is wrong with the blocks of a message, as the whole answer; `undefined` when Slack would take them. */
export function refuseBlocks(blocks: Json | undefined): JsonObject | undefined {
  if (blocks === undefined) return undefined;
  // A string here is a form field that did not parse.
  if (!isList(blocks)) return refuse("invalid_blocks_format");
  const problems = checkBlocks(blocks, "message");
  if (problems.length > 0) return refuseProblems("invalid_blocks", problems);
  return textInBlocks(blocks) > LIMITS.messageBlocksText ? refuse("msg_blocks_too_long") : undefined;
}

/** Where a message may go: a conversation, or the word that says why not. A user's id opens the direct messages. */
function destination(state: State, id: Json | undefined): Channel | string {
  const wanted = textIn(id);
  if (wanted === undefined || wanted === "") return "channel_not_found";
  const user = state.users.get(wanted);
  if (user !== undefined) {
    if (user.is_bot) return "cannot_dm_bot";
    return user.deleted ? "channel_not_found" : directMessages(state, user.id);
  }
  const channel = state.channels.get(wanted);
  if (channel === undefined) return "channel_not_found";
  if (channel.is_archived) return "is_archived";
  if (channel.members.has(state.app.botUserId)) return channel;
  // Slack does not admit that a private channel exists.
  return channel.kind === "private" ? "channel_not_found" : "not_in_channel";
}

function hasContent(args: Arguments): boolean {
  return (
    (textIn(args.text) ?? "") !== "" || listIn(args.blocks).length > 0 || listIn(args.attachments).length > 0
  );
}

/** Undefined, or the refusal of the thread a reply asks for. */
function refuseThread(state: State, channel: Channel, threadTs: string | undefined): JsonObject | undefined {
  if (threadTs === undefined) return undefined;
  const parent = findMessage(state, channel.id, threadTs);
  if (parent === undefined) return refuse("thread_not_found");
  const isReply = parent.threadTs !== undefined && parent.threadTs !== parent.ts;
  return isReply ? refuse("cannot_reply_to_message") : undefined;
}

const postMessage: Method = (state, args) => {
  const channel = destination(state, args.channel);
  if (typeof channel === "string") return refuse(channel);
  const fault = refuseBlocks(args.blocks);
  if (fault !== undefined) return fault;
  if (!hasContent(args)) return refuse("no_text");
  const metadata = metadataFault(args.metadata, LIMITS.metadataBytes);
  if (metadata !== undefined) return refuse(metadata);
  const threadTs = textIn(args.thread_ts);
  const thread = refuseThread(state, channel, threadTs);
  if (thread !== undefined) return thread;
  const whole = textIn(args.text) ?? "";
  const isCut = [...whole].length > LIMITS.messageText;
  const text = isCut ? [...whole].slice(0, LIMITS.messageText).join("") : whole;
  const message = addMessage(state, {
    channel: channel.id,
    user: state.app.botUserId,
    text,
    blocks: fillIds(listIn(args.blocks)),
    metadata: isObject(args.metadata) && Object.keys(args.metadata).length > 0 ? args.metadata : undefined,
    threadTs,
    broadcast: isYes(args.reply_broadcast),
  });
  return {
    ok: true,
    channel: channel.id,
    ts: message.ts,
    message: messageOnWire(state, message, true),
    ...(isCut
      ? { warning: "message_truncated", response_metadata: { warnings: ["message_truncated"] } }
      : {}),
  };
};

/** The bot's own message to change, or the refusal. */
function ownMessage(state: State, args: Arguments, notMine: string): Message | JsonObject {
  if (textIn(args.ts) === undefined) return refuseMissing("ts");
  const channel = state.channels.get(textIn(args.channel) ?? "");
  // A user's id does not do here: the direct messages' own id is asked for.
  if (channel === undefined) return refuse("channel_not_found");
  const message = findMessage(state, channel.id, textIn(args.ts) ?? "");
  if (message === undefined || message.onlyFor !== undefined) return refuse("message_not_found");
  return message.user === state.app.botUserId ? message : refuse(notMine);
}

const isMessage = (found: Message | JsonObject): found is Message => "history" in found;

const update: Method = (state, args) => {
  const before = ownMessage(state, args, "cant_update_message");
  if (!isMessage(before)) return before;
  const fault = refuseBlocks(args.blocks);
  if (fault !== undefined) return fault;
  const metadata = metadataFault(args.metadata, LIMITS.metadataBytes);
  if (metadata !== undefined) return refuse(metadata);
  const text = textIn(args.text);
  if (text !== undefined && bytesOf(escapeLoose(text)) > LIMITS.updateTextBytes)
    return refuse("msg_too_long");
  if (
    text === undefined &&
    args.blocks === undefined &&
    args.attachments === undefined &&
    args.metadata === undefined
  )
    return refuse("no_text");
  // chat.update: "If the text argument is provided and blocks are not, the blocks will be removed."
  const blocks =
    args.blocks === undefined ? (text === undefined ? before.blocks : []) : fillIds(listIn(args.blocks));
  if (blocks.length === 0 && (text ?? before.text) === "") return refuse("no_text");
  const after = rewriteMessage(state, before, {
    text: text ?? before.text,
    blocks,
    metadata: nextMetadata(before, args.metadata),
    editedTs: blocks.length > 0 ? before.editedTs : state.nextTs(),
  });
  return {
    ok: true,
    channel: after.channel,
    ts: after.ts,
    text: after.text,
    message: messageOnWire(state, after, true),
  };
};

/** Omitted metadata stays, `{}` removes it. */
function nextMetadata(before: Message, sent: Json | undefined): JsonObject | undefined {
  if (!isObject(sent)) return before.metadata;
  return Object.keys(sent).length === 0 ? undefined : sent;
}

const deleteMessage: Method = (state, args) => {
  const message = ownMessage(state, args, "cant_delete_message");
  if (!isMessage(message)) return message;
  replaceMessage(state, message, { deleted: true });
  return { ok: true, channel: message.channel, ts: message.ts };
};

const postEphemeral: Method = (state, args) => {
  const channel = destination(state, args.channel);
  if (typeof channel === "string") return refuse(channel);
  const user = textIn(args.user);
  if (user === undefined) return refuseMissing("user");
  if (!channel.members.has(user)) return refuse("user_not_in_channel");
  const fault = refuseBlocks(args.blocks);
  if (fault !== undefined) return fault;
  if (!hasContent(args)) return refuse("no_text");
  const message = addMessage(state, {
    channel: channel.id,
    user: state.app.botUserId,
    text: textIn(args.text) ?? "",
    blocks: fillIds(listIn(args.blocks)),
    threadTs: textIn(args.thread_ts),
    onlyFor: user,
  });
  return { ok: true, message_ts: message.ts };
};

const getPermalink: Method = (state, args) => {
  const channel = state.channels.get(textIn(args.channel) ?? "");
  if (channel === undefined) return refuse("channel_not_found");
  const message = findMessage(state, channel.id, textIn(args.message_ts) ?? "");
  if (message === undefined) return refuse("message_not_found");
  const permalink = `${state.team.url}archives/${channel.id}/p${message.ts.replace(".", "")}`;
  return { ok: true, channel: channel.id, permalink };
};

const addReaction: Method = (state, args) => {
  const channel = state.channels.get(textIn(args.channel) ?? "");
  if (channel === undefined) return refuse("channel_not_found");
  const message = findMessage(state, channel.id, textIn(args.timestamp) ?? "");
  if (message === undefined) return refuse("message_not_found");
  const name = textIn(args.name);
  if (name === undefined) return refuse("invalid_name");
  const mine = { name, user: state.app.botUserId };
  if (message.reactions.some((one) => one.name === name && one.user === mine.user))
    return refuse("already_reacted");
  replaceMessage(state, message, { reactions: [...message.reactions, mine] });
  return { ok: true };
};

export const chatMethods = {
  "chat.postMessage": postMessage,
  "chat.update": update,
  "chat.delete": deleteMessage,
  "chat.postEphemeral": postEphemeral,
  "chat.getPermalink": getPermalink,
  "reactions.add": addReaction,
} as const satisfies Record<string, Method>;
