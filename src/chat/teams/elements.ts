/** One block of a card as elements of an Adaptive Card: all words in TextRuns, nothing newer than 1.5. */
import type { Block, Chart, Text } from "../../cards/card.ts";
import { clip, counting, short } from "../../cards/literal.ts";
import { chartInNumbers, isRoomy, nativeChart, nativeTable, tableLines } from "./figures.ts";
import { LIMITS } from "./limits.ts";
import { type Element, notShown, paragraphs, type Room, type Run, runsOf, words } from "./text-runs.ts";

export function drawBlock(
  block: Exclude<Block, { kind: "buttons" | "open" | "divider" }>,
  room: Room,
): readonly Element[] {
  switch (block.kind) {
    case "heading":
      return [heading(block.text)];
    case "text":
      return paragraphs(runsOf(block.text, room));
    case "note":
      return paragraphs(runsOf(block.text, room).map((run) => ({ ...run, size: "small", isSubtle: true })));
    case "facts":
      return [
        ...block.facts
          .slice(0, room.lines)
          .flatMap(({ label, value }, at) =>
            paragraphs(
              [
                ...words(label === "" ? "" : `${short(label, LIMITS.label)}: `, { weight: "bolder" }),
                ...runsOf(value, room),
              ],
              at > 0 ? { spacing: "small" } : {},
            ),
          ),
        ...more(block.facts, room),
      ];
    case "quote":
      return [quote(block, room)];
    case "code":
      return [listing(block.text, room)];
    case "list":
      return [
        ...block.items.slice(0, room.lines).flatMap((item) => bullet(item, room)),
        ...more(block.items, room),
      ];
    case "table":
      return [
        isRoomy(room) ? nativeTable(block, room) : listing(tableLines(block, room).join("\n"), room),
        ...more(block.rows, room),
      ];
    case "chart":
      return chart(block, room);
  }
}

export function heading(text: string): Element {
  const title = words(short(text, LIMITS.heading), { size: "large", weight: "bolder" });
  return paragraphs(title)[0] ?? {};
}

function quote({ text, from }: Extract<Block, { kind: "quote" }>, room: Room): Element {
  const cut = clip(text, room.passage, room.lines);
  const source =
    from === undefined ? [] : words(`${short(from, LIMITS.label)}\n`, { isSubtle: true, size: "small" });
  return apart([...source, ...words(cut.text), ...notShown(cut.hidden)]);
}

function listing(text: string, room: Room): Element {
  const cut = clip(text, room.passage, room.lines);
  return apart([...words(cut.text, { fontType: "monospace", size: "small" }), ...notShown(cut.hidden)]);
}

/** Set apart on a ground of its own, which no words can imitate. */
function apart(runs: readonly Run[]): Element {
  return { type: "Container", style: "emphasis", items: paragraphs(runs) };
}

function bullet(item: Text, room: Room): readonly Element[] {
  return paragraphs([...words("•\u00A0"), ...runsOf(item, room)], { spacing: "small" });
}

/** The caption stands below it always: no reader has to make out a picture. The less room, the less of the numbers. */
function chart(block: Chart, room: Room): readonly Element[] {
  const says = paragraphs(words(short(block.says, 1_000), { size: "small", isSubtle: true }), {
    spacing: "small",
  });
  if (room.passage <= WITHOUT_NUMBERS) return says;
  // Teams reads a chart's own title out, and shows it nowhere.
  const title = paragraphs(words(short(block.title, LIMITS.heading), { weight: "bolder" }));
  return [...title, ...(isRoomy(room) ? [nativeChart(block)] : chartInNumbers(block)), ...says];
}

/** Where passages are as short as this, a chart is its caption. */
const WITHOUT_NUMBERS = 400;

function more(lines: readonly unknown[], room: Room): readonly Element[] {
  const left = lines.length - room.lines;
  return left > 0
    ? paragraphs(words(`${counting(left, "more line")} not shown here`, { isSubtle: true, italic: true }))
    : [];
}
