/** Days and times as people write them in a command (`Friday`, `27 Nov 14:00`, `tomorrow`, `3d`), and as they are said back. */
import { HOUR, MINUTE, parseDuration } from "./time.ts";
import { instantOf, nextDate, WEEKDAYS, wallTime, weekdayOfDate } from "./zoned-time.ts";

/** What `parseWhen` understands, for whoever wrote something else. */
export const WHEN_EXAMPLES = "Friday, tomorrow, 27 Nov, 2026-11-27, 14:00, Friday 14:00 or 3d";

const DAY_NAMES = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS = [
  ...["january", "february", "march", "april", "may", "june"],
  ...["july", "august", "september", "october", "november", "december"],
];
/** Which name of a list begins with a word of three letters or more; -1 for none. */
const named = (list: readonly string[], word: string) =>
  word.length < 3 ? -1 : list.findIndex((name) => name.startsWith(word));

/**
 * The instant that words mean to somebody in a zone, always after `now`; undefined for what is not understood, and for a
 * date that is over. A day alone means its beginning. A weekday is the next one; today's name means the one in a week.
 */
export function parseWhen(words: string, zone: string, now: number): number | undefined {
  const text = words
    .trim()
    .toLowerCase()
    .replace(/[,.]/g, " ")
    .replace(/\s+(?:at\s+)?/g, " ")
    .trim();
  const length = parseDuration(text);
  if (length !== undefined) return now + length;
  const { day, time } = split(text);
  const today = wallTime(zone, now).date;
  if (time === undefined && day === undefined) return undefined;
  const date = day === undefined ? today : parseDay(day, today);
  if (date === undefined) return undefined;
  const at = instantOf(zone, date, time ?? 0, "first");
  // A time of day that is over today is tomorrow's.
  if (day === undefined && at <= now) return instantOf(zone, nextDate(today), time ?? 0, "first");
  return at > now ? at : undefined;
}

/** Splits `friday 2pm` into its day and its time; either may be missing, and what is no time belongs to the day. */
function split(text: string): { readonly day: string | undefined; readonly time: number | undefined } {
  const [, before = "", hours = "", minutes = "0", half] =
    /^(|.* )(\d{1,2})(?::(\d{2}))? ?(am|pm)?$/.exec(text) ?? [];
  const colon = /:\d{2} ?(?:am|pm)?$/.test(text);
  const hour = Number(hours);
  if (hours === "" || (!colon && half === undefined)) return { day: text || undefined, time: undefined };
  const late = half === "pm" ? 12 : 0;
  const counted = half === undefined ? hour : (hour % 12) + late;
  const known = half === undefined ? hour < 24 : hour >= 1 && hour <= 12;
  if (!known || Number(minutes) > 59) return { day: text, time: undefined };
  return { day: before.trim() || undefined, time: counted * HOUR + Number(minutes) * MINUTE };
}

function parseDay(day: string, today: string): string | undefined {
  if (day === "today") return today;
  if (day === "tomorrow") return nextDate(today);
  const weekday = named(DAY_NAMES, day);
  if (weekday >= 0) {
    const ahead = (weekday - WEEKDAYS.indexOf(weekdayOfDate(today)) + 7) % 7;
    return nextDate(today, ahead || 7);
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(day)) return existing(day);
  const [, first, month = "", last, year] =
    /^(?:(\d{1,2})(?:st|nd|rd|th)? )?([a-z]{3,9})(?: (\d{1,2})(?:st|nd|rd|th)?)?(?: (\d{4}))?$/.exec(day) ??
    [];
  const number = first ?? last;
  const at = named(MONTHS, month);
  if (number === undefined || (first !== undefined && last !== undefined) || at < 0) return undefined;
  const dated = (of: number) =>
    existing(`${of}-${String(at + 1).padStart(2, "0")}-${number.padStart(2, "0")}`);
  if (year !== undefined) return dated(Number(year));
  const thisYear = Number(today.slice(0, 4));
  // Without a year it is the next such day; 29 February may be years away.
  const years = Array.from({ length: 9 }, (_, more) => thisYear + more);
  return years.map(dated).find((date) => date !== undefined && date >= today);
}

/** The date, where the calendar has it. */
function existing(date: string): string | undefined {
  const at = Date.parse(date);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date ? undefined : date;
}

/** `Friday 27 November, 00:00 Europe/London`; with the year where it is another one than `now`'s. */
export function sayWhen(at: number, zone: string, now: number): string {
  const year = (instant: number) => wallTime(zone, instant).date.slice(0, 4);
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone: zone, weekday: "long", day: "numeric", month: "long" },
    ...(year(at) === year(now) ? {} : { year: "numeric" }),
  });
  const { timeOfDay } = wallTime(zone, at);
  const two = (part: number) => String(part).padStart(2, "0");
  const clock = `${two(Math.floor(timeOfDay / HOUR))}:${two(Math.floor((timeOfDay % HOUR) / MINUTE))}`;
  return `${parts.format(at).replace(",", "")}, ${clock} ${zone}`;
}
