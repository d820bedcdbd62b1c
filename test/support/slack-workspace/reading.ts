/** Reads a surface as a person would: its words and its buttons, for the assertions of tests. */
import { elementsIn, type Placed } from "./inputs.ts";
import { isList, isObject, type Json, objectIn, textIn } from "./json.ts";

export interface SeenButton {
  readonly text: string;
  readonly actionId: string;
  readonly blockId: string;
  readonly value: string | undefined;
  readonly style: string | undefined;
  readonly url: string | undefined;
}

/** All words shown by the blocks, in order, one line per text. */
export function wordsOn(blocks: readonly Json[]): string {
  return collect(blocks).join("\n");
}

function collect(value: Json | undefined): readonly string[] {
  if (isList(value)) {
    // The pieces of one paragraph belong on one line.
    if (
      value.length > 0 &&
      value.every((entry) => typeof textIn(objectIn(entry).type) === "string" && isInline(entry))
    )
      return [value.flatMap(collect).join("")];
    return value.flatMap(collect);
  }
  if (!isObject(value)) return [];
  const own = textIn(value.text) ?? textIn(value.fallback) ?? textIn(value.name);
  const mention = textIn(value.user_id) ?? textIn(value.channel_id);
  return [
    ...(own === undefined ? [] : [own]),
    ...(mention === undefined ? [] : [`@${mention}`]),
    ...Object.entries(value).flatMap(([key, inside]) => (key === "value" ? [] : collect(inside))),
  ];
}

const INLINE = new Set(["text", "link", "user", "usergroup", "channel", "emoji", "date", "broadcast"]);

function isInline(entry: Json): boolean {
  return INLINE.has(textIn(objectIn(entry).type) ?? "");
}

export function buttonsOn(blocks: readonly Json[]): readonly SeenButton[] {
  return elementsIn(blocks)
    .filter(({ element }) => element.type === "button")
    .map(asButton);
}

function asButton({ block, element }: Placed): SeenButton {
  return {
    text: textIn(objectIn(element.text).text) ?? "",
    actionId: textIn(element.action_id) ?? "",
    blockId: textIn(block.block_id) ?? "",
    value: textIn(element.value),
    style: textIn(element.style),
    url: textIn(element.url),
  };
}
