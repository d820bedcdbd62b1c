/** The review rhythm of a charter: what its words mean, whom each digest is for, and when the next one is due. */
import type { Agent } from "../agent.ts";
import type { Charter } from "../charter/charter.ts";
import type { PersonId } from "../ids.ts";
import type { FieldProblem } from "../refusal.ts";
import { no, type Result, yes } from "../result.ts";
import { dayNumber, dayText, localDay } from "../time/local-day.ts";
import { DAY, HOUR, MINUTE } from "../time/time.ts";
import { instantOf } from "../time/zoned-time.ts";
import { DIGEST_KINDS, type DigestKind, type Reader } from "./digest.ts";

/** A cron expression, read: each field as the numbers it stands for; `L` is the last day of a month, Sunday is 0. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly (number | string)[];
  readonly months: readonly number[];
  readonly weekdays: readonly (number | string)[];
}

/** Reads a cron expression of five fields, or says in words what is wrong with it. */
export type ReadCron = (expression: string) => Result<CronFields, string>;

/** One time of day on some days. */
export interface Rhythm {
  /** As it is written, in one way for all that mean the same: part of what a schedule is known by. */
  readonly words: string;
  /** Milliseconds after midnight, as the clock shows it. */
  readonly timeOfDay: number;
  readonly fields: Pick<CronFields, "days" | "months" | "weekdays">;
}

/** A digest that comes again and again: one for all agents whose charters name the same reader, zone and rhythm. */
export interface Schedule {
  /** Such as `daily:person:sarah:Europe/London:09:00`. */
  readonly key: string;
  readonly kind: DigestKind;
  readonly reader: Reader;
  readonly zone: string;
  readonly rhythm: Rhythm;
}

export interface Occurrence {
  /** The local date by which a digest is made once. */
  readonly date: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

const EXAMPLES: Readonly<Record<DigestKind, string>> = {
  daily: "09:00",
  weekly: "Mon 10:00",
  monthly: "1 10:00 or last 10:00",
  quarterly: "1 10:00 for the first day of the quarter",
};

/** What a charter's words mean: a time with a day, as people write it, or a cron expression that names one time of day. */
export function readRhythm(kind: DigestKind, words: string, readCron: ReadCron): Result<Rhythm, string> {
  const text = words.trim().replace(/\s+/g, " ");
  const friendly = asCron(kind, text);
  const read = readCron(friendly?.cron ?? text);
  const how = `write ${EXAMPLES[kind]}, or a cron expression of five fields`;
  if (!read.ok) return no(`${how} (${read.no})`);
  const { minutes, hours, days, months, weekdays } = read.value;
  const [minute, hour] = [minutes[0], hours[0]];
  if (minute === undefined || hour === undefined || minutes.length > 1 || hours.length > 1)
    return no("name one time of day: one minute and one hour");
  if (![...days, ...weekdays].every((one) => typeof one === "number" || one === "L"))
    return no(`${how}; of the letters in it, only L for the last day of a month is understood`);
  const timeOfDay = hour * HOUR + minute * MINUTE;
  const rhythm = { words: friendly?.words ?? text, timeOfDay, fields: { days, months, weekdays } };
  return findDay(rhythm, dayNumber("2000-01-01"), 1) === undefined ? no("this day never comes") : yes(rhythm);
}

/** `Mon 10:00` as cron and in the one way in which it is kept; undefined for what is no day and time. */
function asCron(
  kind: DigestKind,
  text: string,
): { readonly cron: string; readonly words: string } | undefined {
  const [, on = "", hour, minute] = /^(?:(\S+) )?(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  const clock = `${Number(minute)} ${Number(hour)}`;
  const time = `${hour.padStart(2, "0")}:${minute}`;
  switch (kind) {
    case "daily":
      return on ? undefined : { cron: `${clock} * * *`, words: time };
    case "weekly": {
      const day = WEEKDAYS.findIndex((name) => on.slice(0, 3).toLowerCase() === name.toLowerCase());
      const isName = /^(sun|mon|tues|wednes|thurs|fri|satur)day$|^[a-z]{3}$/i.test(on);
      return day < 0 || !isName
        ? undefined
        : { cron: `${clock} * * ${day}`, words: `${WEEKDAYS[day]} ${time}` };
    }
    case "monthly":
    case "quarterly": {
      const last = on.toLowerCase() === "last";
      // Later days do not come in every month.
      if (!last && !(/^\d{1,2}$/.test(on) && Number(on) <= 28)) return undefined;
      const months = kind === "monthly" ? "*" : last ? "3,6,9,12" : "1,4,7,10";
      return {
        cron: `${clock} ${last ? "L" : Number(on)} ${months} *`,
        words: `${last ? "last" : Number(on)} ${time}`,
      };
    }
  }
}

/** What cannot be read in a charter's review part, by the field it stands in. */
export function reviewProblems(charter: Charter, readCron: ReadCron): readonly FieldProblem[] {
  return DIGEST_KINDS.flatMap((kind) => {
    const words = charter.review[kind];
    const read = words === undefined ? undefined : readRhythm(kind, words, readCron);
    return !read || read.ok ? [] : [{ pointer: `/review/${kind}`, detail: read.no }];
  });
}

/**
 * The digests that an agent is part of: the daily one goes to its owner, the others to the review channel and, without one,
 * to the owner as well. Words that this build cannot read were accepted by none: they make no schedule.
 */
export function schedulesOf({ charter }: Pick<Agent, "charter">, readCron: ReadCron): readonly Schedule[] {
  const { review, ownership } = charter;
  const owner: Reader = { kind: "person", id: ownership.owner as PersonId };
  const channel: Reader = review.channel ? { kind: "channel", channel: review.channel } : owner;
  return DIGEST_KINDS.flatMap((kind) => {
    const words = review[kind];
    const read = words === undefined ? undefined : readRhythm(kind, words, readCron);
    if (!read?.ok) return [];
    const reader = kind === "daily" ? owner : channel;
    const zone = review.timezone;
    const key = `${kind}:${readerKey(reader)}:${zone}:${read.value.words}`;
    return [{ key, kind, reader, zone, rhythm: read.value }];
  });
}

export function readerKey(reader: Reader): string {
  return reader.kind === "person" ? `person:${reader.id}` : `channel:${reader.channel}`;
}

/** The first occurrence after an instant. */
export function nextOccurrence(
  { rhythm, zone }: Pick<Schedule, "rhythm" | "zone">,
  after: number,
): Occurrence {
  // The day before as well: a time in a gap comes as late as the next day where a zone has left a day out.
  let number = dayNumber(localDay(zone, after)) - 1;
  for (;;) {
    number = dayOrThrow(rhythm, number, 1);
    const occurrence = occurrenceOn(rhythm, zone, number);
    if (occurrence.at > after) return occurrence;
    number += 1;
  }
}

/** The last occurrence at or before an instant. */
export function latestOccurrence(
  { rhythm, zone }: Pick<Schedule, "rhythm" | "zone">,
  at: number,
): Occurrence {
  let number = dayNumber(localDay(zone, at)) + 1;
  for (;;) {
    number = dayOrThrow(rhythm, number, -1);
    const occurrence = occurrenceOn(rhythm, zone, number);
    if (occurrence.at <= at) return occurrence;
    number -= 1;
  }
}

function occurrenceOn({ timeOfDay }: Rhythm, zone: string, number: number): Occurrence {
  const date = dayText(number);
  return { date, at: instantOf(zone, date, timeOfDay, "first") };
}

/** The calendar repeats itself within 400 years; every rhythm that is ever met comes within 40, leap years included. */
const FARTHEST = 40 * 366;

function dayOrThrow(rhythm: Rhythm, from: number, step: 1 | -1): number {
  const day = findDay(rhythm, from, step);
  if (day === undefined) throw new Error(`the schedule “${rhythm.words}” never comes`);
  return day;
}

/** The first day from a number on, in either direction, that the fields name: all three of them have to. */
function findDay({ fields }: Rhythm, from: number, step: 1 | -1): number | undefined {
  for (let number = from; Math.abs(number - from) <= FARTHEST; number += step) {
    const date = new Date(number * DAY);
    const isLast = new Date((number + 1) * DAY).getUTCDate() === 1;
    const named = fields.days.includes(date.getUTCDate()) || (isLast && fields.days.includes("L"));
    if (!named || !fields.months.includes(date.getUTCMonth() + 1)) continue;
    if (fields.weekdays.includes(date.getUTCDay())) return number;
  }
  return undefined;
}
