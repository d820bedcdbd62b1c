/** Clocks on walls: what an instant is called in a time zone, and which instant a date and a time of day there are. */
import { DAY, HOUR, MINUTE } from "./time.ts";

export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** An instant as a clock in a zone shows it. */
export interface WallTime {
  /** `2026-11-27` */
  readonly date: string;
  readonly weekday: Weekday;
  /** Milliseconds since the day's 00:00 as the clock shows it, whatever was skipped or repeated on the way. */
  readonly timeOfDay: number;
}

export function isTimeZone(name: string): boolean {
  try {
    clockIn(name);
    return true;
  } catch {
    return false;
  }
}

export function wallTime(zone: string, at: number): WallTime {
  const shown = at + offsetAt(zone, at);
  const midnight = Math.floor(shown / DAY) * DAY;
  return { date: isoDate(midnight), weekday: weekdayOf(midnight), timeOfDay: shown - midnight };
}

/**
 * The instant at which clocks in a zone show a date and a time of day. One that they show twice is the `first` or the
 * `last` of the two; one that they skip is the moment of the jump.
 */
export function instantOf(zone: string, date: string, timeOfDay: number, which: "first" | "last"): number {
  const shown = Date.parse(date) + timeOfDay;
  // No zone changes its clocks twice within three days, and none is a day and a half from UTC.
  const before = offsetAt(zone, shown - 36 * HOUR);
  const after = offsetAt(zone, shown + 36 * HOUR);
  const [early, late] = [shown - Math.max(before, after), shown - Math.min(before, after)];
  const fits = [early, late].filter((at) => at + offsetAt(zone, at) === shown);
  if (fits.length > 0) return which === "first" ? Math.min(...fits) : Math.max(...fits);
  return jumpBetween(zone, early, late);
}

export function nextDate(date: string, days = 1): string {
  return isoDate(Date.parse(date) + days * DAY);
}

export function weekdayOfDate(date: string): Weekday {
  return weekdayOf(Date.parse(date));
}

/** The first instant of the offset that is in force at `late`, to the millisecond. */
function jumpBetween(zone: string, early: number, late: number): number {
  const after = offsetAt(zone, late);
  let [low, high] = [early, late];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === after) high = middle;
    else low = middle;
  }
  return high;
}

/** Zones change their clocks at whole quarters of an hour of UTC, and have since 1980. */
const STEADY = 15 * MINUTE;
const MOST_KEPT = 5_000;
const offsets = new Map<string, number>();

/** Milliseconds by which clocks in the zone are ahead of UTC. Kept, because deadlines of one day ask the same again and again. */
function offsetAt(zone: string, at: number): number {
  const quarter = Math.floor(at / STEADY);
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offset = readOffset(zone, quarter * STEADY);
  if (offsets.size >= MOST_KEPT) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

function readOffset(zone: string, at: number): number {
  // "11/27/2026, 14:05:09": the parts as numbers, at a third of what formatToParts costs.
  const [month = 1, day = 1, year = 0, hour = 0, minute = 0, second = 0] = (
    clockIn(zone).format(at).match(/\d+/g) ?? []
  ).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) - at;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one takes some 50 µs, so each is made once. @throws RangeError for a zone that this build does not know. */
function clockIn(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const two = "2-digit";
  const clock = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, hourCycle: "h23", calendar: "gregory", numberingSystem: "latn" },
    ...{ year: "numeric", month: two, day: two, hour: two, minute: two, second: two },
  });
  clocks.set(zone, clock);
  return clock;
}

function isoDate(midnight: number): string {
  return new Date(midnight).toISOString().slice(0, 10);
}

function weekdayOf(midnight: number): Weekday {
  return WEEKDAYS[new Date(midnight).getUTCDay()] ?? "sun";
}

/** `09:30` as milliseconds since 00:00. */
export function timeOfDay(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * HOUR + minutes * MINUTE;
}
