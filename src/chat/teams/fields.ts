/** The fields of a form as inputs of a card, and what comes back from them. */
import type { Field, Filled, Form } from "../../cards/form.ts";
import { short } from "../../cards/literal.ts";
import type { JsonObject } from "../payload.ts";
import { LIMITS } from "./limits.ts";
import { type Element, paragraphs, words } from "./text-runs.ts";

/**
 * Ids of inputs are the field's name behind one of these and the form's verb: a tick comes back as a word, which somebody
 * may also type; and several forms stand on one card, where phones take no id twice.
 */
const FIELD = "field";
const TICK = "tick";

/** Where a button that sends a form says which: clients may send what stands in the others along with it. */
export const NAME_KEY = "n";

/** Whether Teams can hold what is to be edited: shortening a value would change it when the form is sent. */
export function fitsTeams({ fields }: Form): boolean {
  return fields.length <= LIMITS.fields && fields.every(holds);
}

function holds(field: Field): boolean {
  const value = "value" in field && typeof field.value === "string" ? field.value : "";
  return value.length <= LIMITS.inputText && value.isWellFormed();
}

/** One input per field, in order, each with what is wrong with it. */
export function drawFields(
  form: Form,
  filled: Filled = {},
  problems: Readonly<Record<string, string>> = {},
): readonly Element[] {
  return form.fields.flatMap((field) => [
    drawInput(form, field, filled),
    ...(problems[field.name] === undefined ? [] : trouble(problems[field.name] ?? "")),
  ]);
}

/** A problem in words, in a style of its own. */
export function trouble(said: string): readonly Element[] {
  return paragraphs(words(short(said, 500), { color: "attention", weight: "bolder" }), { spacing: "small" });
}

function drawInput(form: Form, field: Field, filled: Filled): Element {
  const typed = Object.hasOwn(filled, field.name) ? filled[field.name] : undefined;
  const label = short(field.label, LIMITS.label) || field.name;
  const named = {
    id: inputId(field.kind === "tick" ? TICK : FIELD, form, field),
    label,
    // An unticked box counts as empty, and an empty required field can't be sent.
    ...(!field.optional && field.kind !== "tick" && { isRequired: true, errorMessage: "This is needed." }),
  };
  switch (field.kind) {
    case "line":
    case "lines":
    case "json":
      return text(named, field.kind !== "line", field.hint, shownValue(typed, field.value), field.max);
    case "number":
      return number(field, named, typed);
    case "tick":
      return {
        type: "Input.Toggle",
        ...named,
        title: "Yes",
        value: String(typeof typed === "boolean" ? typed : field.value),
      };
    case "choice":
      return choice(field, named, typed);
  }
}

function shownValue(typed: string | boolean | undefined, given: string | undefined): string | undefined {
  return typeof typed === "string" ? typed.slice(0, LIMITS.inputText) : given;
}

function text(
  named: JsonObject,
  isMultiline: boolean,
  hint: string | undefined,
  value: string | undefined,
  max: number | undefined,
): Element {
  // A field that may hold less than it does would lose the rest.
  const room = Math.max(Math.min(max ?? LIMITS.inputText, LIMITS.inputText), value?.length ?? 0);
  return {
    type: "Input.Text",
    ...named,
    isMultiline,
    maxLength: room,
    ...(hint && { placeholder: short(hint, LIMITS.label) }),
    ...(value && { value }),
  };
}

/** Fifteen digits are kept exactly; 1e-7 and 1e+21 are not taken by number fields of phones. */
const EXACT = /^-?(?=[\d.]{1,16}$)\d+(?:\.\d+)?$/;

function number(
  field: Extract<Field, { kind: "number" }>,
  named: JsonObject,
  typed: string | boolean | undefined,
): Element {
  const given = field.value === undefined ? undefined : String(field.value);
  const value = shownValue(typed, given);
  const bounds = [value, field.min, field.max].filter((bound) => bound !== undefined).map(String);
  if (!bounds.every((bound) => EXACT.test(bound))) return text(named, false, undefined, value, undefined);
  return {
    type: "Input.Number",
    ...named,
    ...(value !== undefined && { value: Number(value) }),
    ...(field.min !== undefined && { min: field.min }),
    ...(field.max !== undefined && { max: field.max }),
  };
}

function choice(
  field: Extract<Field, { kind: "choice" }>,
  named: JsonObject,
  typed: string | boolean | undefined,
): Element {
  const value = shownValue(typed, field.value);
  if (field.choices.length === 0 || field.choices.some((one) => one.value === ""))
    return text(named, false, field.hint, value, undefined);
  return {
    type: "Input.ChoiceSet",
    ...named,
    style: "compact",
    ...(field.hint && { placeholder: short(field.hint, LIMITS.label) }),
    choices: field.choices.map((one) => ({
      title: short(one.label, LIMITS.label) || one.value,
      value: one.value,
    })),
    ...(value !== undefined && field.choices.some((one) => one.value === value) && { value }),
  };
}

function inputId(kind: string, { intent }: Form, { name }: Field): string {
  return [kind, intent.verb, name].join(":");
}

/** What was filled in, by field name: numbers come as they were typed, ticks as words. */
export function filledIn(data: JsonObject): Filled {
  return Object.fromEntries(
    Object.entries(data).flatMap(([id, value]): [string, string | boolean][] => {
      const [, kind, form, name] = /^([a-z]+):([a-z_]+):(.+)$/s.exec(id) ?? [];
      if (name === undefined || form !== data[NAME_KEY]) return [];
      if (kind === TICK) return [[name, value === "true" || value === true]];
      const typed = typeof value === "string" || typeof value === "number";
      return kind === FIELD && typed ? [[name, String(value)]] : [];
    }),
  );
}
