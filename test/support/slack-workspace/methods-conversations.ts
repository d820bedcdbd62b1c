/** conversations.*: opening direct messages and reading what was said. */
import { type Arguments, isYes, type Method, refuse } from "./answers.ts";
import { type JsonObject, textIn } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { type Channel, directMessages, findMessage, type Message, messagesIn, type State } from "./state.ts";
import { channelOnWire, messageOnWire } from "./wire.ts";

const open: Method = (state, args) => {
  const ids = (textIn(args.users) ?? "").split(",").filter((id) => id !== "");
  const [id, ...others] = ids;
  if (id === undefined) {
    const channel = state.channels.get(textIn(args.channel) ?? "");
    return channel === undefined ? refuse("channel_not_found") : { ok: true, channel: { id: channel.id } };
  }
  // Group conversations are no part of this workspace.
  if (others.length > 0) return refuse("method_not_supported_for_channel_type");
  const user = state.users.get(id);
  if (user === undefined) return refuse("user_not_found");
  if (user.is_bot) return refuse("cannot_dm_bot");
  if (user.deleted) return refuse("user_disabled");
  const alreadyOpen = [...state.channels.values()].some(
    ({ kind, members }) => kind === "im" && members.has(id),
  );
  const channel = directMessages(state, id);
  return {
    ok: true,
    ...(alreadyOpen ? { no_op: true, already_open: true } : {}),
    channel: isYes(args.return_im) ? channelOnWire(state, channel) : { id: channel.id },
  };
};

/** A conversation the bot may read, or the word that says why not. */
function readable(state: State, args: Arguments): Channel | string {
  const channel = state.channels.get(textIn(args.channel) ?? "");
  if (channel === undefined) return "channel_not_found";
  if (channel.members.has(state.app.botUserId)) return channel;
  return channel.kind === "private" ? "channel_not_found" : "not_in_channel";
}

const history =
  (restricted: boolean): Method =>
  (state, args) => {
    const channel = readable(state, args);
    if (typeof channel === "string") return refuse(channel);
    const newestFirst = messagesIn(state, channel.id)
      .filter((message) => message.threadTs === undefined || message.broadcast)
      .toReversed();
    return page(state, args, newestFirst, restricted);
  };

const replies =
  (restricted: boolean): Method =>
  (state, args) => {
    const channel = readable(state, args);
    if (typeof channel === "string") return refuse(channel);
    const parent = findMessage(state, channel.id, textIn(args.ts) ?? "");
    if (parent === undefined) return refuse("thread_not_found");
    const root = parent.threadTs ?? parent.ts;
    const thread = messagesIn(state, channel.id).filter(
      ({ ts, threadTs }) => ts === root || threadTs === root,
    );
    return page(state, args, thread, restricted);
  };

/** Bounds are exclusive unless `inclusive`; a cursor names the place where the next page starts. */
function page(state: State, args: Arguments, ordered: readonly Message[], restricted: boolean): JsonObject {
  const most = restricted ? LIMITS.restrictedHistoryPage : LIMITS.historyPage;
  const limit = Number(args.limit ?? Math.min(100, most));
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMITS.historyPage) return refuse("invalid_limit");
  const start = startOf(args.cursor);
  if (start === undefined) return refuse("invalid_cursor");
  const oldest = Number(args.oldest ?? 0);
  const latest = Number(args.latest ?? Number.POSITIVE_INFINITY);
  if (Number.isNaN(oldest)) return refuse("invalid_ts_oldest");
  if (Number.isNaN(latest)) return refuse("invalid_ts_latest");
  const inclusive = isYes(args.inclusive);
  const within = ordered.filter(({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  });
  const end = start + Math.min(limit, most);
  const more = end < within.length;
  return {
    ok: true,
    messages: within
      .slice(start, end)
      .map((message) => messageOnWire(state, message, isYes(args.include_all_metadata))),
    has_more: more,
    pin_count: 0,
    response_metadata: { next_cursor: more ? Buffer.from(`next:${end}`).toString("base64") : "" },
  };
}

function startOf(cursor: unknown): number | undefined {
  if (cursor === undefined || cursor === "") return 0;
  const text = Buffer.from(String(cursor), "base64").toString();
  const start = Number(text.replace(/^next:/, ""));
  return text.startsWith("next:") && Number.isInteger(start) ? start : undefined;
}

const info: Method = (state, args) => {
  const channel = state.channels.get(textIn(args.channel) ?? "");
  if (channel === undefined) return refuse("channel_not_found");
  if (channel.kind === "private" && !channel.members.has(state.app.botUserId))
    return refuse("channel_not_found");
  return { ok: true, channel: channelOnWire(state, channel) };
};

export function conversationMethods(access: "internal" | "restricted") {
  const restricted = access === "restricted";
  return {
    "conversations.open": open,
    "conversations.history": history(restricted),
    "conversations.replies": replies(restricted),
    "conversations.info": info,
  } as const satisfies Record<string, Method>;
}
