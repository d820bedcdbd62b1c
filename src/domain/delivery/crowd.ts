/** When requests to one address become one card: how many are a crowd, and how long a queue card may be joined. */

import type { Severity } from "../charter/severity.ts";
import type { CopyId } from "../ids.ts";
import { MINUTE, SECOND } from "../time/time.ts";
import type { Copy } from "./copy.ts";

/** "Five or more for one person in 60 s": so many others within this long make a crowd of the next one. */
export const CROWD = { others: 4, within: 60 * SECOND } as const;

/**
 * Whoever gets two cards within a second reads neither. Some platforms take no more to one channel; kept on all of them, it
 * makes of a burst one card and then one queue card, also where six messages a second would be taken.
 */
export const APART = 1 * SECOND;

/** Of so many at once, the one that has just been posted included, those that wait share a card; a pair stays two cards. */
export const FEW = 2;

/**
 * A card that is changed rings nobody: so long after its post may a request be put on it in silence, against the time that
 * people have to answer. Critical requests never share a card.
 */
export const JOINS_FOR: Readonly<Record<Severity, number>> = {
  low: 10 * MINUTE,
  medium: 10 * MINUTE,
  high: 1 * MINUTE,
  critical: 0,
};

/** The longest of them: an older queue card takes nothing more. */
export const LONGEST_JOIN = 10 * MINUTE;

/** Rows of one queue card: as many as can still be read, and drawn, together. */
export const MOST_ROWS = 100;

/** Rows that join a card which stands are drawn together, this often: updates are few, and decisions need them too. */
const JOINS_DRAWN_EVERY = 5 * SECOND;

/** The same instant for everything that joins within the same seconds: a crowd that does not end can't put it off for ever. */
export function nextDrawing(now: number): number {
  return now - (now % JOINS_DRAWN_EVERY) + JOINS_DRAWN_EVERY;
}

/** Whether a request may be put on a card that waits for its post, or was posted a while ago. */
export function isJoinable(card: Copy, severity: Severity, now: number): boolean {
  if (severity === "critical" || card.uncertainSince !== null) return false;
  if (card.state === "wanted") return true;
  const stands = card.state === "posting" || card.state === "shown";
  return stands && card.attemptedAt !== null && card.attemptedAt > now - JOINS_FOR[severity];
}

/**
 * One reminder for all rows of a queue card that have the same time to answer: they came within minutes of each other, so
 * the first whose reminder falls due speaks for the others. Its id says so, and makes twice once.
 * @param part `nudge.<stage>.<round>.<n>`
 * @param within milliseconds that the stage has
 */
export function queueNudge(queue: CopyId, part: string, within: number): CopyId {
  return `${queue}.${part}.${within}` as CopyId;
}
