/** Forms as Slack modals: one input block per field, the intent's token in `private_metadata`, and back again. */
import type { types } from "@slack/bolt";
import type { Field, Filled, Form } from "../../cards/form.ts";
import { isObject, type JsonObject, listAt, objectAt, textAt } from "../payload.ts";
import { plainText, richText, type SlackBlock } from "./blocks.ts";
import { sizeOf } from "./cut.ts";
import { LIMITS } from "./limits.ts";
import { elementsOf, section } from "./rich-text.ts";

/** A form that a card's button opened: the card itself shows what became of it. */
export const FORM_OF_CARD = "holdpoint_form";
/** A form from a command or a shortcut: no card shows what became of it, so the person is told. */
export const FORM_ALONE = "holdpoint_form_alone";

/** Block ids of fields are the field's name behind this. */
const FIELD = "field:";
const INPUT = "input";
const TICKED = "yes";

/**
 * The modal; undefined where Slack can't hold what is to be edited. Shortening a value would change it when the form is sent, so
 * such a form is not opened at all.
 */
export function drawForm(form: Form, token: string, callbackId: string): types.ModalView | undefined {
  const unfit = token.length > LIMITS.privateMetadata || form.fields.length > LIMITS.viewBlocks - 1;
  if (unfit || !form.fields.every(fits)) return undefined;
  const intro = elementsOf(form.intro, LIMITS.passage);
  return {
    type: "modal",
    callback_id: callbackId,
    private_metadata: token,
    title: plainText(form.title, LIMITS.modalTitle),
    submit: plainText(form.send, LIMITS.modalButton),
    close: plainText("Cancel", LIMITS.modalButton),
    blocks: [...(intro.length > 0 ? richText([section(intro)]) : []), ...form.fields.map(drawField)],
  };
}

function fits(field: Field): boolean {
  const value = "value" in field && typeof field.value === "string" ? field.value : "";
  return (
    `${FIELD}${field.name}`.length <= LIMITS.id && value.length <= LIMITS.inputText && value.isWellFormed()
  );
}

function drawField(field: Field): SlackBlock {
  return {
    type: "input",
    block_id: `${FIELD}${field.name}`,
    label: plainText(field.label, LIMITS.inputLabel),
    // An unticked box counts as empty, and an empty required field can't be sent.
    optional: field.optional || field.kind === "tick",
    ...(field.hint && { hint: plainText(field.hint, LIMITS.inputLabel) }),
    element: drawInput(field),
  };
}

function drawInput(field: Field): types.InputBlock["element"] {
  switch (field.kind) {
    case "line":
      return textInput(false, field.value, field.max);
    case "lines":
    case "json":
      return textInput(true, field.value, field.max);
    case "number":
      return numberInput(field);
    case "tick": {
      const option = { text: plainText("Yes", LIMITS.optionText), value: TICKED };
      return {
        type: "checkboxes",
        action_id: INPUT,
        options: [option],
        ...(field.value && { initial_options: [option] }),
      };
    }
    case "choice":
      return choiceInput(field);
  }
}

function textInput(
  multiline: boolean,
  value: string | undefined,
  max: number | undefined,
): types.PlainTextInput {
  return {
    type: "plain_text_input",
    action_id: INPUT,
    multiline,
    max_length: Math.max(1, Math.min(max ?? LIMITS.inputText, LIMITS.inputText), value?.length ?? 0),
    ...(value && { initial_value: value }),
  };
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

function numberInput(field: Extract<Field, { kind: "number" }>): types.InputBlock["element"] {
  const written = [field.value, field.min, field.max].map((bound) =>
    bound === undefined ? undefined : String(bound),
  );
  // 1e-7 and 1e+21: Slack's number field takes no exponents.
  if (written.some((bound) => bound !== undefined && !DECIMAL.test(bound)))
    return textInput(false, written[0], undefined);
  const [value, min, max] = written;
  return {
    type: "number_input",
    action_id: INPUT,
    is_decimal_allowed: !field.whole,
    ...(value !== undefined && { initial_value: value }),
    ...(min !== undefined && { min_value: min }),
    ...(max !== undefined && { max_value: max }),
  };
}

function choiceInput(field: Extract<Field, { kind: "choice" }>): types.InputBlock["element"] {
  const values = field.choices.map(({ value }) => value);
  const tooMuch =
    values.length === 0 ||
    values.length > LIMITS.options ||
    values.some((value) => value === "" || sizeOf(value) > LIMITS.optionValue);
  if (tooMuch) return textInput(false, field.value, undefined);
  const options = field.choices.map(({ value, label }) => ({
    text: plainText(label, LIMITS.optionText),
    value,
  }));
  const initial = options.find(({ value }) => value === field.value);
  return {
    type: "static_select",
    action_id: INPUT,
    options,
    ...(initial && { initial_option: initial }),
  };
}

/** What was filled in, by field name. */
export function filledIn(view: JsonObject): Filled {
  const blocks = objectAt(view, "state", "values") ?? {};
  const entries = Object.entries(blocks).flatMap(
    ([blockId, inputs]): [string, string | boolean | undefined][] => {
      if (!blockId.startsWith(FIELD)) return [];
      const input = objectAt(inputs, INPUT);
      return input ? [[blockId.slice(FIELD.length), enteredIn(input)]] : [];
    },
  );
  return Object.fromEntries(entries);
}

function enteredIn(input: JsonObject): string | boolean | undefined {
  switch (input.type) {
    case "checkboxes":
      return listAt(input, "selected_options").some((option) => textAt(option, "value") === TICKED);
    case "static_select":
      return textAt(input, "selected_option", "value");
    default:
      return textAt(input, "value");
  }
}

/** Problems by block id, as Slack takes them: one that no field of the view bears stands beside the first field. */
export function problemsByBlock(
  view: JsonObject,
  problems: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const fields = listAt(view, "blocks").flatMap((block) =>
    isObject(block) && block.type === "input" && typeof block.block_id === "string" ? [block.block_id] : [],
  );
  const [first] = fields;
  if (first === undefined) return undefined;
  const errors = new Map<string, string>();
  for (const [name, words] of Object.entries(problems)) {
    const own = fields.includes(`${FIELD}${name}`);
    const block = own ? `${FIELD}${name}` : first;
    const said = own || name === "" ? words : `${name}: ${words}`;
    errors.set(block, [errors.get(block), said].filter(Boolean).join(" "));
  }
  return errors.size === 0 ? undefined : Object.fromEntries(errors);
}
