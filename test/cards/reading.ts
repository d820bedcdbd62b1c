/** Reads a card as plain lines of text, the way a person would, so that tests can ask what it says. */
import type { Block, Button, Card, Span, Text } from "../../src/cards/card.ts";

export function linesOf(card: Card): readonly string[] {
  return card.blocks.flatMap(blockLines);
}

export function textOf(card: Card): string {
  return linesOf(card).join("\n");
}

export function buttonsOf(card: Card): readonly Button[] {
  return card.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
}

export function labelsOf(card: Card): readonly string[] {
  return buttonsOf(card).map(({ label }) => label);
}

/** Every piece of text on a card, its summary included: what renderers are handed. */
export function stringsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

function words(text: Text): string {
  return text.map(word).join("");
}

function word(span: Span): string {
  switch (span.kind) {
    case "person":
      return `@${span.name}`;
    case "time":
      return new Date(span.at).toISOString().slice(11, 16);
    default:
      return span.text;
  }
}

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case "heading":
    case "code":
      return [block.text];
    case "text":
    case "note":
      return [words(block.text)];
    case "facts":
      return block.facts.map(({ label, value }) => `${label}: ${words(value)}`);
    case "quote":
      return [`${block.from}> ${block.text}`];
    case "list":
      return block.items.map(words);
    case "table":
      return [block.columns.join(" | "), ...block.rows.map((row) => row.join(" | "))];
    case "chart":
      return [
        block.title,
        ...block.series.map(
          ({ name, values }) =>
            `${name}: ${values.map((value, at) => `${block.labels[at]} ${value}`).join(", ")}`,
        ),
        block.says,
      ];
    case "buttons":
      return [block.buttons.map(({ label }) => `[${label}]`).join(" ")];
    case "open":
      return [`(${block.label}) ${block.url}`];
    case "divider":
      return ["---"];
  }
}
