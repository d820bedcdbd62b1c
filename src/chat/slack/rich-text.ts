/** Text spans as Slack's rich text: elements that nothing ever parses, so that no word becomes a mention or a link. */
import type { types } from "@slack/bolt";
import type { Span, Text } from "../../cards/card.ts";
import { missingWords, shorten } from "./cut.ts";
import { LIMITS } from "./limits.ts";

export type Element = types.RichTextElement;

/** Elements for spans, each at most `max` characters; what was cut is said in italics, which no span of an agent can be. */
export function elementsOf(text: Text, max: number): Element[] {
  return text.flatMap((span) => elementOf(span, max));
}

/** Plain text as elements; none for empty text, which Slack refuses. */
export function wordsAs(text: string, style?: types.RichTextText["style"]): Element[] {
  return text === "" ? [] : [{ type: "text", text, ...(style && { style }) }];
}

function elementOf(span: Span, max: number): Element[] {
  switch (span.kind) {
    case "plain":
      return cut(span.text, max);
    case "strong":
      return cut(span.text, max, { bold: true });
    case "soft":
      return cut(span.text, max, { italic: true });
    case "code":
      return cut(span.text, max, { code: true });
    case "link":
      return isWebAddress(span.url)
        ? [{ type: "link", url: span.url, text: shorten(span.text || span.url, max).text }]
        : cut(span.text, max);
    case "person": {
      const id = slackUser(span);
      return id ? [{ type: "user", user_id: id }] : cut(span.name, max);
    }
    case "time":
      return [
        {
          type: "date",
          timestamp: Math.floor(span.at / 1_000),
          format: dateFormat(span),
          fallback: dateFallback(span),
        },
      ];
  }
}

function cut(text: string, max: number, style?: types.RichTextText["style"]): Element[] {
  const short = shorten(text, max);
  const shown = wordsAs(short.text, style);
  return short.missing === 0 ? shown : [...shown, ...notShown(short.missing)];
}

/** The announcement of a cut. */
export function notShown(missing: number): Element[] {
  return missing === 0 ? [] : wordsAs(` (${missingWords(missing)})`, { italic: true });
}

/** The person's account here, where the directory has one that can be one of Slack's. */
export function slackUser(span: Extract<Span, { kind: "person" }>): string | undefined {
  const id = span.accounts.slack;
  return id !== undefined && /^[UW][A-Z0-9]+$/.test(id) ? id : undefined;
}

type TimeSpan = Extract<Span, { kind: "time" }>;

/** Slack writes the instant in the reader's own zone and habit. */
export function dateFormat(span: TimeSpan): string {
  return span.style === "clock" ? "{time}" : "{date_short_pretty}, {time}";
}

/** For clients that can't: UTC, and says so. */
export function dateFallback(span: TimeSpan): string {
  const iso = new Date(span.at).toISOString();
  return span.style === "clock"
    ? `${iso.slice(11, 16)} UTC`
    : `${iso.slice(0, 10)}, ${iso.slice(11, 16)} UTC`;
}

export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url) && url.length <= LIMITS.url;
}

/** A line of text; a single space where there is nothing to say, because Slack refuses an empty one. */
export function section(elements: Element[]): types.RichTextSection {
  return {
    type: "rich_text_section",
    elements: elements.length > 0 ? elements : [{ type: "text", text: " " }],
  };
}
