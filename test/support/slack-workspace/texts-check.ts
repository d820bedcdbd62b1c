/** Text objects, confirm dialogs and options: the small pieces that blocks and elements are made of. */
import { escapeAll, escapeLoose, LIMITS } from "./limits.ts";
import { byType, flag, list, may, must, object, type Rule, string, unless, word } from "./shape.ts";

type TextKind = "plain_text" | "mrkdwn";

const both: readonly TextKind[] = ["plain_text", "mrkdwn"];

/** A text object of one of `kinds`, 1 to `max` characters after escaping. */
export function textObject(max: number, kinds: readonly TextKind[] = both): Rule {
  const rules: Record<TextKind, Rule> = {
    plain_text: object({
      type: must(word("plain_text")),
      text: must(string({ min: 1, max, measure: escapeAll })),
      emoji: may(flag),
    }),
    mrkdwn: object({
      type: must(word("mrkdwn")),
      text: must(string({ min: 1, max, measure: escapeLoose })),
      verbatim: may(flag),
    }),
  };
  return byType(Object.fromEntries(kinds.map((kind) => [kind, rules[kind]])));
}

export const plain = (max: number): Rule => textObject(max, ["plain_text"]);
export const marked = (max: number): Rule => textObject(max, ["mrkdwn"]);

export const confirm = object({
  title: must(plain(LIMITS.confirmTitle)),
  text: must(textObject(LIMITS.confirmText)),
  confirm: must(plain(LIMITS.confirmButton)),
  deny: must(plain(LIMITS.confirmButton)),
  style: may(word("primary", "danger")),
});

export function option(kinds: readonly TextKind[] = ["plain_text"]): Rule {
  return object({
    text: must(textObject(LIMITS.optionText, kinds)),
    value: must(string({ max: LIMITS.optionValue })),
    description: may(textObject(LIMITS.optionText, kinds)),
  });
}

/** Only overflow menus may lead somewhere. */
export const overflowOption = object({
  text: must(plain(LIMITS.optionText)),
  value: must(string({ max: LIMITS.optionValue })),
  description: may(plain(LIMITS.optionText)),
  url: may(string({ max: LIMITS.url })),
});

export const optionGroup = object({
  label: must(plain(LIMITS.optionText)),
  options: must(list(option(), 1, LIMITS.selectOptions)),
});

export const eitherOptionsOrGroups = unless(
  ({ options, option_groups }) => (options === undefined) === (option_groups === undefined),
  "exactly one of options and option_groups is required",
);

export const image = {
  image_url: may(string({ min: 1, max: LIMITS.url, pattern: /^https?:\/\// })),
  slack_file: may(object({ id: may(string({ min: 1 })), url: may(string({ min: 1 })) })),
};

export const oneImageSource = unless(
  ({ image_url, slack_file }) => (image_url === undefined) === (slack_file === undefined),
  "exactly one of image_url and slack_file is required",
);

export const imageElement = object(
  { type: must(word("image")), alt_text: must(string({ min: 1, max: LIMITS.imageText })), ...image },
  oneImageSource,
);
