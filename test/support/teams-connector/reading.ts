/** What a person sees of a card: its words in order, its buttons and fields. */
import { everything, isJson, type Json, textAt } from "./json.ts";

/** All words, one line per paragraph, times in UTC; of an unopened question or form only its button. */
export function wordsOn(card: unknown): string {
  return shownIn(card)
    .flatMap((element) => {
      if (element.type === "RichTextBlock") return [runs(element).join("")];
      if (element.type === "TextBlock") return [textAt(element, "text") ?? ""];
      return [];
    })
    .join("\n");
}

function runs({ inlines }: Json): readonly string[] {
  return (Array.isArray(inlines) ? inlines : []).map((run) => filledIn(textAt(run, "text") ?? ""));
}

/** What a client in London makes of the two functions it knows. */
function filledIn(text: string): string {
  return text
    .replace(/\{\{DATE\((\d{4}-\d\d-\d\d)T[\d:]{8}Z, SHORT\)\}\}/g, "$1")
    .replace(/\{\{TIME\([\d-]{10}T(\d\d:\d\d):\d\dZ\)\}\}/g, "$1 UTC");
}

/** Elements in the order in which they are drawn. */
function shownIn(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(shownIn);
  if (!isJson(value)) return [];
  return [
    value,
    ...shownIn(value.body),
    ...shownIn(value.items),
    ...shownIn(value.rows),
    ...shownIn(value.cells),
    ...shownIn(value.actions),
  ];
}

export interface SeenButton {
  readonly title: string;
  readonly data: Json | undefined;
  readonly url: string | undefined;
  /** The words that are shown before it is done. */
  readonly asks: string | undefined;
  /** Whether what was filled in goes along. */
  readonly sendsFields: boolean;
  /** The card in the card that it opens, with a question or fields. */
  readonly opens: Json | undefined;
}

export function buttonsOn(card: unknown): readonly SeenButton[] {
  return shownIn(card)
    .filter(({ type }) => String(type).startsWith("Action."))
    .map((action) => {
      const inner = action.type === "Action.ShowCard" ? everything(action.card).find(isExecute) : action;
      return {
        title: textAt(action, "title") ?? "",
        data: isJson(inner?.data) ? inner.data : undefined,
        url: textAt(action, "url"),
        asks: action.type === "Action.ShowCard" ? wordsOn(action.card) : undefined,
        sendsFields: action.associatedInputs !== "none",
        opens: action.type === "Action.ShowCard" && isJson(action.card) ? action.card : undefined,
      };
    });
}

function isExecute({ type }: Json): boolean {
  return type === "Action.Execute";
}

export function fieldsOn(card: unknown): readonly Json[] {
  return shownIn(card).filter(({ type }) => String(type).startsWith("Input."));
}
