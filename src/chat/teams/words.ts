/** What a person typed to the bot, freed from Teams' markup: the bot's own name goes, other names stay as they are read. */
import { type JsonObject, listAt, textAt } from "../payload.ts";

/** The words of a message after the bot's name or `agent`. */
export function commandWords(activity: JsonObject): string {
  const bot = textAt(activity, "recipient", "id");
  const ours = listAt(activity, "entities")
    .filter((entity) => textAt(entity, "type") === "mention" && textAt(entity, "mentioned", "id") === bot)
    .flatMap((entity) => textAt(entity, "text") ?? []);
  const text = ours.reduce((left, mention) => left.replace(mention, ""), textAt(activity, "text") ?? "");
  return text
    .replace(/<at[^>]*>([^<]*)<\/at>/gi, "@$1")
    .replace(/&nbsp;|\u00A0/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim()
    .replace(/^\/?agent(?=\s|$)/i, "")
    .trim();
}
