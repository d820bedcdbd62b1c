/** Every table of the store, described once for all engines. */
import { decisionTables } from "./schema-decisions.ts";
import { deliveryTables } from "./schema-deliveries.ts";
import { reviewTables } from "./schema-reviews.ts";
import type { Words } from "./schema-words.ts";

export type Tables = ReturnType<typeof describeTables>;

/**
 * Columns are named as the database names them, so that a row needs no translation. Ids and JSON are text, instants are
 * integers; no column knows JSON or dates by itself, because such columns halve the speed of every list.
 */
export function describeTables(words: Words) {
  const decided = decisionTables(words);
  const reviewed = reviewTables(words);
  return { ...decided, ...reviewed, ...deliveryTables(words, decided, reviewed) };
}
