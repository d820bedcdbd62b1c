/** The shapes of what an invoke is answered with: words beside the card, the card itself, a window, or a message of its own. */
import type { JsonObject } from "../payload.ts";
import type { Done } from "./parse.ts";
import { CARD_TYPE } from "./render.ts";
import type { Element } from "./text-runs.ts";

/** Said to the person, beside the card they pressed on. Whoever pressed nothing is told nothing: they keep what they see. */
export function saying(heard: Done, words: string): JsonObject | undefined {
  if (heard.kind === "refresh")
    return {
      statusCode: 500,
      type: "application/vnd.microsoft.error",
      value: { code: "NotRefreshed", message: words },
    };
  switch (heard.way) {
    case "card":
      return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: words };
    case "dialog":
      return { task: { type: "message", value: words } };
    case "message":
      return undefined;
  }
}

/** The card that was pressed, as it is now. */
export function redrawn(content: Element): JsonObject {
  return { statusCode: 200, type: CARD_TYPE, value: content };
}

export function dialog(title: string, content: Element): JsonObject {
  const card = { contentType: CARD_TYPE, content };
  return { task: { type: "continue", value: { title, width: "medium", height: "medium", card } } };
}

/** Literally: nothing in it is Markdown. */
export function plainMessage(words: string): JsonObject {
  return { type: "message", text: words, textFormat: "plain", summary: words.slice(0, 200) };
}
