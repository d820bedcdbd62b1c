/** Prints the rows as a table for people, and keeps everything in bench/results.json. */
import { writeFileSync } from "node:fs";
import { type Judged, targetInWords } from "./row.ts";

const RESULTS = new URL("../results.json", import.meta.url);

const HEADS = ["row", "median", "min … max", "target", "", "behind it"] as const;

export function table(rows: readonly Judged[]): string {
  const lines = [HEADS, ...rows.map(cells)];
  const widths = HEADS.map((_, column) => Math.max(...lines.map((line) => width(line[column] ?? ""))));
  const padded = lines.map((line) =>
    line.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell))).join("  "),
  );
  return padded.map((line) => line.trimEnd()).join("\n");
}

export function keep(result: object): void {
  writeFileSync(RESULTS, `${JSON.stringify(result, null, 2)}\n`);
}

function cells({ name, unit, median, min, max, target, verdict, note }: Judged): readonly string[] {
  const mark = { met: "✓", missed: "✗ missed", "within spread": "~ within spread", information: "" }[verdict];
  const shown = unit === "ratio" ? "" : ` ${unit}`;
  return [name, figure(median) + shown, `${figure(min)} … ${figure(max)}`, targetInWords(target), mark, note];
}

/** Three digits that count. */
export function figure(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-GB");
  return String(Number(value.toPrecision(3)));
}

function width(text: string): number {
  return [...text].length;
}
