/** Text spans as TextRuns: the one element of Adaptive Cards in which nothing is Markdown, so that no word becomes a link or a mention. */
import type { Span, Text } from "../../cards/card.ts";
import { clip, counting } from "../../cards/literal.ts";
import type { JsonObject } from "../payload.ts";
import { LIMITS } from "./limits.ts";

export type Element = JsonObject;
/** A TextRun; a line break is one whose text is "\n". */
export type Run = JsonObject & { readonly text: string };

type Style = JsonObject;
const BOLD: Style = { weight: "bolder" };
const SOFT: Style = { isSubtle: true, italic: true };
const CODE: Style = { fontType: "monospace" };

/** How much of one text is shown: UTF-16 units (80 or more), and lines. */
export interface Room {
  readonly passage: number;
  readonly lines: number;
}

/** Runs for spans, each within the room; what was cut is said in italics, which no span of an agent can be. */
export function runsOf(text: Text, room: Room): readonly Run[] {
  return text.flatMap((span) => runsOfSpan(span, room));
}

function runsOfSpan(span: Span, room: Room): readonly Run[] {
  switch (span.kind) {
    case "plain":
      return cut(span.text, room);
    case "strong":
      return cut(span.text, room, BOLD);
    case "soft":
      return cut(span.text, room, SOFT);
    case "code":
      return cut(span.text, room, CODE);
    case "link":
      return isWebAddress(span.url)
        ? cut(span.text || span.url, room, {
            color: "accent",
            underline: true,
            selectAction: { type: "Action.OpenUrl", url: span.url },
          })
        : cut(span.text, room);
    case "person":
      return cut(span.name, room, BOLD);
    case "time":
      return instant(span);
  }
}

function cut(text: string, room: Room, style: Style = {}): readonly Run[] {
  const short = clip(text, room.passage, room.lines);
  return [...words(short.text, style), ...notShown(short.hidden)];
}

/** Words in one style, literally. Renderers fill in `{{DATE(…)}}` within one run, so two braces never stand in the same. */
export function words(text: string, style: Style = {}): readonly Run[] {
  return text
    .toWellFormed()
    .replaceAll("\t", "    ")
    .split(/(\n)|(?<=\{)(?=\{)/)
    .filter((piece): piece is string => piece !== undefined && piece !== "")
    .map((piece) => ({ type: "TextRun", text: piece, ...(piece === "\n" ? {} : style) }));
}

/** The announcement of a cut. */
export function notShown(missing: number): readonly Run[] {
  return missing === 0 ? [] : words(` (${counting(missing, "character")} not shown here)`, SOFT);
}

/** One RichTextBlock per line: renderers do not agree on what a line break within one is. */
export function paragraphs(runs: readonly Run[], more: JsonObject = {}): readonly Element[] {
  const lines: Run[][] = [[]];
  for (const run of runs) {
    if (run.text === "\n") lines.push([]);
    else lines.at(-1)?.push(run);
  }
  return lines.map((inlines, at) => ({
    type: "RichTextBlock",
    inlines: indented(inlines),
    ...more,
    ...(at > 0 && { spacing: "none", separator: undefined }),
  }));
}

/** Renderers swallow blanks at the start of a line, and empty lines. */
function indented([first, ...others]: readonly Run[]): readonly Run[] {
  if (first === undefined) return words("\u00A0");
  return [
    { ...first, text: first.text.replace(/^ +/, (blanks) => "\u00A0".repeat(blanks.length)) },
    ...others,
  ];
}

/**
 * In the reader's own time and language: clients fill in `{{DATE(…)}}` and `{{TIME(…)}}` in a TextRun as in a TextBlock. Only
 * here do two braces stand in one run, so no word of an agent is ever filled in.
 */
function instant(span: Extract<Span, { kind: "time" }>): readonly Run[] {
  const iso = `${new Date(span.at).toISOString().slice(0, 19)}Z`;
  const clock = { type: "TextRun", text: `{{TIME(${iso})}}` };
  return span.style === "clock"
    ? [clock]
    : [{ type: "TextRun", text: `{{DATE(${iso}, SHORT)}}` }, ...words(", "), clock];
}

export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url) && url.length <= LIMITS.url;
}
