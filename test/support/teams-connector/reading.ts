/** What a person sees of a card: its words in order, its buttons and fields. */
import { everything, isJson, type Json, textAt } from "./json.ts";

/** All words, one line per paragraph; of an unopened question only its button. */
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
  return (Array.isArray(inlines) ? inlines : []).map((run) => textAt(run, "text") ?? "");
}

/** Elements in the order in which they are drawn. */
function shownIn(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(shownIn);
  if (!isJson(value)) return [];
  return [value, ...shownIn(value.body), ...shownIn(value.items), ...shownIn(value.actions)];
}

export interface SeenButton {
  readonly title: string;
  readonly data: Json | undefined;
  readonly url: string | undefined;
  /** The question that is asked before it is done. */
  readonly asks: string | undefined;
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
      };
    });
}

function isExecute({ type }: Json): boolean {
  return type === "Action.Execute";
}

export function fieldsOn(card: unknown): readonly Json[] {
  return shownIn(card).filter(({ type }) => String(type).startsWith("Input."));
}
