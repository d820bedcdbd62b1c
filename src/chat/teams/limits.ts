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
  /** People whose clients ask by themselves for a view of their own ("Work with Universal Actions for Adaptive Cards"). */
  ownViews: 60,
  summary: 1_000,
} as const;

/** As Teams counts: UTF-16, which is what JSON is in there. */
export function bytesOf(content: unknown): number {
  return JSON.stringify(content).length * 2;
}

/**
 * How often one conversation is written to. Microsoft counts 7 calls in any second, 8 in 2 s, 60 in 30 s and 1,800 in an hour
 * ("Rate limiting for bots"). With a burst of b and one call every T, n calls in a row lie at least (n - b) × T apart, so
 *
 *     the 8th call after the 1st:      (8 - 5) × 600 ms     =      1.8 s   beyond     1 s
 *     the 9th:                         (9 - 5) × 600 ms     =      2.4 s   beyond     2 s
 *     the 61st:                        (61 - 5) × 600 ms    =     33.6 s   beyond    30 s
 *     the 1,801st:                     (1,801 - 900) × 4 s  =  3,604   s   beyond 3,600 s
 *
 * and what each is beyond is room for calls that travel for longer than the next one, and for clocks that are apart.
 */
export const CONVERSATION_RATES = [
  { everyMs: 600, burst: 5 },
  { everyMs: 4_000, burst: 900 },
] as const;

/** "30 RPS per app per tenant"; newer pages say 50. The 31st call: (31 - 10) × 50 ms = 1.05 s. */
export const TENANT_RATE = { everyMs: 50, burst: 10 } as const;
