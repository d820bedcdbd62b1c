/** Cards as Slack messages, home tabs and modals: whole where they fit, cut with an announcement where they don't. */
import type { types } from "@slack/bolt";
import type { Block, Card } from "../../cards/card.ts";
import { drawBlock, drawRow, heading, type Pen, plainText, richText, type SlackBlock } from "./blocks.ts";
import { bytesOf, clip, escapeText, sizeOf } from "./cut.ts";
import { nativeFigures } from "./figures.ts";
import { LIMITS } from "./limits.ts";
import { section, wordsAs } from "./rich-text.ts";

export interface Drawing {
  /** What notifications and screen readers say; escaped, so nothing in it is markup. */
  readonly text: string;
  readonly blocks: SlackBlock[];
}

/** How renderers make buttons, and where everything can be read. */
export interface Canvas {
  readonly token: Pen["token"];
  /** The console; null where there is no address to link to. */
  readonly consoleUrl: string | null;
}

/** Tried in order until the card fits: the most that one passage may have. */
const PASSAGES = [LIMITS.passage, 2_000, 1_200, 700, 400, 200, 100] as const;

/** The card within Slack's limits; the minimal card where even short passages are too much. */
export function drawCard(card: Card, canvas: Canvas): Drawing {
  return drawWithin(card, canvas, LIMITS.messageBlocks, NONE) ?? drawMinimal(card, canvas);
}

/**
 * The same with tables and charts as Slack's own blocks: for messages only, which can be posted again without them where a
 * workspace does not have them yet. Null where the card has none.
 */
export function drawNative(card: Card, canvas: Canvas): Drawing | null {
  const native = nativeFigures(card.blocks);
  return native.size === 0 ? null : (drawWithin(card, canvas, LIMITS.messageBlocks, native) ?? null);
}

const NONE: ReadonlySet<Block> = new Set();

function drawWithin(
  card: Card,
  canvas: Canvas,
  most: number,
  native: ReadonlySet<Block>,
): Drawing | undefined {
  const longest = longestIn(card.blocks);
  for (const passage of PASSAGES) {
    const unseen = longest > passage;
    const blocks = drawBlocks(titled(card), { token: canvas.token, passage, unseen, native });
    // Shorter passages make no fewer blocks.
    if (blocks.length > most) return undefined;
    if (blocks.length > 0 && textIn(blocks) <= LIMITS.blocksText) return { text: summaryOf(card), blocks };
  }
  return undefined;
}

/** What always fits: the summary, the buttons and the way to the console. */
export function drawMinimal(card: Card, canvas: Canvas): Drawing {
  const rows = card.blocks.filter((block) => block.kind === "buttons" || block.kind === "open");
  const hasLink = rows.some((block) => block.kind === "open");
  const link: Block[] =
    hasLink || canvas.consoleUrl === null
      ? []
      : [{ kind: "open", label: "Open Holdpoint", url: canvas.consoleUrl }];
  const title = titled(card).find((block) => block.kind === "heading");
  return {
    text: summaryOf(card),
    blocks: [
      ...(title ? heading(title.text) : []),
      ...richText([
        section(wordsAs(clip(card.summary, LIMITS.passage))),
        section(
          wordsAs("The details do not fit in Slack. Read them in Holdpoint before you decide.", {
            italic: true,
          }),
        ),
      ]),
      ...drawBlocks([...rows, ...link], {
        token: canvas.token,
        passage: 100,
        unseen: true,
        native: NONE,
      }).slice(0, 10),
    ],
  };
}

const SIGNS = { asking: "🟡 ", urgent: "🔴 ", good: "✅ ", bad: "⛔ ", quiet: "" } as const;

/** The tone as a sign before the title: Slack's messages have no colour. */
function titled(card: Card): readonly Block[] {
  const first = card.blocks.findIndex((block) => block.kind === "heading");
  return card.blocks.map((block, place) =>
    place === first && block.kind === "heading" ? { ...block, text: SIGNS[card.tone] + block.text } : block,
  );
}

/** A few words of ours, literally. */
export function drawWords(words: string): Drawing {
  const text = clip(words, LIMITS.passage);
  return {
    text: escapeText(clip(words, LIMITS.textBytes, bytesOf)),
    blocks: richText([section(wordsAs(text))]),
  };
}

/** A person's home tab: it holds twice the blocks of a message. */
export function drawHome(card: Card, canvas: Canvas): types.HomeView {
  const drawing = drawWithin(card, canvas, LIMITS.viewBlocks, NONE) ?? drawMinimal(card, canvas);
  return { type: "home", blocks: drawing.blocks };
}

/** A modal that only shows something. */
export function drawNotice(drawing: Drawing): types.ModalView {
  return {
    type: "modal",
    title: plainText("Holdpoint", LIMITS.modalTitle),
    close: plainText("Close", LIMITS.modalButton),
    blocks: drawing.blocks,
  };
}

function drawBlocks(blocks: readonly Block[], pen: Pen): SlackBlock[] {
  const drawn: SlackBlock[] = [];
  let row: Extract<Block, { kind: "buttons" | "open" }>[] = [];
  let buttons = 0;
  const endRow = () => {
    drawn.push(...drawRow(row, pen, buttons));
    buttons += row.reduce((sum, block) => sum + (block.kind === "open" ? 1 : block.buttons.length), 0);
    row = [];
  };
  for (const block of blocks) {
    if (block.kind === "buttons" || block.kind === "open") row.push(block);
    else {
      endRow();
      drawn.push(...drawBlock(block, pen));
    }
  }
  endRow();
  return drawn;
}

function summaryOf(card: Card): string {
  const line = card.summary.replace(/\s+/g, " ").trim() || "Holdpoint";
  return escapeText(clip(line, LIMITS.textBytes, bytesOf));
}

/** The longest text, or infinity where a list is longer than is shown. */
function longestIn(value: unknown): number {
  if (typeof value === "string") return value.length > LIMITS.passage ? value.length : sizeOf(value);
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value) && value.length > LIMITS.lines) return Number.POSITIVE_INFINITY;
  return Object.values(value).reduce((most, inside) => Math.max(most, longestIn(inside)), 0);
}

/** Keys whose text nobody reads: it does not count. */
const SILENT = new Set(["type", "action_id", "value", "url", "style", "format", "user_id"]);

/** Characters of all text in blocks, escaped: what `msg_blocks_too_long` counts. */
export function textIn(value: unknown): number {
  if (typeof value === "string") return sizeOf(value);
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + textIn(one), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inside]) => (SILENT.has(key) ? sum : sum + textIn(inside)),
    0,
  );
}
