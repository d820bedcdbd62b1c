/** What Teams takes, in one table: every renderer and every call cuts by it. */

/** Sources: learn.microsoft.com, "Cards reference", "Rate limiting for bots" and "Send proactive messages". */
export const LIMITS = {
  /** Cards of bots: nothing newer is drawn on phones. */
  cardVersion: "1.5",
  /** Bytes of UTF-16. Teams takes about 100 KB in a bot's message, and less elsewhere: we stop well before. */
  cardBytes: 24 * 1024,
  /** One paragraph, quote or listing, in UTF-16 units. */
  passage: 3_000,
  /** Lines of one quote or listing, items of one list, rows of one table, facts of one block. */
  lines: 40,
  heading: 150,
  label: 200,
  /** Teams shows six actions in a row of buttons. */
  actionsInRow: 6,
  url: 2_048,
  inputText: 3_000,
  fields: 40,
  summary: 1_000,
} as const;

interface Window {
  readonly most: number;
  readonly ms: number;
}

/**
 * What goes out to one conversation in any window of time: under the documented 7/1 s, 8/2 s, 60/30 s and 1,800/3,600 s, because
 * our clock and Microsoft's do not tick together.
 */
export const CONVERSATION_RATE: readonly Window[] = [
  { most: 6, ms: 1_000 },
  { most: 7, ms: 2_000 },
  { most: 55, ms: 30_000 },
  { most: 1_700, ms: 3_600_000 },
];

/** "30 RPS per app per tenant". */
export const TENANT_RATE: readonly Window[] = [{ most: 25, ms: 1_000 }];
