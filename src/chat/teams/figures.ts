/** Tables and charts as Teams draws them, and in letters of one width where a card has no room for that. */
import type { Block, Chart } from "../../cards/card.ts";
import { chartNumbers, valueWords } from "../../cards/chart-words.ts";
import { short } from "../../cards/literal.ts";
import { LIMITS } from "./limits.ts";
import { type Element, paragraphs, type Room, words } from "./text-runs.ts";

export type Table = Extract<Block, { kind: "table" }>;

const CELL = 40;

/** Teams' own figures are mostly JSON: they are drawn where nothing of the card had to be shortened. */
export function isRoomy(room: Room): boolean {
  return room.passage >= LIMITS.passage;
}

/** A table of 1.5: the first column takes what the others, which are numbers, leave. */
export function nativeTable({ columns, rows }: Table, room: Room): Element {
  const row = (cells: readonly string[], style?: Element): Element => ({
    type: "TableRow",
    cells: columns.map((_, at) => ({
      type: "TableCell",
      items: paragraphs(words(short(cells[at] ?? "", CELL) || "–", style)),
    })),
  });
  return {
    type: "Table",
    columns: columns.map((_, at) => ({ width: at === 0 ? 3 : 2 })),
    firstRowAsHeaders: true,
    rows: [
      row(columns, { weight: "bolder", size: "small" }),
      ...rows.slice(0, room.lines - 1).map((cells) => row(cells)),
    ],
  };
}

/** Columns padded to one width: it reads the same on a phone, and nothing in a cell is markup. */
export function tableLines({ columns, rows }: Table, room: Room): readonly string[] {
  const shown = [columns, ...rows.slice(0, room.lines - 1)].map((row) =>
    columns.map((_, place) => short(row[place] ?? "", CELL)),
  );
  const widths = columns.map((_, place) => Math.max(...shown.map((row) => row[place]?.length ?? 0)));
  return shown.map((row) =>
    row
      .map((cell, place) => cell.padEnd(widths[place] ?? 0, "\u00A0"))
      .join("\u00A0\u00A0")
      .replace(/\u00A0+$/, ""),
  );
}

/** Its numbers in one line: bars made of letters would cost as much as the chart. */
export function chartInNumbers(chart: Chart): readonly Element[] {
  return paragraphs(words(short(chartNumbers(chart), 1_000)));
}

/** Names up to this long stand below bars unshortened, on a phone too. */
const SHORT_NAME = 10;

/** Teams' extension of Adaptive Cards ("Charts in Adaptive Cards"); what can't draw it shows its numbers. */
export function nativeChart(chart: Chart): Element {
  const { shape, unit, labels, series } = chart;
  const [fallback = "drop"] = chartInNumbers(chart);
  const points = (values: readonly number[] = []) =>
    labels.map((label, at) => ({ x: short(label, CELL), y: values[at] ?? 0 }));
  const yAxisTitle = short(unit, CELL);
  if (shape === "line") {
    const data = series.map(({ name, values }) => ({ legend: short(name, CELL), values: points(values) }));
    return { type: "Chart.Line", data, yAxisTitle, fallback };
  }
  const [first] = series;
  return series.length === 1 && labels.every(({ length }) => length <= SHORT_NAME)
    ? { type: "Chart.VerticalBar", data: points(first?.values), showBarValues: true, yAxisTitle, fallback }
    : { ...lyingBars(chart), fallback };
}

/** Bars with long names lie, one series of them; the numbers of both stand in the names: the one behind the longest bar is cut off. */
function lyingBars({ unit, labels, series }: Chart): Element {
  const [first, second] = series;
  const value = (values: readonly number[] | undefined, at: number) => valueWords(values?.[at] ?? 0, unit);
  const beside = (at: number) =>
    second ? ` (${second.name.toLowerCase()}: ${value(second.values, at)})` : "";
  return {
    type: "Chart.HorizontalBar",
    data: labels.map((label, at) => ({
      x: short(`${label}: ${value(first?.values, at)}${beside(at)}`, 2 * CELL),
      y: first?.values[at] ?? 0,
    })),
    displayMode: "AbsoluteNoAxis",
  };
}
