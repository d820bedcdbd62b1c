/** What a person may put into an input, and how Slack reports it to the app. */
import { isObject, type Json, type JsonObject, listIn, objectIn, textIn } from "./json.ts";

/** What a test or the page enters: text, a number of options, or nothing. */
export type Entered = string | number | boolean | readonly string[] | null;

/** `plain_text_input` and its kin report a `value`; the others one word of their own each. */
const REPORTED_AS: Readonly<Record<string, string>> = {
  plain_text_input: "value",
  number_input: "value",
  email_text_input: "value",
  url_text_input: "value",
  static_select: "selected_option",
  external_select: "selected_option",
  radio_buttons: "selected_option",
  overflow: "selected_option",
  checkboxes: "selected_options",
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  users_select: "selected_user",
  multi_users_select: "selected_users",
  conversations_select: "selected_conversation",
  multi_conversations_select: "selected_conversations",
  channels_select: "selected_channel",
  multi_channels_select: "selected_channels",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
  rich_text_input: "rich_text_value",
};

const INITIAL = [
  "initial_value",
  "initial_option",
  "initial_options",
  "initial_date",
  "initial_time",
  "initial_date_time",
  "initial_user",
  "initial_users",
  "initial_conversation",
  "initial_conversations",
  "initial_channel",
  "initial_channels",
] as const;

/** The state value of an untouched element, or `undefined` for elements without state (buttons, overflow). */
function initialState(element: JsonObject): JsonObject | undefined {
  const type = textIn(element.type) ?? "";
  const key = REPORTED_AS[type];
  if (key === undefined || type === "overflow") return undefined;
  const name = INITIAL.find((initial) => element[initial] !== undefined);
  const empty = key.endsWith("s") && key.startsWith("selected_") ? [] : null;
  return { type, [key]: name === undefined ? empty : (element[name] ?? empty) };
}

/** The state value after a person entered something. Throws where the element offers no such option. */
export function enteredState(element: JsonObject, entered: Entered): JsonObject {
  const type = textIn(element.type) ?? "";
  const key = REPORTED_AS[type];
  if (key === undefined) throw new Error(`A ${type || "nameless element"} takes no value`);
  if (key === "selected_option")
    return { type, [key]: entered === null ? null : optionOf(element, String(entered)) };
  if (key === "selected_options")
    return { type, [key]: severalOf(entered).map((value) => optionOf(element, value)) };
  if (key.startsWith("selected_") && key.endsWith("s")) return { type, [key]: severalOf(entered) };
  if (key === "selected_date_time") return { type, [key]: entered === null ? null : Number(entered) };
  if (key === "rich_text_value") return { type, [key]: richTextOf(String(entered ?? "")) };
  const text = entered === null || entered === "" ? null : String(entered);
  return { type, [key]: text };
}

function severalOf(entered: Entered): readonly string[] {
  if (entered === null) return [];
  return Array.isArray(entered) ? entered.map(String) : [String(entered)];
}

function optionOf(element: JsonObject, value: string): JsonObject {
  const options = optionsOf(element);
  const found = options.find((option) => option.value === value);
  if (found === undefined)
    throw new Error(
      `No option ${value}; there are ${options.map((option) => String(option.value)).join(", ")}`,
    );
  return found;
}

function optionsOf(element: JsonObject): readonly JsonObject[] {
  const grouped = listIn(element.option_groups).flatMap((group) => listIn(objectIn(group).options));
  return [...listIn(element.options), ...grouped].filter(isObject);
}

function richTextOf(text: string): JsonObject {
  return {
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: text === "" ? [] : [{ type: "text", text }] }],
  };
}

function isEmpty(value: Json | undefined): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

/** What Slack's own client says about an input before it lets anybody submit; `undefined` when it is content. */
export function complaint(block: JsonObject, state: JsonObject): string | undefined {
  const element = objectIn(block.element);
  const value = state[REPORTED_AS[textIn(state.type) ?? ""] ?? "value"];
  if (isEmpty(value)) return block.optional === true ? undefined : "Please complete this required field.";
  const text = textIn(value) ?? "";
  switch (element.type) {
    case "plain_text_input":
      return lengthComplaint(element, text);
    case "number_input":
      return numberComplaint(element, text);
    case "email_text_input":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? undefined : "Please enter a valid email address.";
    case "url_text_input":
      return URL.canParse(text) ? undefined : "Please enter a valid URL.";
    default:
      return undefined;
  }
}

function lengthComplaint(element: JsonObject, text: string): string | undefined {
  const { min_length: min = 0, max_length: max = 3_000 } = element;
  if (text.length < Number(min)) return `Please enter at least ${min} characters.`;
  return text.length > Number(max) ? `Please enter at most ${max} characters.` : undefined;
}

function numberComplaint(element: JsonObject, text: string): string | undefined {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) return "Please enter a number.";
  if (element.is_decimal_allowed !== true && !Number.isInteger(value)) return "Please enter a whole number.";
  if (element.min_value !== undefined && value < Number(element.min_value))
    return `Please enter ${element.min_value} or more.`;
  return element.max_value !== undefined && value > Number(element.max_value)
    ? `Please enter ${element.max_value} or less.`
    : undefined;
}

/** Every element a person can act on, with the block it stands in. */
export interface Placed {
  readonly block: JsonObject;
  readonly element: JsonObject;
}

/** All interactive elements of the blocks, top to bottom. */
export function elementsIn(blocks: readonly Json[]): readonly Placed[] {
  return blocks.filter(isObject).flatMap((block) => {
    const nested = [
      block.accessory,
      block.element,
      ...listIn(block.elements),
      ...listIn(block.actions),
    ].filter((inside): inside is JsonObject => isObject(inside) && typeof inside.action_id === "string");
    const cards = block.type === "carousel" ? elementsIn(listIn(block.elements)) : [];
    return [
      ...nested.map((element) => ({ block, element })),
      ...cards,
      ...elementsIn(listIn(block.child_blocks)),
    ];
  });
}

/** The `state.values` of a surface: what was entered, else what it started with. */
export function stateValues(
  blocks: readonly Json[],
  entered: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>,
): Record<string, Record<string, JsonObject>> {
  const values: Record<string, Record<string, JsonObject>> = {};
  for (const { block, element } of elementsIn(blocks)) {
    const blockId = textIn(block.block_id) ?? "";
    const actionId = textIn(element.action_id) ?? "";
    const state = entered[blockId]?.[actionId] ?? initialState(element);
    if (state !== undefined) values[blockId] = { ...values[blockId], [actionId]: state };
  }
  return values;
}
