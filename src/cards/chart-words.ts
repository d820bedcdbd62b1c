/** A chart where none can be drawn: lines of blocks and numbers in letters of one width, or one line of numbers. */
import type { Chart } from "./card.ts";
import { counted } from "./literal.ts";

/** Blocks of the longest bar: with label and number a line stays as wide as a phone. */
const WIDEST = 8;

/** One line per label: the bar of the first series and its value, the others' values in brackets. */
export function chartLines({ labels, series, unit }: Chart): readonly string[] {
  const [first, ...others] = series;
  if (!first) return [];
  const top = Math.max(...first.values, 0);
  const width = Math.max(...labels.map(({ length }) => length));
  const lines = labels.map((label, at) => {
    const value = first.values[at] ?? 0;
    const bar = top > 0 ? "█".repeat(value > 0 ? Math.max(1, Math.round((value / top) * WIDEST)) : 0) : "";
    const beside = others.map(({ values }) => valueWords(values[at] ?? 0, unit)).join(", ");
    return `${label.padEnd(width)}  ${bar}${bar ? " " : ""}${valueWords(value, unit)}${beside ? ` (${beside})` : ""}`;
  });
  return others.length > 0 ? [legend(first.name, others), ...lines] : lines;
}

function legend(first: string, others: Chart["series"]): string {
  return `${first} (${others.map(({ name }) => name.toLowerCase()).join(", ")})`;
}

/** "Low confidence 9 (5), Budget 2 (0)". */
export function chartNumbers({ labels, series, unit }: Chart): string {
  const [first, ...others] = series;
  const value = (values: readonly number[], at: number) => valueWords(values[at] ?? 0, unit);
  const numbers = labels.map((label, at) => {
    const beside = others.map(({ values }) => value(values, at)).join(", ");
    return `${label}: ${value(first?.values ?? [], at)}${beside ? ` (${beside})` : ""}`;
  });
  return numbers.join(" · ");
}

/** A percentage with its sign; everything else is counted, and the title says what. */
export function valueWords(value: number, unit: string): string {
  return unit === "%" ? `${counted(value)} %` : counted(value);
}
