/** How much text a message holds, as Slack counts it. */
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { escapeAll, escapeLoose } from "./limits.ts";

const TEXT_KEYS = new Set([
  ...["text", "alt_text", "caption", "title", "fallback"],
  ...["name", "label", "x_label", "y_label"],
]);

/** Characters of all text in the blocks, after escaping: what `msg_blocks_too_long` counts. */
export function textInBlocks(value: Json | undefined): number {
  if (isList(value)) return value.reduce((sum: number, entry) => sum + textInBlocks(entry), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce((sum, [key, inside]) => sum + textAt(value, key, inside), 0);
}

function textAt(owner: JsonObject, key: string, inside: Json | undefined): number {
  if (typeof inside !== "string") return textInBlocks(inside);
  if (!TEXT_KEYS.has(key)) return 0;
  return [...(owner.type === "mrkdwn" ? escapeLoose(inside) : escapeAll(inside))].length;
}
