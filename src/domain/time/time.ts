/** Durations as people write them (`90s`, `15m`, `4h`, `2d`) and instants as integer milliseconds since 1970 UTC. */
import { z } from "zod";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const UNITS = { s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const;

/** One year: longer than any target, pause or window that makes sense, and far inside what a number can hold. */
const LONGEST = 366 * DAY;

/** Milliseconds of `90s`, `15m`, `4h` or `2d`; undefined for anything else, for zero and for more than a year. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})\s?([smhd])$/.exec(text.trim().toLowerCase());
  if (!match) return undefined;
  const length = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  return length > 0 && length <= LONGEST ? length : undefined;
}

/** The shortest honest way to say a length of time: `45 s`, `1 min 30 s`, `15 min`, `1 h 30 min`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600 && seconds % 60) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}

/** RFC 3339 in UTC with milliseconds, as every time on the wire is written. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}

/** A duration in configuration or in a request; its value is milliseconds. */
export const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue("write a duration such as 90s, 15m, 4h or 2d (at most a year)");
  return z.NEVER;
});
