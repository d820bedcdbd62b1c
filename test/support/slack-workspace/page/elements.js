/** Draws what people press, choose and fill in. */
import { h, menu } from "./dom.js";
import { plain, text } from "./texts.js";

/**
 * @typedef {object} Hands what an element needs to act
 * @property {(element: object, choice?: unknown) => void} press
 * @property {boolean} isForm whether choices wait for a submit
 * @property {Record<string, Record<string, object>>} values
 */

const stateOf = (hands, block, element) => hands.values[block.block_id]?.[element.action_id];

/** The name by which a form's value is collected. */
const key = (block, element) => ({ "data-block": block.block_id, "data-action": element.action_id });

const labels = (block, element) =>
  block.type === "input"
    ? {}
    : { "aria-label": element.placeholder ? plain(element.placeholder.text) : element.action_id };

function button(element, hands) {
  const name = element.accessibility_label;
  const properties = {
    class: `button ${element.style ?? ""}`,
    ...(name ? { "aria-label": name } : {}),
    onclick: (event) => hands.press(element, undefined, event.currentTarget),
  };
  return element.url
    ? h(
        "a",
        { ...properties, href: element.url, target: "_blank", rel: "noopener noreferrer", role: "button" },
        plain(element.text.text),
      )
    : h("button", { type: "button", ...properties }, plain(element.text.text));
}

const optionNode = (option, chosen) =>
  h("option", { value: option.value, selected: chosen.includes(option.value) }, plain(option.text.text));

function select(world, block, element, hands) {
  const isMany = element.type.startsWith("multi_");
  const groups = element.option_groups ?? [];
  const state = stateOf(hands, block, element) ?? {};
  const lists = {
    users: () =>
      world.users
        .filter((user) => !user.isDeleted)
        .map((user) => ({ value: user.id, text: { text: user.realName } })),
    channels: () =>
      world.channels
        .filter(({ kind }) => kind !== "im")
        .map(({ id, name }) => ({ value: id, text: { text: `#${name}` } })),
  };
  const options = element.type.endsWith("users_select")
    ? lists.users()
    : element.type.endsWith("channels_select") || element.type.endsWith("conversations_select")
      ? lists.channels()
      : (element.options ?? []);
  const chosen = chosenValues(state, element);
  return h(
    "select",
    {
      ...key(block, element),
      ...labels(block, element),
      multiple: isMany,
      autofocus: element.focus_on_load,
      onchange: (event) => {
        const values = [...event.currentTarget.selectedOptions].map((option) => option.value).filter(Boolean);
        if (!hands.isForm || block.type !== "input" || block.dispatch_action)
          hands.press(element, isMany ? values : (values[0] ?? null), event.currentTarget);
      },
    },
    !isMany && h("option", { value: "" }, element.placeholder ? plain(element.placeholder.text) : "Choose…"),
    options.map((option) => optionNode(option, chosen)),
    groups.map((group) =>
      h(
        "optgroup",
        { label: plain(group.label.text) },
        group.options.map((option) => optionNode(option, chosen)),
      ),
    ),
  );
}

/** What is chosen now: what the person chose, else what the app proposed. */
function chosenValues(state, element) {
  const initial = [element.initial_option, ...(element.initial_options ?? [])]
    .filter(Boolean)
    .map((option) => option.value);
  const named = [
    element.initial_user,
    element.initial_channel,
    element.initial_conversation,
    ...(element.initial_users ?? []),
    ...(element.initial_channels ?? []),
    ...(element.initial_conversations ?? []),
  ].filter(Boolean);
  const found = Object.entries(state).find(([name]) => name.startsWith("selected_"));
  if (!found) return [...initial, ...named];
  return [found[1]]
    .flat()
    .filter(Boolean)
    .map((value) => (typeof value === "object" ? value.value : value));
}

let groups = 0;

function choices(world, block, element, hands) {
  const isRadio = element.type === "radio_buttons";
  const chosen = chosenValues(stateOf(hands, block, element) ?? {}, element);
  groups += 1;
  const name = `group-${groups}`;
  const box = h("div", {
    class: "choices",
    ...key(block, element),
    "data-kind": element.type,
    role: isRadio ? "radiogroup" : "group",
  });
  box.append(
    ...element.options.map((option) =>
      h(
        "label",
        {},
        h("input", {
          type: isRadio ? "radio" : "checkbox",
          name,
          value: option.value,
          checked: chosen.includes(option.value),
          onchange: () => {
            if (hands.isForm && block.type === "input" && !block.dispatch_action) return;
            const values = [...box.querySelectorAll("input:checked")].map((input) => input.value);
            hands.press(element, isRadio ? values[0] : values, box);
          },
        }),
        h(
          "span",
          {},
          text(world, option.text),
          option.description && h("small", { class: "choice-note" }, text(world, option.description)),
        ),
      ),
    ),
  );
  return box;
}

const FIELD_TYPES = {
  number_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
  plain_text_input: "text",
};

function field(block, element, hands) {
  const state = stateOf(hands, block, element);
  const initial = element.initial_value ?? element.initial_date ?? element.initial_time ?? "";
  const reported = state?.value ?? state?.selected_date ?? state?.selected_time;
  const value = state ? (reported ?? "") : typeof initial === "string" ? initial : "";
  const isLong = element.multiline || element.type === "rich_text_input";
  const isPicker = element.type.endsWith("picker");
  const properties = {
    ...key(block, element),
    ...labels(block, element),
    "data-kind": element.type,
    placeholder: element.placeholder ? plain(element.placeholder.text) : undefined,
    autofocus: element.focus_on_load,
    maxlength: element.max_length,
    value,
    onchange: (event) => {
      if ((isPicker && block.type !== "input") || block.dispatch_action)
        hands.press(element, entered(event.currentTarget), event.currentTarget);
    },
  };
  if (isLong) return h("textarea", { ...properties, rows: 5 });
  return h("input", {
    ...properties,
    type: FIELD_TYPES[element.type] ?? "text",
    inputmode: element.type === "number_input" ? "decimal" : undefined,
  });
}

/** Any interactive element. */
export function element(world, block, item, hands) {
  switch (item.type) {
    case "button":
    case "icon_button":
    case "workflow_button":
      return button(item, hands);
    case "image":
      return h("img", { class: "thumb", src: item.image_url, alt: item.alt_text, loading: "lazy" });
    case "overflow":
      return menu(
        "More options",
        item.options.map((option) => ({
          text: plain(option.text.text),
          note: option.description && plain(option.description.text),
          act: () => hands.press(item, option.value),
        })),
      );
    case "feedback_buttons":
      return h(
        "span",
        { class: "row" },
        [item.positive_button, item.negative_button].map((one) =>
          h(
            "button",
            { type: "button", class: "button", onclick: () => hands.press(item, one.value) },
            plain(one.text.text),
          ),
        ),
      );
    case "checkboxes":
    case "radio_buttons":
      return choices(world, block, item, hands);
    case "file_input":
      return h("p", { class: "hint" }, "Files can't be added in this workspace.");
    default:
      return item.type.endsWith("_select") ? select(world, block, item, hands) : field(block, item, hands);
  }
}

/** What one control holds, as the workspace wants it. */
function entered(control) {
  const kind = control.dataset.kind;
  if (control.classList.contains("choices")) {
    const values = [...control.querySelectorAll("input:checked")].map((input) => input.value);
    return kind === "radio_buttons" ? (values[0] ?? null) : values;
  }
  if (control instanceof HTMLSelectElement) {
    const values = [...control.selectedOptions].map((option) => option.value).filter(Boolean);
    return control.multiple ? values : (values[0] ?? null);
  }
  if (control.value === "") return null;
  return kind === "datetimepicker" ? Math.floor(new Date(control.value).getTime() / 1000) : control.value;
}

/** Everything filled in below `root`: block id → action id → value. */
export function collect(root) {
  const values = {};
  for (const control of root.querySelectorAll("[data-block][data-action]")) {
    const { block, action } = control.dataset;
    values[block] = { ...values[block], [action]: entered(control) };
  }
  return values;
}
