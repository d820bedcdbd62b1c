/** A form that came when its button was pressed: under its card where both fit, or alone. */
import type { Filled, Form } from "../../cards/form.ts";
import type { JsonObject } from "../payload.ts";
import { executing, type FormPlace, sending, TOKEN_KEY } from "./actions.ts";
import { heading } from "./elements.ts";
import { drawFields, fitsTeams, trouble } from "./fields.ts";
import { bytesOf, LIMITS } from "./limits.ts";
import { type Element, paragraphs, runsOf } from "./text-runs.ts";

/** Marks the button that brings the card back. */
export const BACK_KEY = "b";

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
 * The form as a card: under `above` where both fit. Undefined where Teams can't hold what is to be edited: such a form is not
 * opened at all.
 */
export function drawForm(draft: Draft, place: FormPlace, above: Element | undefined): Element | undefined {
  if (!fitsTeams(draft.form)) return undefined;
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

function drawBody({ form, token, filled, problems, back }: Draft, place: FormPlace): readonly Element[] {
  const intro = runsOf(form.intro, LIMITS);
  const names = new Set(form.fields.map(({ name }) => name));
  const homeless = Object.entries(problems).filter(([name]) => !names.has(name));
  const goBack =
    back === null ? [] : [executing({ [TOKEN_KEY]: back, [BACK_KEY]: "yes" }, { title: "Back" })];
  return [
    heading(form.title),
    ...(intro.length > 0 ? paragraphs(intro) : []),
    ...homeless.flatMap(([name, said]) => trouble(name === "" ? said : `${name}: ${said}`)),
    ...drawFields(form, filled, problems),
    {
      type: "ActionSet",
      actions: [
        sending(form, token, place),
        ...goBack.map((button) => ({ ...button, associatedInputs: "none" })),
      ],
    },
  ];
}
