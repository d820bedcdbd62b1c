/** Business hours: on which days and between which times of day the time of a stage counts. */
import { DAY } from "./time.ts";
import { instantOf, nextDate, timeOfDay, type Weekday, wallTime, weekdayOfDate } from "./zoned-time.ts";

export interface Hours {
  /** IANA name. */
  readonly timezone: string;
  /** The days on which they begin. */
  readonly days: readonly Weekday[];
  /** `09:00` */
  readonly from: string;
  /** `17:30`; at or before `from` it is a time of the next day, so `00:00` is the end of this one. */
  readonly to: string;
  /** `2026-12-25`: dates on which they do not begin. */
  readonly holidays: readonly string[];
}

interface Window {
  readonly opens: number;
  readonly closes: number;
}

/** The instant at which `ms` of business time have passed since `start`; with none to pass, the next at which time counts. */
export function afterBusiness(start: number, ms: number, hours: Hours): number {
  let left = ms;
  let clock = start;
  for (const { opens, closes } of windowsFrom(start, hours)) {
    const begins = Math.max(opens, clock);
    if (closes - begins > 0 && left <= closes - begins) return begins + left;
    left -= Math.max(0, closes - begins);
    // An hour that is shown twice belongs to the window that had it first.
    clock = Math.max(clock, closes);
  }
  // Not reached: the windows go on for as long as there are dates.
  return start + ms;
}

/** Milliseconds of business time between two instants; 0 where the second is not after the first. */
export function businessBetween(start: number, end: number, hours: Hours): number {
  let sum = 0;
  let clock = start;
  for (const { opens, closes } of windowsFrom(start, hours)) {
    if (opens >= end) break;
    sum += Math.max(0, Math.min(closes, end) - Math.max(opens, clock));
    clock = Math.max(clock, closes);
  }
  return sum;
}

/** The rest of the day, every day: when something may be posted that must not be in quiet hours. */
export function outside(quiet: {
  readonly timezone: string;
  readonly from: string;
  readonly to: string;
}): Hours {
  const days: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  return { timezone: quiet.timezone, days, from: quiet.to, to: quiet.from, holidays: [] };
}

/** No date lies beyond what JavaScript can count, which ends in the year 275760. */
const LAST = 8.64e15 - 3 * DAY;

/**
 * One window for each day that has one, in order, from the one that may still be open at `start`. It opens when clocks first
 * show its beginning, or jump over it, and closes when they last show its end, or jump over that.
 */
function* windowsFrom(start: number, { timezone, days, from, to, holidays }: Hours): Generator<Window> {
  const [begin, end] = [timeOfDay(from), timeOfDay(to)];
  let date = nextDate(wallTime(timezone, start).date, -1);
  for (; Date.parse(date) < LAST; date = nextDate(date)) {
    if (!days.includes(weekdayOfDate(date)) || holidays.includes(date)) continue;
    const opens = instantOf(timezone, date, begin, "first");
    const closes = instantOf(timezone, end > begin ? date : nextDate(date), end, "last");
    if (closes > start && closes > opens) yield { opens, closes };
  }
}
