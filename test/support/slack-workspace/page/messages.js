/** Draws a conversation: messages, their threads, and what can be done with each. */
import { act, confirmed } from "./acts.js";
import { blocks } from "./blocks.js";
import { h, menu } from "./dom.js";
import { markup } from "./texts.js";

const time = (ts) => new Date(Number(ts) * 1000);

function avatar(user) {
  const name = user?.realName ?? "?";
  const letters = name
    .split(/\s+/)
    .map((part) => part[0])
    .slice(0, 2)
    .join("");
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  const badge = h("span", { class: "avatar", "aria-hidden": "true" }, letters);
  badge.style.setProperty("--hue", hue);
  return badge;
}

function messageNode(world, message, { reply, complain }) {
  const author = world.users.find((user) => user.id === message.user);
  const where = { channel: message.channel, ts: message.ts };
  const hands = {
    isForm: false,
    values: message.choices,
    press: async (element, choice, control) => {
      if (control?.getAttribute("aria-busy")) return;
      if (!(await confirmed(world, element.confirm))) return;
      control?.setAttribute("aria-busy", "true");
      await act({ do: "press", user: world.me, ...where, target: element.action_id, choice }, complain);
      control?.removeAttribute("aria-busy");
    },
  };
  const shortcuts = world.shortcuts
    .filter(({ type }) => type === "message")
    .map(({ name, callback_id }) => ({
      text: name,
      act: () => act({ do: "message-shortcut", user: world.me, callback: callback_id, ...where }, complain),
    }));
  const isBot = author?.isBot === true;
  return h(
    "article",
    {
      class: `message${message.isEphemeral ? " ephemeral" : ""}`,
      "data-ts": message.ts,
      "aria-label": `${author?.realName ?? message.user}`,
    },
    avatar(author),
    h(
      "div",
      { class: "message-body" },
      h(
        "p",
        { class: "meta" },
        h("strong", {}, author?.realName ?? message.user),
        isBot && h("span", { class: "tag" }, "App"),
        h(
          "time",
          { datetime: time(message.ts).toISOString(), title: time(message.ts).toLocaleString() },
          time(message.ts).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" }),
        ),
        message.isEdited && h("span", { class: "soft" }, "(edited)"),
        message.versions > 1 &&
          !message.isEdited &&
          h("span", { class: "soft", title: "How often the app rewrote it" }, `version ${message.versions}`),
        message.isEphemeral && h("span", { class: "soft" }, "Only visible to you"),
      ),
      message.blocks.length > 0 ? blocks(world, message.blocks, hands) : markup(world, message.text),
      message.reactions.length > 0 &&
        h(
          "p",
          { class: "row" },
          message.reactions.map(({ name }) => h("span", { class: "tag" }, `:${name}:`)),
        ),
    ),
    h(
      "div",
      { class: "message-tools" },
      !message.isEphemeral &&
        menu("Message actions", [{ text: "Reply in thread", act: () => reply(message) }, ...shortcuts]),
    ),
  );
}

const drawn = new Map();

/** A message's node, the same one as long as it looks the same. */
function keep(world, message, hooks) {
  const signature = JSON.stringify([message, world.me, world.users.length]);
  const before = drawn.get(message.ts);
  if (before?.signature === signature) return before.node;
  const node = messageNode(world, message, hooks);
  drawn.set(message.ts, { signature, node });
  return node;
}

function thread(world, parent, replies, hooks) {
  const words = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  return h(
    "section",
    { class: "thread", "aria-label": `Thread: ${words}` },
    h("p", { class: "soft thread-head" }, words),
    replies.map((message) => keep(world, message, hooks)),
    h("button", { type: "button", class: "link", onclick: () => hooks.reply(parent) }, "Reply in thread"),
  );
}

/** Brings the list up to date; it stays at its end when it was there. */
export function showMessages(surface, world, channelId, hooks) {
  const isAtEnd =
    surface.dataset.channel !== channelId ||
    surface.scrollHeight - surface.scrollTop - surface.clientHeight < 80;
  surface.dataset.channel = channelId;
  const mine = world.messages.filter(({ channel }) => channel === channelId);
  const roots = mine.filter(
    ({ threadTs, ts }) => !threadTs || threadTs === ts || !mine.some((one) => one.ts === threadTs),
  );
  const nodes = roots.flatMap((root) => {
    const replies = mine.filter(({ threadTs, ts }) => threadTs === root.ts && ts !== root.ts);
    return [keep(world, root, hooks), ...(replies.length > 0 ? [thread(world, root, replies, hooks)] : [])];
  });
  const focused = document.activeElement;
  surface.replaceChildren(
    ...(nodes.length > 0 ? nodes : [h("p", { class: "empty" }, "Nothing has been said here yet.")]),
  );
  if (focused instanceof HTMLElement && surface.contains(focused)) focused.focus({ preventScroll: true });
  if (isAtEnd) surface.scrollTop = surface.scrollHeight;
}
