/** Charts as SVG, made here: words keep their size on every screen, colours are the page's own, and no script is needed. */
import type { Chart } from "../cards/card.ts";
import { valueWords } from "../cards/chart-words.ts";
import { type Html, html, NOTHING } from "./html.ts";

/** A figure with its caption; the numbers are read out as a table, so the picture itself is silent. */
export function chartHtml(chart: Chart): Html {
  const drawn = chart.shape === "bars" ? bars(chart) : line(chart);
  return html`<figure class="chart"><p class="chart-title">${chart.title}${chart.unit === "%" ? html` <span class="soft">(in per cent)</span>` : NOTHING}</p>
${legend(chart)}${drawn}${numbers(chart)}
<figcaption class="note">${chart.says}</figcaption></figure>`;
}

function legend({ series }: Chart): Html {
  if (series.length < 2) return NOTHING;
  return html`<ul class="legend" aria-hidden="true">${series.map(
    ({ name }, at) =>
      html`<li><svg width="10" height="10"><rect class="series-${at % COLOURS}" width="10" height="10" rx="2"/></svg>${name}</li>`,
  )}</ul>`;
}

const COLOURS = 3;
const LABEL_HEIGHT = 20;
const BAR_HEIGHT = 14;
const GAP = 10;
/** Per cent of the width that the longest bar takes: its number stands behind it. */
const WIDEST = 84;

/** Bars lie, each below its label: labels of any length have room on a phone. Widths are per cent, heights pixels. */
function bars({ labels, series, unit }: Chart): Html {
  const top = topOf(series);
  const each = LABEL_HEIGHT + series.length * (BAR_HEIGHT + 3) + GAP;
  const rows = labels.map((label, at) => {
    const y = at * each;
    const drawn = series.map(({ values }, place) => {
      const value = values[at] ?? 0;
      const width = value > 0 ? Math.max(0.6, (value / top) * WIDEST) : 0.3;
      const from = y + LABEL_HEIGHT + place * (BAR_HEIGHT + 3);
      return html`<rect class="series-${place % COLOURS}" x="0" y="${from}" width="${width.toFixed(2)}%" height="${BAR_HEIGHT}" rx="3"/><svg x="${width.toFixed(2)}%" y="${from}" overflow="visible"><text x="6" y="11.5">${valueWords(value, unit)}</text></svg>`;
    });
    return html`<text class="label" x="0" y="${y + 14}">${label}</text>${drawn}`;
  });
  return html`<svg class="drawing" width="100%" height="${labels.length * each - GAP}" aria-hidden="true">${rows}</svg>`;
}

const HEIGHT = 150;
const HEAD = 22;
const FOOT = 24;

/** Points over the whole width; the picture stretches, its words and strokes do not. */
function line({ labels, series, unit }: Chart): Html {
  const top = topOf(series);
  const x = (at: number) => (labels.length === 1 ? 50 : 3 + (at / (labels.length - 1)) * 94);
  const y = (value: number) => HEAD + (1 - value / top) * HEIGHT;
  const lines = series.map(({ values }, place) => {
    const points = values.map((value, at) => `${x(at).toFixed(2)},${y(value).toFixed(1)}`).join(" ");
    return html`<polyline class="series-${place % COLOURS}" points="${points}"/>`;
  });
  const dots = series.map(
    ({ values }, place) =>
      html`${values.map((value, at) => html`<circle class="series-${place % COLOURS}" cx="${x(at).toFixed(2)}%" cy="${y(value).toFixed(1)}" r="3.5"/>`)}`,
  );
  // On a phone there is room for about five labels.
  const step = Math.ceil(labels.length / 5);
  const named = labels.map((label, at) =>
    at % step === 0
      ? html`<text class="label" x="${x(at).toFixed(2)}%" y="${HEAD + HEIGHT + 18}" text-anchor="${anchor(at, labels.length)}">${label}</text>`
      : NOTHING,
  );
  const [first] = series;
  const highest = first?.values.indexOf(top) ?? -1;
  const values = labels.map((_, at) =>
    first && (at === highest || at === labels.length - 1)
      ? html`<text x="${x(at).toFixed(2)}%" y="${(y(first.values[at] ?? 0) - 9).toFixed(1)}" text-anchor="${anchor(at, labels.length)}">${valueWords(first.values[at] ?? 0, unit)}</text>`
      : NOTHING,
  );
  return html`<svg class="drawing" width="100%" height="${HEAD + HEIGHT + FOOT}" aria-hidden="true"><line class="axis" x1="0" x2="100%" y1="${HEAD + HEIGHT}" y2="${HEAD + HEIGHT}"/><svg viewBox="0 0 100 ${HEAD + HEIGHT}" width="100%" height="${HEAD + HEIGHT}" preserveAspectRatio="none">${lines}</svg>${dots}${values}${named}</svg>`;
}

function anchor(at: number, of: number): string {
  return at === 0 ? "start" : at === of - 1 ? "end" : "middle";
}

function topOf(series: Chart["series"]): number {
  return Math.max(1, ...series.flatMap(({ values }) => values));
}

/** For screen readers and for whoever copies the numbers: the same as a table, out of sight. */
function numbers({ title, unit, labels, series }: Chart): Html {
  const head = series.map(({ name }) => html`<th scope="col">${name}</th>`);
  const rows = labels.map(
    (label, at) =>
      html`<tr><th scope="row">${label}</th>${series.map(({ values }) => html`<td>${valueWords(values[at] ?? 0, unit)}</td>`)}</tr>`,
  );
  return html`<div class="unseen"><table><caption>${title}</caption><thead><tr><td></td>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
