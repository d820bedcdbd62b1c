/** What a `rich_text` block may hold, to the last inline element. */
import { LIMITS } from "./limits.ts";
import { byType, flag, integer, list, may, must, number, object, type Rule, string, word } from "./shape.ts";

const style = may(
  object({
    bold: may(flag),
    italic: may(flag),
    strike: may(flag),
    code: may(flag),
    underline: may(flag),
    highlight: may(flag),
    client_highlight: may(flag),
    unlink: may(flag),
  }),
);

const DATE_TOKENS =
  /^(?:[^{}]|\{(?:date_num|date_slash|date|date_pretty|date_short|date_short_pretty|date_long|date_long_pretty|date_long_full|day_divider_pretty|time|time_secs|ago)\})+$/;

const userId = must(string({ pattern: /^[UW][A-Z0-9]+$/ }));
const words = must(string({ min: 1 }));
const address = must(string({ min: 1, max: LIMITS.url }));

const text = object({ type: must(word("text")), text: words, style });
const link = object({
  type: must(word("link")),
  url: address,
  text: may(string({})),
  unsafe: may(flag),
  style,
});

const inline = byType({
  text,
  link,
  user: object({ type: must(word("user")), user_id: userId, style }),
  usergroup: object({ type: must(word("usergroup")), usergroup_id: words, style }),
  channel: object({ type: must(word("channel")), channel_id: words, style }),
  team: object({ type: must(word("team")), team_id: words, style }),
  broadcast: object({
    type: must(word("broadcast")),
    range: must(word("here", "channel", "everyone")),
    style,
  }),
  emoji: object({
    type: must(word("emoji")),
    name: words,
    unicode: may(string({})),
    url: may(string({})),
    style,
  }),
  color: object({ type: must(word("color")), value: words, style }),
  date: object({
    type: must(word("date")),
    timestamp: must(number),
    format: must(string({ min: 1, pattern: DATE_TOKENS })),
    url: may(string({ max: LIMITS.url })),
    fallback: may(string({})),
    style,
  }),
});

const border = may(word(0, 1));
const many = Number.POSITIVE_INFINITY;

const section = object({
  type: must(word("rich_text_section")),
  elements: must(list(inline, 1, many)),
});

const part = byType({
  rich_text_section: section,
  rich_text_list: object({
    type: must(word("rich_text_list")),
    style: must(word("bullet", "ordered")),
    elements: must(list(byType({ rich_text_section: section }), 1, many)),
    indent: may(integer(0, 8)),
    offset: may(integer(0, 10_000)),
    border,
  }),
  rich_text_quote: object({
    type: must(word("rich_text_quote")),
    elements: must(list(inline, 1, many)),
    border,
  }),
  rich_text_preformatted: object({
    type: must(word("rich_text_preformatted")),
    elements: must(list(byType({ text, link }), 1, many)),
    border,
  }),
});

export const blockId = may(string({ max: LIMITS.id }));

export const richText: Rule = object({
  type: must(word("rich_text")),
  block_id: blockId,
  elements: must(list(part, 1, many)),
});
