/** One block of a card as Slack blocks: agent text only in rich text, buttons with our token, small print as context. */
import type { types } from "@slack/bolt";
import type { Block, Button, Chart, Fact, Span, Text } from "../../cards/card.ts";
import { chartLines } from "../../cards/chart-words.ts";
import type { Intent } from "../../cards/intent.ts";
import { clip, escapeText, shorten, sizeOf } from "./cut.ts";
import {
  type DataVisualizationBlock,
  dataTable,
  dataVisualization,
  type Table,
  tableLines,
} from "./figures.ts";
import { LIMITS } from "./limits.ts";
import {
  dateFallback,
  dateFormat,
  elementsOf,
  isWebAddress,
  notShown,
  section,
  slackUser,
  wordsAs,
} from "./rich-text.ts";

export type SlackBlock = types.KnownBlock | DataVisualizationBlock;

/** Action ids that start with this belong to links: pressing one only tells us that it was followed. */
export const LINK_ACTION = "holdpoint.open";

export interface Pen {
  /** A button's value. */
  readonly token: (intent: Intent) => string;
  /** The most that one passage of text may have. */
  readonly passage: number;
  /** Part of the card is not shown: nobody approves that without being asked. */
  readonly unseen: boolean;
  /** Tables and charts that Slack draws itself. */
  readonly native: ReadonlySet<Block>;
}

const UNSEEN = "Slack can't show all of this. Have you read the rest in Holdpoint?";

/** Blocks without ids: Slack then names each anew on every update, so that no client keeps an old one's state. */
export function drawBlock(block: Exclude<Block, { kind: "buttons" | "open" }>, pen: Pen): SlackBlock[] {
  switch (block.kind) {
    case "heading":
      return heading(block.text);
    case "text":
      return richText([section(elementsOf(block.text, pen.passage))]);
    case "note":
      return note(block.text);
    case "facts":
      return richText([
        ...block.facts.slice(0, LIMITS.lines).map((fact) => factLine(fact, pen)),
        ...more(block.facts),
      ]);
    case "quote":
      return quote(block.text, block.from, pen);
    case "code":
      return listing(block.text, pen);
    case "list":
      return richText([bullets(block.items, pen), ...more(block.items)]);
    case "table":
      return pen.native.has(block) ? [dataTable(block)] : table(block, pen);
    case "chart":
      return chart(block, pen);
    case "divider":
      return [{ type: "divider" }];
  }
}

export function richText(elements: types.RichTextBlock["elements"]): SlackBlock[] {
  return [{ type: "rich_text", elements }];
}

export function heading(text: string): SlackBlock[] {
  return [{ type: "header", text: plainText(text, LIMITS.header) }];
}

/** Shown as it stands; an empty one, which Slack refuses, becomes a dash. */
export function plainText(text: string, max: number): types.PlainTextElement {
  return { type: "plain_text", text: clip(text, max).trim() || "–", emoji: false };
}

function factLine(fact: Fact, pen: Pen): types.RichTextSection {
  const label = wordsAs(clip(fact.label, LIMITS.header), { bold: true });
  return section([
    ...label,
    ...wordsAs(label.length > 0 ? ": " : ""),
    ...elementsOf(fact.value, pen.passage),
  ]);
}

function quote(text: string, from: string | undefined, pen: Pen): SlackBlock[] {
  const short = shorten(text, pen.passage);
  const source = from === undefined ? [] : [section(wordsAs(clip(from, LIMITS.header), { italic: true }))];
  const words = wordsAs(short.text);
  return richText([
    ...source,
    { type: "rich_text_quote", elements: words.length > 0 ? words : [{ type: "text", text: " " }] },
    ...announced(short.missing),
  ]);
}

function listing(text: string, pen: Pen): SlackBlock[] {
  const short = shorten(text, pen.passage);
  return richText([
    { type: "rich_text_preformatted", elements: [{ type: "text", text: short.text || " " }] },
    ...announced(short.missing),
  ]);
}

function announced(missing: number): types.RichTextSection[] {
  return missing === 0 ? [] : [section(notShown(missing))];
}

function bullets(items: readonly Text[], pen: Pen): types.RichTextBlock["elements"][number] {
  const lines = items.slice(0, LIMITS.lines).map((item) => section(elementsOf(item, pen.passage)));
  return { type: "rich_text_list", style: "bullet", elements: lines.length > 0 ? lines : [section([])] };
}

function more(lines: readonly unknown[]): types.RichTextSection[] {
  const left = lines.length - LIMITS.lines;
  return left > 0 ? [section(wordsAs(`${left} more are not shown`, { italic: true }))] : [];
}

function table(block: Table, pen: Pen): SlackBlock[] {
  const [drawn] = listing(tableLines(block).join("\n"), pen);
  const left = more(block.rows);
  return drawn?.type === "rich_text" ? [{ ...drawn, elements: [...drawn.elements, ...left] }] : [];
}

/** Its caption stands below it either way: no reader has to make out a picture. */
function chart(block: Chart, pen: Pen): SlackBlock[] {
  const says = note([{ kind: "plain", text: block.says }]);
  if (pen.native.has(block)) return [dataVisualization(block), ...says];
  return [
    ...richText([section(wordsAs(clip(block.title, LIMITS.header), { bold: true }))]),
    ...listing(chartLines(block).join("\n"), pen),
    ...says,
  ];
}

/**
 * Small print. Context takes no rich text, so words go in as plain text, which is shown as it stands, and only mentions and
 * times of ours as control sequences.
 */
function note(text: Text): SlackBlock[] {
  const elements = inContext(text);
  if (elements.length === 0) return [];
  const few =
    elements.length <= LIMITS.contextElements
      ? elements
      : [plainText(text.map(inWords).join(""), LIMITS.contextText)];
  return [{ type: "context", elements: few }];
}

function inContext(text: Text): (types.PlainTextElement | types.MrkdwnElement)[] {
  const elements: (types.PlainTextElement | types.MrkdwnElement)[] = [];
  let words = "";
  const flush = () => {
    if (words.trim() !== "") elements.push(plainText(words, LIMITS.contextText));
    words = "";
  };
  for (const span of text) {
    const control = controlSequence(span);
    if (control === undefined) words += inWords(span);
    else {
      flush();
      elements.push({ type: "mrkdwn", text: control, verbatim: true });
    }
  }
  flush();
  return elements;
}

function controlSequence(span: Span): string | undefined {
  if (span.kind === "time")
    return `<!date^${Math.floor(span.at / 1_000)}^${dateFormat(span)}|${escapeText(dateFallback(span))}>`;
  const id = span.kind === "person" ? slackUser(span) : undefined;
  return id && `<@${id}>`;
}

/** A span where only plain words can stand. */
function inWords(span: Span): string {
  switch (span.kind) {
    case "plain":
    case "strong":
    case "soft":
    case "code":
      return span.text;
    case "link":
      return span.text || span.url;
    case "person":
      return span.name;
    case "time":
      return dateFallback(span);
  }
}

type Row = Extract<Block, { kind: "buttons" | "open" }>;

/** Buttons that follow each other share rows; `first` keeps action ids apart within a card. */
export function drawRow(blocks: readonly Row[], pen: Pen, first: number): SlackBlock[] {
  const buttons = blocks.flatMap((block) =>
    block.kind === "open"
      ? openLink(block.label, block.url)
      : block.buttons.map((button) => press(button, pen)),
  );
  const numbered = buttons.map((button, place) => ({
    ...button,
    action_id: `${button.action_id}.${first + place}`,
  }));
  const rows: SlackBlock[] = [];
  for (let from = 0; from < numbered.length; from += LIMITS.actionsElements)
    rows.push({ type: "actions", elements: numbered.slice(from, from + LIMITS.actionsElements) });
  return rows;
}

function press(button: Button, pen: Pen): types.Button {
  const style = { go: "primary", stop: "danger", plain: undefined } as const;
  const confirm = button.confirm ?? (pen.unseen && button.tone === "go" ? UNSEEN : undefined);
  return {
    type: "button",
    action_id: `holdpoint.${button.intent.verb}`,
    text: plainText(button.label, LIMITS.buttonText),
    value: pen.token(button.intent),
    ...(style[button.tone] && { style: style[button.tone] }),
    ...(confirm && {
      confirm: {
        title: plainText(button.label, LIMITS.buttonText),
        text: plainText(confirm, LIMITS.confirmText),
        confirm: plainText(sizeOf(button.label) <= 30 ? button.label : "Yes", 30),
        deny: plainText("Cancel", 30),
        ...(button.tone === "stop" && { style: "danger" as const }),
      },
    }),
  };
}

/** A link to the console; one that Slack would refuse is left out rather than costing the whole card. */
function openLink(label: string, url: string): types.Button[] {
  if (!isWebAddress(url)) return [];
  return [{ type: "button", action_id: LINK_ACTION, text: plainText(label, LIMITS.buttonText), url }];
}
