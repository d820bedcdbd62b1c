/** Local days: which one an instant falls on, and reckoning with their dates. */
import { DAY, MINUTE } from "./time.ts";
import { instantOf, wallTime } from "./zoned-time.ts";

/** Zones change their clocks, and their days begin, at whole quarters of an hour of UTC: within one, the day is the same. */
const STEADY = 15 * MINUTE;
/** Instants that are asked about lie close together; a walk through the years is not kept. */
const MOST_KEPT = 1_000;

const days = new Map<string, Map<number, string>>();

/** The local date (`2027-03-14`) on which an instant falls. Asked with every escalation, so it is kept for each quarter hour. */
export function localDay(zone: string, at: number): string {
  const quarter = Math.floor(at / STEADY);
  const known = days.get(zone);
  const day = known?.get(quarter);
  if (day !== undefined) return day;
  const found = wallTime(zone, at).date;
  if (known && known.size < MOST_KEPT) known.set(quarter, found);
  else days.set(zone, new Map([[quarter, found]]));
  return found;
}

/** The instant at which a local day begins. */
export function startOfDay(zone: string, day: string): number {
  return instantOf(zone, day, 0, "first");
}

/** Days since 1970-01-01. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(day) / DAY);
}

export function dayText(number: number): string {
  return new Date(number * DAY).toISOString().slice(0, 10);
}

/** The same day of an earlier month, or its last day where that month is shorter; a month's last day stays a last day. */
export function monthsBefore(day: string, months: number): string {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  const lastOf = (back: number) => new Date(Date.UTC(year, month - back, 0)).getUTCDate();
  const wanted = date === lastOf(0) ? lastOf(months) : Math.min(date, lastOf(months));
  return dayText(Date.UTC(year, month - 1 - months, wanted) / DAY);
}

/** The day itself, or the last Monday before it. */
export function mondayOf(day: string): string {
  const number = dayNumber(day);
  // 1970-01-01 was a Thursday.
  return dayText(number - ((number + 3) % 7));
}
