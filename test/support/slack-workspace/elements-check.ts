/** Interactive elements: buttons, menus, choices and inputs, and where each may stand. */
import { LIMITS } from "./limits.ts";
import { richText } from "./rich-text-check.ts";
import { byType, flag, integer, list, may, must, object, type Rule, string, unless, word } from "./shape.ts";
import {
  confirm,
  eitherOptionsOrGroups,
  imageElement,
  option,
  optionGroup,
  overflowOption,
  plain,
} from "./texts-check.ts";

const actionId = may(string({ max: LIMITS.id }));
const focus = may(flag);
const placeholder = may(plain(LIMITS.placeholder));
const asks = may(confirm);
const dispatch = may(
  object({
    trigger_actions_on: may(list(word("on_enter_pressed", "on_character_entered"), 1, 2)),
  }),
);
const menu = { action_id: actionId, confirm: asks, focus_on_load: focus, placeholder };
const field = {
  action_id: actionId,
  dispatch_action_config: dispatch,
  focus_on_load: focus,
  placeholder,
};
const many = { max_selected_items: may(integer(1, LIMITS.selectOptions)) };
const several = (item: Rule) => may(list(item, 1, LIMITS.selectOptions));
const id = string({ min: 1, max: LIMITS.id });
const filter = may(
  object({
    include: may(list(word("im", "mpim", "private", "public"), 1, 4)),
    exclude_external_shared_channels: may(flag),
    exclude_bot_users: may(flag),
  }),
);
const choices = {
  options: may(list(option(), 1, LIMITS.selectOptions)),
  option_groups: may(list(optionGroup, 1, LIMITS.optionGroups)),
};
const styled = option(["plain_text", "mrkdwn"]);
const type = (name: string) => must(word(name));
const respond = { response_url_enabled: may(flag) };
const decimal = may(string({ pattern: /^-?\d+(?:\.\d+)?$/ }));

const button = object({
  type: type("button"),
  text: must(plain(LIMITS.buttonText)),
  action_id: actionId,
  value: may(string({ max: LIMITS.buttonValue })),
  url: may(string({ max: LIMITS.url, pattern: /^(?:https?|mailto|tel):/ })),
  style: may(word("primary", "danger")),
  confirm: asks,
  accessibility_label: may(string({ max: LIMITS.accessibilityLabel })),
});

const menus: Record<string, Rule> = {
  static_select: object(
    { type: type("static_select"), ...menu, ...choices, initial_option: may(option()) },
    eitherOptionsOrGroups,
  ),
  multi_static_select: object(
    {
      type: type("multi_static_select"),
      ...menu,
      ...choices,
      ...many,
      initial_options: several(option()),
    },
    eitherOptionsOrGroups,
  ),
  external_select: object({
    type: type("external_select"),
    ...menu,
    initial_option: may(option()),
    min_query_length: may(integer(0, 100)),
  }),
  multi_external_select: object({
    type: type("multi_external_select"),
    ...menu,
    ...many,
    initial_options: several(option()),
    min_query_length: may(integer(0, 100)),
  }),
  users_select: object({ type: type("users_select"), ...menu, initial_user: may(id) }),
  multi_users_select: object({
    type: type("multi_users_select"),
    ...menu,
    ...many,
    initial_users: several(id),
  }),
  conversations_select: object({
    type: type("conversations_select"),
    ...menu,
    ...respond,
    initial_conversation: may(id),
    default_to_current_conversation: may(flag),
    filter,
  }),
  multi_conversations_select: object({
    type: type("multi_conversations_select"),
    ...menu,
    ...many,
    initial_conversations: several(id),
    default_to_current_conversation: may(flag),
    filter,
  }),
  channels_select: object({
    type: type("channels_select"),
    ...menu,
    ...respond,
    initial_channel: may(id),
  }),
  multi_channels_select: object({
    type: type("multi_channels_select"),
    ...menu,
    ...many,
    initial_channels: several(id),
  }),
};

const pickers: Record<string, Rule> = {
  checkboxes: object({
    type: type("checkboxes"),
    action_id: actionId,
    confirm: asks,
    focus_on_load: focus,
    options: must(list(styled, 1, LIMITS.choiceOptions)),
    initial_options: may(list(styled, 1, LIMITS.choiceOptions)),
  }),
  radio_buttons: object({
    type: type("radio_buttons"),
    action_id: actionId,
    confirm: asks,
    focus_on_load: focus,
    options: must(list(styled, 1, LIMITS.choiceOptions)),
    initial_option: may(styled),
  }),
  datepicker: object({
    type: type("datepicker"),
    ...menu,
    initial_date: may(string({ pattern: /^\d{4}-\d{2}-\d{2}$/ })),
  }),
  timepicker: object({
    type: type("timepicker"),
    ...menu,
    initial_time: may(string({ pattern: /^\d{2}:\d{2}$/ })),
    timezone: may(string({ min: 1 })),
  }),
};

const datetimepicker = object({
  type: type("datetimepicker"),
  action_id: actionId,
  confirm: asks,
  focus_on_load: focus,
  initial_date_time: may(integer(1_000_000_000, 9_999_999_999)),
});

const overflow = object({
  type: type("overflow"),
  action_id: actionId,
  confirm: asks,
  options: must(list(overflowOption, 1, LIMITS.overflowOptions)),
});

const richTextInput = object({
  type: type("rich_text_input"),
  ...field,
  initial_value: may(richText),
  min_lines: may(integer(1, 100)),
  max_lines: may(integer(1, 100)),
});

const inputs: Record<string, Rule> = {
  plain_text_input: object(
    {
      type: type("plain_text_input"),
      ...field,
      multiline: may(flag),
      initial_value: may(string({ max: LIMITS.plainTextInput })),
      min_length: may(integer(0, LIMITS.plainTextInput)),
      max_length: may(integer(1, LIMITS.plainTextInput)),
    },
    unless(
      ({ min_length, max_length }) => Number(min_length ?? 0) > Number(max_length ?? LIMITS.plainTextInput),
      "min_length must not be greater than max_length",
    ),
  ),
  number_input: object({
    type: type("number_input"),
    ...field,
    is_decimal_allowed: must(flag),
    initial_value: decimal,
    min_value: decimal,
    max_value: decimal,
  }),
  email_text_input: object({
    type: type("email_text_input"),
    ...field,
    initial_value: may(string({})),
  }),
  url_text_input: object({
    type: type("url_text_input"),
    ...field,
    initial_value: may(string({ max: LIMITS.url })),
  }),
  file_input: object({
    type: type("file_input"),
    action_id: actionId,
    filetypes: may(list(string({ min: 1 }), 1, 100)),
    max_files: may(integer(1, 10)),
  }),
};

const feedback = object({
  text: must(plain(LIMITS.buttonText)),
  value: must(string({ max: LIMITS.buttonValue })),
  accessibility_label: may(string({ max: LIMITS.accessibilityLabel })),
});

/** Beside a section. */
export const accessory = byType({ button, image: imageElement, overflow, ...menus, ...pickers });

/** In a row of actions. */
export const actionsElement = byType({
  button,
  overflow,
  datetimepicker,
  rich_text_input: richTextInput,
  ...menus,
  ...pickers,
});

/** In an input block. */
export const inputElement = byType({
  datetimepicker,
  rich_text_input: richTextInput,
  ...inputs,
  ...menus,
  ...pickers,
});

/** Under a message: feedback and icon buttons. */
export const contextActionsElement = byType({
  feedback_buttons: object({
    type: type("feedback_buttons"),
    action_id: actionId,
    positive_button: must(feedback),
    negative_button: must(feedback),
  }),
  icon_button: object({
    type: type("icon_button"),
    action_id: actionId,
    confirm: asks,
    icon: must(string({ min: 1 })),
    text: must(plain(LIMITS.buttonText)),
    value: may(string({ max: LIMITS.buttonValue })),
    accessibility_label: may(string({ max: LIMITS.accessibilityLabel })),
    visible_to_user_ids: may(list(id, 1, 100)),
  }),
});

export const cardButtons = list(byType({ button }), 1, LIMITS.actionsElements);
