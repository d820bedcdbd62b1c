/** The payloads Slack sends for what people do, in the shapes that were recorded from it. */
import { randomBytes } from "node:crypto";
import { type JsonObject, textIn } from "./json.ts";
import { type Channel, type Message, newId, type State, type View } from "./state.ts";
import { messageOnWire, viewOnWire } from "./wire.ts";

/** The old verification token: still in every payload, never to be trusted. */
const TOKEN = "loopback-verification-token";

function newTrigger(state: State, user: string, inModal: boolean): string {
  const id = `${Math.floor(state.clock.now())}.${state.team.id.slice(1)}.${randomBytes(16).toString("hex")}`;
  state.triggers.set(id, { user, issuedAt: state.clock.now(), inModal, used: false });
  return id;
}

function common(state: State, userId: string): JsonObject {
  const user = state.users.get(userId);
  return {
    user: {
      id: userId,
      username: user?.name ?? userId,
      name: user?.name ?? userId,
      team_id: user?.team_id ?? state.team.id,
    },
    api_app_id: state.app.id,
    token: TOKEN,
    team: { id: state.team.id, domain: state.team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

const reference = (channel: Channel) => ({
  id: channel.id,
  name: channel.kind === "im" ? "directmessage" : channel.name,
});

export function pressedOnMessage(
  state: State,
  user: string,
  about: {
    readonly channel: Channel;
    readonly message: Message;
    readonly action: JsonObject;
    readonly values: JsonObject;
    readonly responseUrl: string;
  },
): JsonObject {
  const { channel, message } = about;
  const isEphemeral = message.onlyFor !== undefined;
  return {
    type: "block_actions",
    ...common(state, user),
    container: {
      type: "message",
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    trigger_id: newTrigger(state, user, false),
    channel: reference(channel),
    // Slack keeps no copy of what only one person saw.
    ...(isEphemeral ? {} : { message: messageOnWire(state, message, true) }),
    state: { values: about.values },
    response_url: about.responseUrl,
    actions: [about.action],
  };
}

export function pressedInView(state: State, user: string, view: View, action: JsonObject): JsonObject {
  return {
    type: "block_actions",
    ...common(state, user),
    container: { type: "view", view_id: view.id },
    trigger_id: newTrigger(state, user, view.content.type === "modal"),
    view: viewOnWire(state, view),
    actions: [action],
  };
}

export function viewSubmitted(state: State, view: View): JsonObject {
  return {
    type: "view_submission",
    ...common(state, view.user),
    trigger_id: newTrigger(state, view.user, true),
    view: viewOnWire(state, view),
    response_urls: [],
  };
}

export function viewClosed(state: State, view: View, isCleared: boolean): JsonObject {
  return {
    type: "view_closed",
    ...common(state, view.user),
    view: viewOnWire(state, view),
    is_cleared: isCleared,
  };
}

export function shortcutUsed(state: State, user: string, callbackId: string): JsonObject {
  return {
    type: "shortcut",
    ...common(state, user),
    callback_id: callbackId,
    action_ts: state.nextTs(),
    trigger_id: newTrigger(state, user, false),
  };
}

export function messageShortcutUsed(
  state: State,
  user: string,
  callbackId: string,
  about: { readonly channel: Channel; readonly message: Message; readonly responseUrl: string },
): JsonObject {
  return {
    type: "message_action",
    ...common(state, user),
    callback_id: callbackId,
    action_ts: state.nextTs(),
    trigger_id: newTrigger(state, user, false),
    response_url: about.responseUrl,
    channel: reference(about.channel),
    message_ts: about.message.ts,
    message: messageOnWire(state, about.message, true),
  };
}

export function commandTyped(
  state: State,
  user: string,
  about: {
    readonly command: string;
    readonly text: string;
    readonly channel: Channel;
    readonly responseUrl: string;
  },
): JsonObject {
  const { id, name } = reference(about.channel);
  return {
    token: TOKEN,
    team_id: state.team.id,
    team_domain: state.team.domain,
    channel_id: id,
    channel_name: name,
    user_id: user,
    user_name: state.users.get(user)?.name ?? user,
    command: about.command,
    text: about.text,
    api_app_id: state.app.id,
    is_enterprise_install: "false",
    response_url: about.responseUrl,
    trigger_id: newTrigger(state, user, false),
  };
}

/** The envelope around every event. */
function eventCallback(state: State, event: JsonObject): JsonObject {
  return {
    token: TOKEN,
    team_id: state.team.id,
    context_team_id: state.team.id,
    context_enterprise_id: null,
    api_app_id: state.app.id,
    event,
    type: "event_callback",
    event_id: newId("Ev"),
    event_time: Math.floor(state.clock.now() / 1_000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: state.team.id,
        user_id: state.app.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `1-${textIn(event.type)}-${state.team.id}-${textIn(event.channel) ?? ""}`,
  };
}

const CHANNEL_TYPE = { public: "channel", private: "group", im: "im" } as const;

export function messageEvent(
  state: State,
  channel: Channel,
  message: Message,
  type: "message" | "app_mention",
): JsonObject {
  return eventCallback(state, {
    type,
    user: message.user,
    ts: message.ts,
    client_msg_id: newId("", 16),
    text: message.text,
    team: state.team.id,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    channel: channel.id,
    event_ts: message.ts,
    ...(type === "message" ? { channel_type: CHANNEL_TYPE[channel.kind] } : {}),
  });
}

export function homeOpened(state: State, user: string, channel: Channel): JsonObject {
  const view = state.homes.get(user);
  return eventCallback(state, {
    type: "app_home_opened",
    user,
    channel: channel.id,
    tab: "home",
    event_ts: state.nextTs(),
    ...(view === undefined ? {} : { view: viewOnWire(state, view) }),
  });
}
