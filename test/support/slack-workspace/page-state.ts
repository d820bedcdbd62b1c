/** What one person sees, as the page draws it. */
import { listIn } from "./json.ts";
import { openModals } from "./modals.ts";
import { directMessages, type Message, type State, type View } from "./state.ts";

/** Everything in front of one user: their channels with messages, open modals, home tab and notices. */
export function pageState(state: State, userId: string) {
  if (state.users.get(userId)?.deleted === false) directMessages(state, userId);
  const channels = [...state.channels.values()].filter(({ members }) => members.has(userId));
  const modal = openModals(state, userId).at(-1);
  const home = state.homes.get(userId);
  return {
    team: state.team,
    appName: state.installed.appName,
    botUserId: state.app.botUserId,
    me: userId,
    now: state.clock.now(),
    users: [...state.users.values()].map(({ id, name, real_name, is_bot, deleted, is_restricted, tz }) => ({
      id,
      name,
      realName: real_name,
      isBot: is_bot,
      isDeleted: deleted,
      isGuest: is_restricted,
      timeZone: tz,
    })),
    channels: channels.map(({ id, name, kind }) => ({ id, name, kind })),
    messages: state.messages
      .filter(
        ({ channel, deleted, onlyFor }) =>
          !deleted &&
          channels.some(({ id }) => id === channel) &&
          (onlyFor === undefined || onlyFor === userId),
      )
      .map((message) => onPage(message, state.choices.get(`${userId}|${message.channel}|${message.ts}`))),
    modal:
      modal === undefined ? undefined : { ...viewOnPage(modal), depth: openModals(state, userId).length },
    home: home === undefined ? undefined : viewOnPage(home),
    notices: state.notices.get(userId) ?? [],
    commands: state.installed.commands,
    shortcuts: state.installed.shortcuts,
  };
}

function onPage(message: Message, choices: unknown) {
  const { ts, channel, user, text, blocks, threadTs, broadcast, onlyFor, editedTs, reactions, history } =
    message;
  return {
    ts,
    channel,
    user,
    text,
    blocks,
    threadTs,
    broadcast,
    isEphemeral: onlyFor !== undefined,
    isEdited: editedTs !== undefined,
    versions: history.length + 1,
    reactions,
    choices: choices ?? {},
  };
}

function viewOnPage({ id, hash, content, values, errors }: View) {
  const { title, submit, close, blocks } = content;
  return { id, hash, title, submit, close, blocks: listIn(blocks), values, errors };
}
