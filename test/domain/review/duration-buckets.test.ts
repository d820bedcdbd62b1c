/** Percentiles from buckets: as exact as they promise. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf, percentiles } from "../../../src/domain/review/duration-buckets.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

const counted = (durations: readonly number[]) => {
  const counts = new Map<number, number>();
  for (const ms of durations) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
  return counts;
};

describe("buckets of time", () => {
  it.each([
    [0, 0],
    [999, 0],
    [SECOND, 1],
    [1_189, 1],
    [1_190, 2], // 2^(1/4) s = 1.189 s
    [2 * SECOND, 5],
    [4 * SECOND, 9],
    [HOUR, 48],
    [48 * 24 * HOUR, 88],
    [10_000 * 24 * HOUR, 88],
  ])("put %d ms into number %d", (ms, bucket) => {
    expect(bucketOf(ms)).toBe(bucket);
  });

  it("know no percentile of nothing", () => {
    expect(percentiles(new Map())).toBeNull();
    expect(percentiles(new Map([[5, 0]]))).toBeNull();
  });

  it("find the middle and the ninth tenth within 19 % of the true ones, whatever was counted", () => {
    const durations = fc.array(fc.integer({ min: SECOND, max: 40 * 24 * HOUR }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(durations, (all) => {
        const sorted = all.toSorted((a, b) => a - b);
        const found = percentiles(counted(all));
        for (const [part, value] of [
          [0.5, found?.p50 ?? 0],
          [0.9, found?.p90 ?? 0],
        ] as const) {
          const truth = sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
          expect(value / truth).toBeGreaterThan(2 ** -0.26);
          expect(value / truth).toBeLessThan(2 ** 0.26);
        }
      }),
    );
  });

  it("go up in step with a thousand evenly spread durations", () => {
    const found = percentiles(counted(Array.from({ length: 1_000 }, (_, at) => (at + 1) * 60 * SECOND)));
    expect(found?.p50).toBeGreaterThan(0.98 * 500 * 60 * SECOND);
    expect(found?.p50).toBeLessThan(1.02 * 500 * 60 * SECOND);
    expect(found?.p90).toBeGreaterThan(0.98 * 900 * 60 * SECOND);
    expect(found?.p90).toBeLessThan(1.02 * 900 * 60 * SECOND);
  });
});
