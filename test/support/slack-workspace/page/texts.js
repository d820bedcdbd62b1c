/** Draws text: markup (`mrkdwn`), plain text and `rich_text`, always as nodes. */
import { h, safeLink } from "./dom.js";

const EMOJI = {
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  x: "❌",
  warning: "⚠️",
  rotating_light: "🚨",
  red_circle: "🔴",
  large_yellow_circle: "🟡",
  large_green_circle: "🟢",
  large_orange_circle: "🟠",
  large_blue_circle: "🔵",
  white_circle: "⚪",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  double_vertical_bar: "⏸️",
  arrow_forward: "▶️",
  octagonal_sign: "🛑",
  eyes: "👀",
  wave: "👋",
  bell: "🔔",
  no_entry: "⛔",
  no_entry_sign: "🚫",
  memo: "📝",
  mag: "🔍",
  speech_balloon: "💬",
  robot_face: "🤖",
  bar_chart: "📊",
  chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉",
  calendar: "📅",
  thumbsup: "👍",
  thumbsdown: "👎",
  "+1": "👍",
  "-1": "👎",
  tada: "🎉",
  lock: "🔒",
  bulb: "💡",
};

const emoji = (name, unicode) => {
  if (unicode) return String.fromCodePoint(...unicode.split("-").map((hex) => Number.parseInt(hex, 16)));
  return EMOJI[name] ?? `:${name}:`;
};

const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function link(url, label) {
  const address = safeLink(url);
  return address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label) : label;
}

export function person(world, id) {
  const user = world.users.find((one) => one.id === id);
  return h("span", { class: "mention" }, `@${user?.realName ?? id}`);
}

function channelName(world, id) {
  const channel = world.channels.find((one) => one.id === id);
  return h("span", { class: "mention" }, `#${channel?.name ?? id}`);
}

/** `{date_short} at {time}` and its kin, in the reader's own language and time zone. */
function dateText(timestamp, format) {
  const date = new Date(timestamp * 1000);
  const day = (options) => date.toLocaleDateString(undefined, options);
  const clock = (options) => date.toLocaleTimeString(undefined, options);
  const long = { weekday: "long", year: "numeric", month: "long", day: "numeric" };
  const short = { year: "numeric", month: "short", day: "numeric" };
  const middle = { year: "numeric", month: "long", day: "numeric" };
  const minutes = Math.round((date.getTime() - Date.now()) / 60_000);
  const ago = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  const relative =
    Math.abs(minutes) < 60
      ? ago.format(minutes, "minute")
      : Math.abs(minutes) < 1440
        ? ago.format(Math.round(minutes / 60), "hour")
        : ago.format(Math.round(minutes / 1440), "day");
  return format.replaceAll(/\{(\w+)\}/g, (whole, token) => {
    if (token === "time") return clock({ hour: "2-digit", minute: "2-digit" });
    if (token === "time_secs") return clock({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    if (token === "ago") return relative;
    if (token === "date_num" || token === "date_slash") return day({});
    if (token.startsWith("date_short")) return day(short);
    if (token.startsWith("date_long")) return day(long);
    if (token.startsWith("date") || token.startsWith("day")) return day(middle);
    return whole;
  });
}

/** What stands between angle brackets. */
function reference(world, inside) {
  const [target, label] = inside.split("|");
  if (target.startsWith("@")) return person(world, target.slice(1));
  if (target.startsWith("#")) return channelName(world, target.slice(1));
  if (target.startsWith("!date^")) {
    const [, timestamp, format, url] = target.split("^");
    const text = h("time", {}, dateText(Number(timestamp), format ?? ""));
    return url ? link(url, text) : text;
  }
  if (target.startsWith("!")) return h("span", { class: "mention" }, label ?? `@${target.slice(1)}`);
  return link(target, decode(label ?? target));
}

const INLINE = [
  { pattern: /```([\s\S]+?)```/, draw: (_, inside) => h("pre", {}, decode(inside.replace(/^\n/, ""))) },
  { pattern: /`([^`\n]+)`/, draw: (_, inside) => h("code", {}, decode(inside)) },
  { pattern: /<([^<>\n]+)>/, draw: (world, inside) => reference(world, inside) },
  {
    pattern: /(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])/,
    draw: (world, inside) => h("strong", {}, inlines(world, inside)),
  },
  {
    pattern: /(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])/,
    draw: (world, inside) => h("em", {}, inlines(world, inside)),
  },
  {
    pattern: /(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])/,
    draw: (world, inside) => h("s", {}, inlines(world, inside)),
  },
  { pattern: /:([a-z0-9_+-]+):/, draw: (_, inside) => emoji(inside) },
  {
    pattern: /(https?:\/\/[^\s<>]+[^\s<>.,;:!?)])/,
    draw: (_, inside) => link(decode(inside), decode(inside)),
  },
];

function inlines(world, text) {
  const found = INLINE.map(({ pattern, draw }) => ({ match: pattern.exec(text), draw }))
    .filter(({ match }) => match)
    .sort((a, b) => a.match.index - b.match.index)[0];
  if (!found) return text === "" ? [] : [decode(text)];
  const { match, draw } = found;
  const after = match.index + match[0].length;
  return [
    ...inlines(world, text.slice(0, match.index)),
    draw(world, match[1]),
    ...inlines(world, text.slice(after)),
  ];
}

/** Slack's markup. */
export function markup(world, text) {
  const quoted = /^(?:>|&gt;) ?/;
  const groups = [];
  let isCode = false;
  for (const line of text.split("\n")) {
    const isQuote = !isCode && quoted.test(line);
    if (line.split("```").length % 2 === 0) isCode = !isCode;
    const last = groups.at(-1);
    const words = isQuote ? line.replace(quoted, "") : line;
    if (last && last.isQuote === isQuote) last.lines.push(words);
    else groups.push({ isQuote, lines: [words] });
  }
  return groups.map(({ isQuote, lines }) =>
    h(isQuote ? "blockquote" : "div", { class: "words" }, inlines(world, lines.join("\n"))),
  );
}

/** A text object. */
export function text(world, object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? markup(world, object.text) : [plain(object.text)];
}

export function plain(words) {
  return decode(words).replaceAll(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

function styled(node, style = {}) {
  const wraps = [
    ["bold", "strong"],
    ["italic", "em"],
    ["strike", "s"],
    ["underline", "u"],
    ["code", "code"],
  ];
  return wraps.reduce((inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner), node);
}

function richInline(world, element) {
  const drawn = {
    text: () => element.text,
    link: () => link(element.url, element.text || element.url),
    user: () => person(world, element.user_id),
    usergroup: () => h("span", { class: "mention" }, `@${element.usergroup_id}`),
    channel: () => channelName(world, element.channel_id),
    team: () => element.team_id,
    broadcast: () => h("span", { class: "mention" }, `@${element.range}`),
    emoji: () => emoji(element.name, element.unicode),
    color: () => h("code", {}, element.value),
    date: () => h("time", {}, dateText(element.timestamp, element.format)),
  }[element.type];
  return styled(drawn ? drawn() : element.type, element.style);
}

function richPart(world, part) {
  const inside = () => part.elements.map((element) => richInline(world, element));
  switch (part.type) {
    case "rich_text_list":
      return h(
        part.style === "ordered" ? "ol" : "ul",
        { class: `indent-${part.indent ?? 0}`, start: part.offset ? part.offset + 1 : undefined },
        part.elements.map((item) =>
          h(
            "li",
            {},
            item.elements.map((element) => richInline(world, element)),
          ),
        ),
      );
    case "rich_text_quote":
      return h("blockquote", { class: "words" }, inside());
    case "rich_text_preformatted":
      return h("pre", {}, inside());
    default:
      return h("div", { class: "words" }, inside());
  }
}

/** A `rich_text` block: its text is shown as it stands. */
export function richText(world, block) {
  return block.elements.map((part) => richPart(world, part));
}
