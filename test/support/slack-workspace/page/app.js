/** The page: who you are, where you are, and everything kept up to date while you look at it. */
import { act, confirmed } from "./acts.js";
import { blocks } from "./blocks.js";
import { h, menu } from "./dom.js";
import { showMessages } from "./messages.js";
import { showModal } from "./modal.js";

const find = (id) => document.querySelector(`#${id}`);
const surface = find("surface");
const remembered = (name, fallback) => JSON.parse(sessionStorage.getItem(name) ?? JSON.stringify(fallback));
const remember = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));

let me = new URLSearchParams(location.search).get("user") ?? remembered("me", "");
let place = remembered("place", "dm");
let world;
let replyTo;
/** The last message each person saw, per channel. */
const read = remembered("read", {});
let noticesSeen = {};

let asked = 0;

async function refresh() {
  asked += 1;
  const question = asked;
  const answer = await fetch(`/state?user=${encodeURIComponent(me)}`).then(
    (response) => response.json(),
    () => undefined,
  );
  // A slow answer must not undo a newer one.
  if (answer === undefined || question !== asked) return;
  world = answer;
  const people = world.users.filter((user) => !user.isBot && !user.isDeleted);
  if (!people.some(({ id }) => id === me)) {
    if (people.length === 0) return;
    become(people[0].id);
    return;
  }
  draw(people);
}

function become(id) {
  me = id;
  remember("me", me);
  replyTo = undefined;
  noticesSeen = {};
  refresh();
}

function go(where) {
  place = where;
  replyTo = undefined;
  remember("place", place);
  openDrawer(false);
  if (place === "home") act({ do: "home", user: me }, complain);
  draw();
  if (place !== "home") find("composer-text").focus();
}

const dmChannel = () => world.channels.find(({ kind }) => kind === "im")?.id;
const channelHere = () => (place === "dm" ? dmChannel() : place);
const shownMessages = (channel) => world.messages.filter((message) => message.channel === channel);
const isUnread = (channel) => (shownMessages(channel).at(-1)?.ts ?? "") > (read[`${me} ${channel}`] ?? "");

function markRead(channel) {
  const last = shownMessages(channel).at(-1)?.ts;
  if (last === undefined || document.hidden) return;
  read[`${me} ${channel}`] = last;
  remember("read", read);
}

function draw(people) {
  if (!world.channels.some(({ id }) => id === place) && place !== "home") place = "dm";
  if (people) drawPeople(people);
  if (place !== "home") markRead(channelHere());
  drawSidebar();
  drawSurface();
  drawNotices();
  showModal(world, complain);
}

function drawPeople(people) {
  const select = find("who");
  select.replaceChildren(
    ...people.map((user) =>
      h(
        "option",
        { value: user.id, selected: user.id === me },
        `${user.realName}${user.isGuest ? " (guest)" : ""}`,
      ),
    ),
  );
}

function entry(where, label, channel) {
  const unread = channel !== undefined && isUnread(channel);
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: unread ? "place unread" : "place",
        "aria-current": place === where ? "page" : undefined,
        onclick: () => go(where),
      },
      h("span", {}, label),
      unread && h("span", { class: "dot" }, h("span", { class: "visually-hidden" }, "unread")),
    ),
  );
}

function drawSidebar() {
  const focused = document.activeElement?.closest("#sidebar .place")?.textContent;
  const channels = world.channels.filter(({ kind }) => kind !== "im");
  find("sidebar").replaceChildren(
    h("h2", {}, "App"),
    h("ul", {}, entry("dm", world.appName, dmChannel()), entry("home", "App Home")),
    h("h2", {}, "Channels"),
    h(
      "ul",
      {},
      channels.map(({ id, name, kind }) =>
        entry(id, `# ${name}${kind === "private" ? " (private)" : ""}`, id),
      ),
    ),
  );
  for (const button of document.querySelectorAll("#sidebar .place"))
    if (button.textContent === focused) button.focus();
  find("any-unread").hidden = !world.channels.some(({ id }) => isUnread(id));
}

function drawSurface() {
  const channel = world.channels.find(({ id }) => id === channelHere());
  const title = place === "home" ? "App Home" : place === "dm" ? world.appName : `# ${channel?.name}`;
  find("title").textContent = title;
  document.title = `${title} · Loopback workspace`;
  drawTools();
  find("composer").hidden = place === "home";
  if (place === "home") {
    drawHome();
    return;
  }
  drawComposer(channel);
  showMessages(surface, world, channelHere(), { reply, complain });
}

let toolsDrawn = "";

function drawTools() {
  const globals = world.shortcuts.filter(({ type }) => type === "global");
  const signature = JSON.stringify([me, globals]);
  if (signature === toolsDrawn) return;
  toolsDrawn = signature;
  const items = globals.map(({ name, callback_id }) => ({
    text: name,
    act: () => act({ do: "shortcut", user: me, callback: callback_id }, complain),
  }));
  find("tools").replaceChildren(...(items.length > 0 ? [menu("Shortcuts", items, true)] : []));
}

let homeDrawn = "";

function drawHome() {
  const home = world.home;
  const signature = JSON.stringify([me, home]);
  if (signature === homeDrawn && surface.dataset.channel === "home") return;
  homeDrawn = signature;
  surface.dataset.channel = "home";
  const hands = {
    isForm: false,
    values: home?.values ?? {},
    press: async (element, choice, control) => {
      if (!(await confirmed(world, element.confirm))) return;
      control?.setAttribute("aria-busy", "true");
      await act({ do: "press", user: me, view: home.id, target: element.action_id, choice }, complain);
      control?.removeAttribute("aria-busy");
    },
  };
  surface.replaceChildren(
    h(
      "div",
      { class: "home" },
      home
        ? blocks(world, home.blocks, hands)
        : h("p", { class: "empty" }, "The app has not published a home tab for you yet."),
    ),
  );
}

function drawComposer(channel) {
  const target = place === "dm" ? world.appName : `#${channel?.name}`;
  const commands = world.commands.map(({ command }) => command).join(", ");
  find("composer-text").placeholder = replyTo ? "Reply in this thread" : `Message ${target}`;
  find("composer-hint").textContent = commands
    ? `Commands: ${commands}. Enter sends, Shift+Enter makes a new line.`
    : "Enter sends.";
  const note = find("reply-to");
  note.hidden = replyTo === undefined;
  if (replyTo)
    note.replaceChildren(
      "Replying in a thread ",
      h("button", { type: "button", class: "link", onclick: () => reply(undefined) }, "Stop replying"),
    );
}

function reply(message) {
  replyTo = message ? (message.threadTs ?? message.ts) : undefined;
  drawSurface();
  find("composer-text").focus();
}

async function send() {
  const box = find("composer-text");
  const text = box.value.trim();
  if (text === "") return;
  const channel = channelHere();
  const [, command, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  if (command && !world.commands.some((one) => one.command === command)) {
    complain(`${command} is not a valid command.`);
    return;
  }
  box.value = "";
  grow(box);
  const what = command
    ? { do: "slash", user: me, command, text: rest, channel }
    : { do: "say", user: me, text, channel, thread: replyTo };
  await act(what, complain);
}

function grow(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 200)}px`;
}

function complain(words) {
  const note = h(
    "div",
    { class: "notice" },
    h("span", {}, words),
    h(
      "button",
      { type: "button", class: "icon", "aria-label": "Dismiss", onclick: () => note.remove() },
      h("span", { "aria-hidden": "true" }, "✕"),
    ),
  );
  find("notices").append(note);
  setTimeout(() => note.remove(), 12_000);
}

/** Shows what the workspace told this person since the page was opened. */
function drawNotices() {
  const before = noticesSeen[me] ?? world.notices.length;
  for (const { text } of world.notices.slice(before)) complain(text);
  noticesSeen[me] = world.notices.length;
}

function openDrawer(isOpen) {
  document.body.classList.toggle("drawer-open", isOpen);
  find("drawer-toggle").setAttribute("aria-expanded", String(isOpen));
}

find("who").addEventListener("change", (event) => become(event.currentTarget.value));
find("drawer-toggle").addEventListener("click", () =>
  openDrawer(!document.body.classList.contains("drawer-open")),
);
find("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
find("composer-text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
find("composer-text").addEventListener("input", (event) => grow(event.currentTarget));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") openDrawer(false);
});
document.addEventListener("visibilitychange", () => world && draw());

const live = new EventSource("/live");
live.addEventListener("open", () => {
  find("stopped").hidden = true;
});
live.addEventListener("error", () => {
  find("stopped").hidden = false;
});
live.addEventListener("message", refresh);
