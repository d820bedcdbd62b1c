/** Which days a digest looks at, and which it compares them with. */

import { dayNumber, dayText, mondayOf, monthsBefore } from "../time/local-day.ts";
import { nextDate } from "../time/zoned-time.ts";
import type { Days } from "./counts.ts";
import type { DigestKind } from "./digest.ts";

export interface DigestDays {
  readonly days: Days;
  /** As long a time before them. */
  readonly before: Days;
  /** The day before the digest, and the seven before that: what was unusual. */
  readonly yesterday: Days;
  readonly usual: Days;
  /** How far calibration looks back: whole weeks and the present one, four at least, or its bands would be empty. */
  readonly calibration: Days;
}

const CALIBRATION_DAYS = 28;

/** Whole days up to the one on which the digest is due, which has only begun. */
export function digestDays(kind: DigestKind, date: string): DigestDays {
  const from = earlier(kind, date);
  const fourWeeksAgo = nextDate(date, -CALIBRATION_DAYS);
  const earliest = from < fourWeeksAgo ? from : fourWeeksAgo;
  return {
    days: { from, to: date },
    before: { from: earlier(kind, from), to: from },
    yesterday: { from: nextDate(date, -1), to: date },
    usual: { from: nextDate(date, -8), to: nextDate(date, -1) },
    // Weeks are counted under their Monday: one that began earlier is not all in there.
    calibration: { from: mondayOf(nextDate(earliest, 6)), to: date },
  };
}

function earlier(kind: DigestKind, date: string): string {
  switch (kind) {
    case "daily":
      return nextDate(date, -1);
    case "weekly":
      return nextDate(date, -7);
    case "monthly":
      return monthsBefore(date, 1);
    case "quarterly":
      return monthsBefore(date, 3);
  }
}

/** Every day of them, oldest first. */
export function eachDay({ from, to }: Days): readonly string[] {
  const first = dayNumber(from);
  return Array.from({ length: dayNumber(to) - first }, (_, at) => dayText(first + at));
}
