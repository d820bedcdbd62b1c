/** How long things took, counted in buckets: percentiles of any number of them come from a few dozen counts. */

import { SECOND } from "../time/time.ts";
import type { Percentiles } from "./digest.ts";

/** Buckets double in width every four, from one second on: the 88th ends after 48 days. */
const PER_DOUBLING = 4;
const LAST = 88;

/** The bucket of a duration in milliseconds: 0 for less than a second, 1 for one second up to 2^(1/4) seconds, and so on. */
export function bucketOf(ms: number): number {
  if (ms < SECOND) return 0;
  return Math.min(LAST, 1 + Math.floor(PER_DOUBLING * Math.log2(ms / SECOND)));
}

/**
 * Half of the durations were at most `p50`, nine tenths at most `p90`, in milliseconds. Within its bucket a duration is
 * taken to lie where its rank puts it, so a figure is off by less than the bucket's width: 19 % of itself at the very most.
 */
export function percentiles(counts: ReadonlyMap<number, number>): Percentiles | null {
  const filled = [...counts].filter(([, n]) => n > 0).sort(([a], [b]) => a - b);
  const total = filled.reduce((sum, [, n]) => sum + n, 0);
  if (total === 0) return null;
  return { p50: rank(filled, 0.5 * total), p90: rank(filled, 0.9 * total) };
}

function rank(filled: readonly (readonly [number, number])[], wanted: number): number {
  let passed = 0;
  for (const [bucket, n] of filled) {
    if (passed + n >= wanted) return Math.round(within(bucket, (wanted - passed) / n));
    passed += n;
  }
  return Math.round(within(filled.at(-1)?.[0] ?? 0, 1));
}

/** Geometric, as the buckets are. */
function within(bucket: number, part: number): number {
  return bucket === 0 ? part * SECOND : SECOND * 2 ** ((bucket - 1 + part) / PER_DOUBLING);
}
