/** What a person typed to the bot, freed from Slack's markup: `<@U1|ann>` is `@U1`, `&amp;` is `&`. */

/** The words after the bot's name or `/agent`; mentions are written `@` and the account's id, links and channels as shown. */
export function commandWords(text: string, bot: string | undefined): string {
  return text
    .replace(/^\s*<@([A-Z0-9]+)(?:\|[^>]*)?>[\s,:]*/, (whole, id) =>
      bot === undefined || id === bot ? "" : whole,
    )
    .replace(/^\s*\/?agent(?=\s|$)/i, "")
    .replace(/<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g, (_, sign: string, id: string, label?: string) =>
      sign === "@" ? `@${id}` : sign === "" ? (label ?? id) : `${sign}${label ?? id}`,
    )
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}
