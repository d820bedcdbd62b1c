/** One argument as one field, by its kind, and how what comes back becomes the argument again. */
import { argName } from "./action.ts";
import type { Choice, Field } from "./form.ts";
import { isPlain, quoted } from "./literal.ts";
import { type Reading, reading, readJson, readNumber, sameText, untouched } from "./read-field.ts";

/** The longest text that every platform's forms take; what is longer stays as it is. */
const LONGEST_FIELD = 3_000;

/** One field, the argument behind it, and how what comes back is read. `argument` null: all of them. */
export interface Slot {
  readonly field: Field;
  readonly argument: string | null;
  read(typed: string | boolean | undefined): Reading;
}

/** An argument that is there or that the schema knows. */
export interface Wanted {
  readonly name: string;
  readonly present: boolean;
  readonly value: unknown;
  readonly schema: Schema | undefined;
  /** Without a schema nobody knows: every argument that is there is needed. */
  readonly required: boolean;
}

export type Schema = Readonly<Record<string, unknown>>;

/** One of the values that a schema lists. */
export interface KnownChoice {
  readonly value: unknown;
  readonly label: string;
}

export function textSlot(wanted: Wanted, name: string): Slot | undefined {
  const { value, present, schema, required } = wanted;
  const text = typeof value === "string" ? value : "";
  // What can't be seen can't be edited as text: as JSON every hidden character has a visible escape.
  if (!isPlain(text)) return jsonSlot(wanted, name, wanted.name);
  if (text.length > LONGEST_FIELD) return undefined;
  const most =
    typeof schema?.maxLength === "number" ? Math.min(schema.maxLength, LONGEST_FIELD) : LONGEST_FIELD;
  const long =
    text.length > 80 ||
    text.includes("\n") ||
    (schema !== undefined && !schema.format && !schema.pattern && most > 200);
  return {
    argument: wanted.name,
    field: {
      ...base(wanted, name),
      kind: long ? "lines" : "line",
      optional: !required || (present && text === "") || schema === undefined,
      max: Math.max(most, text.length),
      ...(present ? { value: text } : {}),
    },
    read: (typed) => {
      const entered = typeof typed === "string" ? typed.replaceAll("\r\n", "\n") : "";
      if (sameText(entered, text)) return untouched;
      if (entered.trim() !== "") return reading(entered);
      return schema !== undefined && !required ? { kind: "absent" } : reading("");
    },
  };
}

export function numberSlot(wanted: Wanted, name: string, whole: boolean): Slot {
  const { value, schema } = wanted;
  const [least, most] = [schema?.minimum, schema?.maximum];
  return {
    argument: wanted.name,
    field: {
      ...base(wanted, name),
      kind: "number",
      whole,
      ...(typeof value === "number" ? { value } : {}),
      ...(typeof least === "number" ? { min: least } : {}),
      ...(typeof most === "number" ? { max: most } : {}),
    },
    read: (typed) => {
      const entered = typeof typed === "string" ? typed.trim() : "";
      if (entered === "") return emptied(wanted);
      // What was there may lie outside the limits: only a change has to keep to them.
      if (Number(entered) === value) return untouched;
      return readNumber(entered, { whole, least, most });
    },
  };
}

export function tickSlot(wanted: Wanted, name: string): Slot {
  const { value } = wanted;
  return {
    argument: wanted.name,
    field: { ...base(wanted, name), kind: "tick", value: value === true, optional: true },
    read: (typed) => {
      const ticked = typed === true || typed === "true";
      return ticked === (value === true) ? untouched : reading(ticked);
    },
  };
}

export function choiceSlot(wanted: Wanted, name: string, known: readonly KnownChoice[]): Slot {
  const { value, present } = wanted;
  const choices = known.map(({ label }, at): Choice => ({ value: String(at), label }));
  const chosen = present ? known.findIndex((choice) => choice.value === value) : -1;
  return {
    argument: wanted.name,
    field: {
      ...base(wanted, name),
      kind: "choice",
      choices,
      ...(chosen >= 0 ? { value: String(chosen) } : {}),
    },
    read: (typed) => {
      if (typed === undefined || typed === "" || typeof typed === "boolean") return emptied(wanted);
      if (typed === String(chosen)) return untouched;
      const picked = choices.findIndex((choice) => choice.value === typed);
      const choice = known[picked];
      return choice ? reading(choice.value) : { kind: "problem", words: "Choose one of the list." };
    },
  };
}

export function jsonSlot(wanted: Wanted, name: string, argument: string | null): Slot | undefined {
  const text = wanted.present ? visibleJson(wanted.value) : "";
  if (text.length > LONGEST_FIELD) return undefined;
  return {
    argument,
    field: {
      ...base(wanted, name),
      ...(argument === null ? { label: "Arguments, as JSON" } : {}),
      kind: "json",
      max: LONGEST_FIELD,
      ...(wanted.present ? { value: text } : {}),
    },
    read: (typed) => {
      const entered = typeof typed === "string" ? typed : "";
      if (sameText(entered, text)) return untouched;
      if (entered.trim() === "") return emptied(wanted);
      return readJson(entered, argument === null);
    },
  };
}

/** A cleared field takes its argument away where the schema lets it; else something must stand there. */
function emptied({ schema, required, present }: Wanted): Reading {
  if (!present && !required) return untouched;
  return schema !== undefined && !required
    ? { kind: "absent" }
    : { kind: "problem", words: "This is needed: fill it in." };
}

function base({ name, schema, required }: Wanted, field: string) {
  const hint = hintOf(schema);
  return { name: field, label: argName(name), optional: !required, ...(hint ? { hint } : {}) };
}

const FORMATS: Readonly<Record<string, string>> = {
  email: "an e-mail address",
  uri: "a web address",
  date: "a date such as 2027-03-14",
  "date-time": "a time such as 2027-03-14T09:30:00Z",
};

/** What the agent's schema says of an argument, in quotation marks, and its limits in words of ours. */
function hintOf(schema: Schema | undefined): string {
  if (!schema) return "";
  const { title, description, format, minimum, maximum } = schema;
  return [
    typeof title === "string" && title.trim() !== "" ? quoted(title, 80) : "",
    typeof description === "string" && description.trim() !== "" ? quoted(description, 200) : "",
    typeof format === "string" && Object.hasOwn(FORMATS, format) ? FORMATS[format] : "",
    typeof minimum === "number" ? `at least ${minimum}` : "",
    typeof maximum === "number" ? `at most ${maximum}` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** JSON in which every character that can't be seen is escaped; parses back to the very same value. */
function visibleJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? "";
  return [...text]
    .map((character) =>
      character === "\n" || isPlain(character)
        ? character
        : character
            .split("")
            .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
            .join(""),
    )
    .join("");
}
