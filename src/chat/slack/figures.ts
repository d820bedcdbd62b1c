/** Tables and charts, twice: as Slack's own blocks where a message may have them, and in letters of one width everywhere. */
import type { types } from "@slack/bolt";
import type { Block, Chart } from "../../cards/card.ts";
import { clip, sizeOf } from "./cut.ts";
import { LIMITS } from "./limits.ts";

export type Table = Extract<Block, { kind: "table" }>;

interface Series {
  readonly name: string;
  readonly data: readonly { readonly label: string; readonly value: number }[];
}

/** Of Slack's reference; `@slack/types` does not know it yet. */
export interface DataVisualizationBlock extends types.Block {
  readonly type: "data_visualization";
  readonly title: string;
  readonly chart: {
    readonly type: "bar" | "line";
    readonly series: readonly Series[];
    readonly axis_config: { readonly categories: readonly string[]; readonly y_label?: string };
  };
}

/** Which tables and charts of a message Slack draws itself: the first that its limits let in. */
export function nativeFigures(blocks: readonly Block[]): ReadonlySet<Block> {
  let charts: number = LIMITS.charts;
  let cells: number = LIMITS.cellsText;
  const native = new Set<Block>();
  for (const block of blocks) {
    if (block.kind === "chart" && charts > 0 && fitsChart(block)) {
      charts -= 1;
      native.add(block);
    }
    if (block.kind === "table" && fitsTable(block)) {
      const size = cellsOf(block)
        .flat()
        .reduce((sum, cell) => sum + sizeOf(cell), 0);
      if (size > cells) continue;
      cells -= size;
      native.add(block);
    }
  }
  return native;
}

function fitsChart({ labels, series }: Chart): boolean {
  const names = series.map(({ name }) => label(name));
  return (
    labels.length >= 1 &&
    labels.length <= LIMITS.chartPoints &&
    new Set(labels.map(label)).size === labels.length &&
    series.length >= 1 &&
    series.length <= LIMITS.chartSeries &&
    new Set(names).size === names.length &&
    series.every(({ values }) => values.length === labels.length && values.every(Number.isFinite))
  );
}

function fitsTable({ columns, rows }: Table): boolean {
  return (
    columns.length >= 1 &&
    columns.length <= LIMITS.tableColumns &&
    rows.length >= 1 &&
    rows.length < LIMITS.tableRows
  );
}

/** Slack refuses an empty name or label. */
function label(text: string): string {
  return clip(text.replace(/\s+/g, " ").trim(), LIMITS.chartLabel) || "–";
}

export function dataVisualization({ shape, title, unit, labels, series }: Chart): DataVisualizationBlock {
  const categories = labels.map(label);
  return {
    type: "data_visualization",
    title: clip(title, LIMITS.chartTitle) || "–",
    chart: {
      type: shape === "bars" ? "bar" : "line",
      series: series.map(({ name, values }) => ({
        name: label(name),
        data: categories.map((category, at) => ({ label: category, value: values[at] ?? 0 })),
      })),
      axis_config: { categories, ...(unit !== "" && { y_label: clip(unit, LIMITS.chartTitle) }) },
    },
  };
}

export function dataTable(table: Table): types.DataTableBlock {
  return {
    type: "data_table",
    caption: table.caption ?? table.columns.join(", "),
    // All at once: what is on a second page is not seen on a phone.
    page_size: Math.min(table.rows.length, LIMITS.tablePage),
    rows: cellsOf(table).map((row) => row.map((text) => ({ type: "raw_text", text }))),
  };
}

/** Every row as long as the header, and no cell empty: Slack refuses both. */
function cellsOf({ columns, rows }: Table): readonly (readonly string[])[] {
  return [columns, ...rows].map((row) => columns.map((_, at) => cell(row[at] ?? "") || "–"));
}

function cell(text: string): string {
  return clip(text.replace(/\s+/g, " ").trim(), LIMITS.cell);
}

/** Columns padded to one width: it reads the same on a phone, and nothing in a cell is markup. */
export function tableLines({ columns, rows }: Table): readonly string[] {
  const shown = [columns, ...rows.slice(0, LIMITS.lines)].map((row) =>
    columns.map((_, place) => cell(row[place] ?? "")),
  );
  const widths = columns.map((_, place) => Math.max(...shown.map((row) => row[place]?.length ?? 0)));
  return shown.map((row) =>
    row
      .map((text, place) => text.padEnd(widths[place] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
