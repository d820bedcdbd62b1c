/** One block of a card as elements of an Adaptive Card: all words in TextRuns, buttons with our token, nothing newer than 1.5. */
import type { Block, Button, Text } from "../../cards/card.ts";
import type { Intent } from "../../cards/intent.ts";
import { clip, counting, short } from "../../cards/literal.ts";
import { LIMITS } from "./limits.ts";
import {
  type Element,
  isWebAddress,
  notShown,
  paragraphs,
  type Room,
  type Run,
  runsOf,
  words,
} from "./text-runs.ts";

/** Where an action keeps its token. */
export const TOKEN_KEY = "t";

export interface Pen extends Room {
  /** What a button carries. */
  readonly token: (intent: Intent) => string;
  /** Part of the card is not shown: nobody approves that without being asked. */
  readonly unseen: boolean;
}

const UNSEEN = "Teams can't show all of this. Have you read the rest in Holdpoint?";

export function drawBlock(
  block: Exclude<Block, { kind: "buttons" | "open" | "divider" }>,
  pen: Pen,
): readonly Element[] {
  switch (block.kind) {
    case "heading":
      return [heading(block.text)];
    case "text":
      return paragraphs(runsOf(block.text, pen));
    case "note":
      return paragraphs(runsOf(block.text, pen).map((run) => ({ ...run, size: "small", isSubtle: true })));
    case "facts":
      return [
        ...block.facts
          .slice(0, pen.lines)
          .flatMap(({ label, value }, at) =>
            paragraphs(
              [
                ...words(short(label, LIMITS.label), { weight: "bolder" }),
                ...words(label === "" ? "" : ": "),
                ...runsOf(value, pen),
              ],
              at > 0 ? { spacing: "small" } : {},
            ),
          ),
        ...more(block.facts, pen),
      ];
    case "quote":
      return [quote(block, pen)];
    case "code":
      return [listing(block.text, pen)];
    case "list":
      return [
        ...block.items.slice(0, pen.lines).flatMap((item) => bullet(item, pen)),
        ...more(block.items, pen),
      ];
    case "table":
      return [table(block.columns, block.rows, pen), ...more(block.rows, pen)];
  }
}

export function heading(text: string): Element {
  const title = words(short(text, LIMITS.heading), { size: "large", weight: "bolder" });
  return paragraphs(title)[0] ?? {};
}

function quote({ text, from }: Extract<Block, { kind: "quote" }>, pen: Pen): Element {
  const cut = clip(text, pen.passage, pen.lines);
  const source =
    from === undefined ? [] : words(`${short(from, LIMITS.label)}\n`, { isSubtle: true, size: "small" });
  return apart([...source, ...words(cut.text), ...notShown(cut.hidden)]);
}

function listing(text: string, pen: Pen): Element {
  const cut = clip(text, pen.passage, pen.lines);
  return apart([...words(cut.text, { fontType: "monospace", size: "small" }), ...notShown(cut.hidden)]);
}

/** Set apart on a ground of its own, which no words can imitate. */
function apart(runs: readonly Run[]): Element {
  return { type: "Container", style: "emphasis", items: paragraphs(runs) };
}

function bullet(item: Text, pen: Pen): readonly Element[] {
  return paragraphs([...words("•\u00A0"), ...runsOf(item, pen)], { spacing: "small" });
}

/** Columns padded to one width in a listing: it reads the same on a phone, and nothing in a cell is markup. */
function table(columns: readonly string[], rows: readonly (readonly string[])[], pen: Pen): Element {
  const shown = [columns, ...rows.slice(0, pen.lines - 1)].map((row) =>
    columns.map((_, place) => short(row[place] ?? "", 40)),
  );
  const widths = columns.map((_, place) => Math.max(...shown.map((row) => row[place]?.length ?? 0)));
  const lines = shown.map((row) =>
    row
      .map((cell, place) => cell.padEnd(widths[place] ?? 0, "\u00A0"))
      .join("\u00A0\u00A0")
      .replace(/\u00A0+$/, ""),
  );
  return listing(lines.join("\n"), pen);
}

function more(lines: readonly unknown[], pen: Pen): readonly Element[] {
  const left = lines.length - pen.lines;
  return left > 0
    ? paragraphs(words(`${counting(left, "more line")} not shown here`, { isSubtle: true, italic: true }))
    : [];
}

type Row = Extract<Block, { kind: "buttons" | "open" }>;

/** Buttons that follow each other, in rows of as many as Teams shows. */
export function drawRow(blocks: readonly Row[], pen: Pen): readonly Element[] {
  const actions = blocks.flatMap((block) =>
    block.kind === "open"
      ? openLink(block.label, block.url)
      : block.buttons.map((button) => action(button, pen)),
  );
  const rows = Math.ceil(actions.length / LIMITS.actionsInRow);
  const most = Math.ceil(actions.length / Math.max(1, rows));
  return Array.from({ length: rows }, (_, at) => ({
    type: "ActionSet",
    actions: actions.slice(at * most, (at + 1) * most),
  }));
}

/** A button that asks before it is done opens the question, and the question holds the button. */
function action(button: Button, pen: Pen): Element {
  const style = { go: "positive", stop: "destructive", plain: undefined } as const;
  const look = { title: short(button.label, 40), ...(style[button.tone] && { style: style[button.tone] }) };
  const data = { [TOKEN_KEY]: pen.token(button.intent) };
  // Lists have many that only open something: a second way for each would cost the list.
  const execute =
    button.intent.verb === "show" ? { ...executing(data, look), fallback: "drop" } : executing(data, look);
  const confirm = button.confirm ?? (pen.unseen && button.tone === "go" ? UNSEEN : undefined);
  if (confirm === undefined) return execute;
  return {
    type: "Action.ShowCard",
    ...look,
    card: {
      type: "AdaptiveCard",
      version: LIMITS.cardVersion,
      body: paragraphs(words(short(confirm, 300))),
      actions: [execute],
    },
  };
}

/** Clients that can't execute submit, which arrives as a message. */
export function executing(data: Element, look: Element): Element {
  return {
    type: "Action.Execute",
    ...look,
    verb: "holdpoint",
    data,
    fallback: { type: "Action.Submit", ...look, data },
  };
}

/** A link to the console; one that Teams would refuse is left out rather than costing the whole card. */
function openLink(label: string, url: string): readonly Element[] {
  return isWebAddress(url) ? [{ type: "Action.OpenUrl", title: short(label, 40), url }] : [];
}
