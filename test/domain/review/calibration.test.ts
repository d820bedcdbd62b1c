/** Calibration: arithmetic against numbers worked by hand, and what they speak for. */
import { describe, expect, it } from "vitest";
import { type BandCount, bandOf, calibrate } from "../../../src/domain/review/calibration.ts";

describe("a band of confidence", () => {
  it.each([
    [0, 0],
    [0.049, 0],
    [0.05, 1],
    [0.15, 3], // 0.15 × 20 is a hair less than 3 in floating point
    [0.35, 7],
    [0.6, 12],
    [0.649_999, 12],
    [0.65, 13],
    [0.7, 14],
    [0.95, 19],
    [1, 19],
  ])("of %d is number %d", (confidence, band) => {
    expect(bandOf(confidence)).toBe(band);
  });
});

/** Unchanged and changed by the lower end of the band, in per cent. */
const counts = (bands: Readonly<Record<number, readonly [unchanged: number, changed: number]>>) =>
  new Map(
    Object.entries(bands).map(([from, [unchanged, changed]]): [number, BandCount] => [
      Number(from) / 5,
      { unchanged, changed },
    ]),
  );

describe("calibration", () => {
  it("shows each band of confidence with its decisions and how many of them changed nothing", () => {
    const { bands, threshold } = calibrate(counts({ 60: [7, 3], 65: [19, 1], 95: [2, 0] }), 0.7, 28);
    expect(bands).toHaveLength(20);
    expect(bands[0]).toEqual({ from: 0, to: 0.05, decided: 0, unchanged: 0 });
    expect(bands[12]).toEqual({ from: 0.6, to: 0.65, decided: 10, unchanged: 7 });
    expect(bands[13]).toEqual({ from: 0.65, to: 0.7, decided: 20, unchanged: 19 });
    expect(bands[19]).toEqual({ from: 0.95, to: 1, decided: 2, unchanged: 2 });
    expect(threshold).toBe(0.7);
  });

  it.each<readonly [string, Parameters<typeof counts>[0], number, number | null, string]>([
    // Just below the threshold: asking is hardly worth it from 95 % on. 19/20 = 95 %.
    ["19 of 20 below", { 65: [19, 1] }, 0.7, 0.65, "19 unchanged (95 %)"],
    // 37/39 = 94.87 %
    ["37 of 39 below", { 65: [37, 2] }, 0.7, null, ""],
    // 38/40 = 95 %
    ["38 of 40 below", { 65: [38, 2] }, 0.7, 0.65, "38 unchanged (95 %)"],
    // 19/19 = 100 %, and too few
    ["19 of 19 below", { 65: [19, 0] }, 0.7, null, ""],
    ["20 of 20 below", { 65: [20, 0] }, 0.7, 0.65, "20 unchanged (100 %)"],
    // The band below that one does not matter.
    ["the wrong band", { 60: [100, 0] }, 0.7, null, ""],
    // Just above: it should have been asked about from 20 % on. 4/20 = 20 %.
    ["4 changed of 20 above", { 70: [16, 4] }, 0.7, 0.75, "edited or rejected 4 (20 %)"],
    // 4/21 = 19.05 %
    ["4 changed of 21 above", { 70: [17, 4] }, 0.7, null, ""],
    ["too few above", { 70: [0, 19] }, 0.7, null, ""],
    // Mistakes that nobody was asked about weigh more.
    ["both", { 65: [40, 0], 70: [10, 10] }, 0.7, 0.75, "edited or rejected 10 (50 %)"],
    // A threshold inside a band has the band on both sides: 0.72 lies in [0.70, 0.75).
    ["an odd threshold, to be lowered", { 70: [30, 0] }, 0.72, 0.7, "30 unchanged (100 %)"],
    ["an odd threshold, to be raised", { 70: [15, 15] }, 0.72, 0.75, "15 (50 %)"],
    // At the ends there is no band on the other side.
    ["a threshold of 0", { 0: [50, 0] }, 0, null, ""],
    ["a threshold of 1", { 95: [0, 50] }, 1, null, ""],
    ["a threshold of 1, to be lowered", { 95: [50, 0] }, 1, 0.95, "50 unchanged"],
    ["nothing counted", {}, 0.7, null, ""],
  ])("with %s suggests what the numbers speak for", (_, bands, threshold, suggested, because) => {
    const made = calibrate(counts(bands), threshold, 28).suggested;
    expect(made?.threshold ?? null).toBe(suggested);
    expect(made?.because ?? "").toContain(because);
  });

  it("gives its numbers in words, and says what cannot be known", () => {
    expect(calibrate(counts({ 65: [38, 2] }), 0.7, 28).suggested?.because).toBe(
      "Of 40 decisions in 28 days where the agent was 65 to 70 % sure, people approved 38 unchanged (95 %). It need not be asked about.",
    );
    expect(calibrate(counts({ 70: [16, 4] }), 0.7, 92).suggested?.because).toBe(
      "Of 20 decisions in 92 days where the agent was 70 to 75 % sure, people edited or rejected 4 (20 %). Above the threshold they see only what another trigger asks about, so the rest of this band is not known.",
    );
  });
});
