/** Users, conversations, messages and views in the shapes that Slack sends. */
import { stateValues } from "./inputs.ts";
import { type JsonObject, listIn } from "./json.ts";
import type { User } from "./people.ts";
import { type Channel, type Message, messagesIn, type State, type View } from "./state.ts";

export function userOnWire(user: User): JsonObject {
  const { profile, ...rest } = user;
  return { ...rest, profile: { ...profile }, updated: 0 };
}

export function channelOnWire(state: State, channel: Channel): JsonObject {
  if (channel.kind === "im")
    return {
      id: channel.id,
      is_im: true,
      is_channel: false,
      is_archived: channel.is_archived,
      user: [...channel.members].find((member) => member !== state.app.botUserId) ?? "",
      context_team_id: state.team.id,
    };
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === "public",
    is_group: channel.kind === "private",
    is_im: false,
    is_private: channel.kind === "private",
    is_archived: channel.is_archived,
    is_member: channel.members.has(state.app.botUserId),
    num_members: channel.members.size,
    context_team_id: state.team.id,
  };
}

export function messageOnWire(state: State, message: Message, withMetadata: boolean): JsonObject {
  const byBot = message.user === state.app.botUserId;
  const replies =
    message.threadTs === undefined || message.threadTs === message.ts
      ? messagesIn(state, message.channel).filter(
          (other) => other.threadTs === message.ts && other.ts !== message.ts,
        )
      : [];
  const thread = message.threadTs ?? (replies.length > 0 ? message.ts : undefined);
  return {
    type: "message",
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: state.team.id,
    ...(byBot
      ? {
          bot_id: state.app.botId,
          app_id: state.app.id,
          bot_profile: {
            id: state.app.botId,
            app_id: state.app.id,
            name: state.installed.appName,
            team_id: state.team.id,
            deleted: false,
          },
        }
      : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(thread === undefined ? {} : { thread_ts: thread }),
    ...(replies.length > 0
      ? {
          reply_count: replies.length,
          reply_users: [...new Set(replies.map(({ user }) => user))],
          latest_reply: replies.at(-1)?.ts,
        }
      : {}),
    ...(message.editedTs === undefined ? {} : { edited: { user: message.user, ts: message.editedTs } }),
    ...(message.reactions.length > 0
      ? {
          reactions: [...new Set(message.reactions.map(({ name }) => name))].map((name) => {
            const users = message.reactions.filter((one) => one.name === name).map(({ user }) => user);
            return { name, users, count: users.length };
          }),
        }
      : {}),
    ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  };
}

export function viewOnWire(state: State, view: View): JsonObject {
  const { content } = view;
  const blocks = listIn(content.blocks);
  return {
    id: view.id,
    team_id: state.team.id,
    type: content.type,
    blocks,
    private_metadata: content.private_metadata ?? "",
    callback_id: content.callback_id ?? "",
    state: { values: stateValues(blocks, view.values) },
    hash: view.hash,
    ...(content.type === "modal" ? { title: content.title } : {}),
    clear_on_close: content.clear_on_close ?? false,
    notify_on_close: content.notify_on_close ?? false,
    close: content.close ?? null,
    submit: content.submit ?? null,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: state.app.id,
    external_id: content.external_id ?? "",
    app_installed_team_id: state.team.id,
    bot_id: state.app.botId,
  };
}
