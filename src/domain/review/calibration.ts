/** Calibration: whether people agree with an agent as often as its confidence and its charter's threshold suppose. */
import type { Calibration } from "./digest.ts";

/** Each band is a twentieth wide: 0 is [0, 0.05), 19 is [0.95, 1]. */
export const BANDS = 20;

/** Fewer decisions than this in a band say nothing about it. */
const ENOUGH = 20;
/** Approved unchanged so often, asking was hardly worth it. */
const AGREED = 0.95;
/** Edited or rejected so often, it should have been asked. */
const DISAGREED = 0.2;

/** The band of a confidence from 0 to 1. */
export function bandOf(confidence: number): number {
  // 0.15 / 0.05 is a hair less than 3 in floating point.
  return Math.min(BANDS - 1, Math.max(0, Math.floor(confidence * BANDS + 1e-9)));
}

export interface BandCount {
  readonly unchanged: number;
  readonly changed: number;
}

/**
 * Looks at the band just below the threshold, which the charter always asks about, and at the one just above it, of which
 * people see only what another trigger has asked about: so a suggestion to raise the threshold says so. A threshold that
 * lies inside a band has that band on both sides.
 *
 * @param counts by band, as `bandOf` numbers them; a band that is missing has none
 * @param threshold the charter asks below it
 * @param days how far the counts look back: for the words
 */
export function calibrate(
  counts: ReadonlyMap<number, BandCount>,
  threshold: number,
  days: number,
): Calibration {
  const bands = Array.from({ length: BANDS }, (_, band) => {
    const { unchanged, changed } = counts.get(band) ?? { unchanged: 0, changed: 0 };
    return { from: band / BANDS, to: (band + 1) / BANDS, decided: unchanged + changed, unchanged };
  });
  return { bands, threshold, suggested: suggestion(bands, threshold, days) };
}

type Band = Calibration["bands"][number];

/** Mistakes that nobody was asked about weigh more than questions too many: raising comes first. */
function suggestion(bands: readonly Band[], threshold: number, days: number): Calibration["suggested"] {
  const above = threshold < 1 ? bands[bandOf(threshold)] : undefined;
  if (above && above.decided >= ENOUGH) {
    const changed = above.decided - above.unchanged;
    if (changed / above.decided >= DISAGREED) {
      const because = `${numbers(above, days)} people edited or rejected ${changed} (${percent(changed, above)}). Above the threshold they see only what another trigger asks about, so the rest of this band is not known.`;
      return { threshold: rounded(above.to), because };
    }
  }
  const below = threshold > 0 ? bands[bandOf(threshold - 1e-6)] : undefined;
  if (below && below.decided >= ENOUGH && below.unchanged / below.decided >= AGREED) {
    const because = `${numbers(below, days)} people approved ${below.unchanged} unchanged (${percent(below.unchanged, below)}). It need not be asked about.`;
    return { threshold: rounded(below.from), because };
  }
  return null;
}

function numbers({ from, to, decided }: Band, days: number): string {
  return `Of ${decided} decisions in ${days} days where the agent was ${whole(from)} to ${whole(to)} % sure,`;
}

function percent(part: number, { decided }: Band): string {
  // Rounded down, so that 94.9 % never reads as the 95 % that it missed.
  return `${Math.floor((100 * part) / decided + 1e-9)} %`;
}

function whole(share: number): number {
  return Math.round(share * 100);
}

function rounded(share: number): number {
  return Math.round(share * 100) / 100;
}
