/** The arithmetic of measurements: medians, spreads and percentiles. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws for no values: a row without a measurement is a fault of the bench. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted.at(0), sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error("nothing was measured");
  return { median: percentile(sorted, 0.5), min, max };
}

/** `share` from 0 to 1 of values that are sorted already; between two neighbours, their mean for a median. */
export function percentile(sorted: readonly number[] | Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted.at(Math.floor(at)) ?? Number.NaN;
  const above = sorted.at(Math.ceil(at)) ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** Ours divided by the other's, round by round: what disturbs one round disturbs both of its sides. */
export function ratios(ours: readonly number[], theirs: readonly number[]): readonly number[] {
  return ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
}
