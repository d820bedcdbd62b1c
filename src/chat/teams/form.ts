/** Forms as fields within a card: one input per field, the intent's token in the button that sends it, and back again. */
import type { Field, Filled, Form } from "../../cards/form.ts";
import { short } from "../../cards/literal.ts";
import type { JsonObject } from "../payload.ts";
import { executing, heading, TOKEN_KEY } from "./elements.ts";
import { LIMITS } from "./limits.ts";
import { bytesOf } from "./render.ts";
import { type Element, paragraphs, runsOf, words } from "./text-runs.ts";

export { TOKEN_KEY } from "./elements.ts";

/** Marks the button that brings the card back. */
export const BACK_KEY = "b";

/** `card`: a card's button opened it, and the card itself shows what became of it. `alone`: the person is told. */
export const FORM_KEY = "f";
export type FormPlace = "card" | "alone" | "dialog";

/** Ids of inputs are the field's name behind one of these: a tick comes back as a word, which somebody may also type. */
const FIELD = "field:";
const TICK = "tick:";

export interface Draft {
  readonly form: Form;
  readonly token: string;
  /** What was typed, where it is shown again. */
  readonly filled: Filled;
  /** Field name → what is wrong with it. */
  readonly problems: Readonly<Record<string, string>>;
  /** The token of a button that brings the card back; null where there is none to go back to. */
  readonly back: string | null;
}

/**
 * The form as a card: under `above` where both fit. Undefined where Teams can't hold what is to be edited: shortening a value
 * would change it when the form is sent, so such a form is not opened at all.
 */
export function drawForm(draft: Draft, place: FormPlace, above: Element | undefined): Element | undefined {
  if (draft.form.fields.length > LIMITS.fields || !draft.form.fields.every(fits)) return undefined;
  const body = drawBody(draft, place);
  const alone: Element = {
    type: "AdaptiveCard",
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    version: LIMITS.cardVersion,
    msteams: { width: "Full" },
    body,
  };
  if (bytesOf(alone) > LIMITS.cardBytes) return undefined;
  const upper = above !== undefined && Array.isArray(above.body) ? above.body.filter(isNoButton) : [];
  const both = {
    ...alone,
    body: [...upper, { ...body[0], separator: true, spacing: "large" }, ...body.slice(1)],
  };
  return upper.length > 0 && bytesOf(both) <= LIMITS.cardBytes ? both : alone;
}

/** While somebody fills in a form, its card's own buttons would only be pressed by mistake. */
function isNoButton(element: JsonObject): boolean {
  return element.type !== "ActionSet";
}

function fits(field: Field): boolean {
  const value = "value" in field && typeof field.value === "string" ? field.value : "";
  return value.length <= LIMITS.inputText && value.isWellFormed();
}

function drawBody(draft: Draft, place: FormPlace): readonly Element[] {
  const { form, token, back, problems } = draft;
  const intro = runsOf(form.intro, LIMITS);
  const names = new Set(form.fields.map(({ name }) => name));
  const homeless = Object.entries(problems).filter(([name]) => !names.has(name));
  const stops = ["reject", "reject_keep", "pause"].includes(form.intent.verb);
  const send = { title: short(form.send, 40), style: stops ? "destructive" : "positive" };
  const data = { [TOKEN_KEY]: token, [FORM_KEY]: place };
  return [
    heading(form.title),
    ...(intro.length > 0 ? paragraphs(intro) : []),
    ...homeless.flatMap(([name, said]) => trouble(name === "" ? said : `${name}: ${said}`)),
    ...form.fields.flatMap((field) => [
      drawInput(field, draft.filled),
      ...(problems[field.name] === undefined ? [] : trouble(problems[field.name] ?? "")),
    ]),
    {
      type: "ActionSet",
      actions: [
        place === "dialog" ? { type: "Action.Submit", ...send, data } : executing(data, send),
        ...(back === null
          ? []
          : [
              {
                ...executing({ [TOKEN_KEY]: back, [BACK_KEY]: "yes" }, { title: "Back" }),
                associatedInputs: "none",
              },
            ]),
      ],
    },
  ];
}

function trouble(said: string): readonly Element[] {
  return paragraphs(words(short(said, 500), { color: "attention", weight: "bolder" }), { spacing: "small" });
}

function drawInput(field: Field, filled: Filled): Element {
  const typed = Object.hasOwn(filled, field.name) ? filled[field.name] : undefined;
  const label = short(field.label, LIMITS.label) || field.name;
  const named = {
    id: `${FIELD}${field.name}`,
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
        id: `${TICK}${field.name}`,
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

/** What was filled in, by field name: numbers come as they were typed, ticks as words. */
export function filledIn(data: JsonObject): Filled {
  return Object.fromEntries(
    Object.entries(data).flatMap(([id, value]): [string, string | boolean][] => {
      if (id.startsWith(TICK)) return [[id.slice(TICK.length), value === "true" || value === true]];
      const typed = typeof value === "string" || typeof value === "number";
      return id.startsWith(FIELD) && typed ? [[id.slice(FIELD.length), String(value)]] : [];
    }),
  );
}
