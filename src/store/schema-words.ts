/** The words in which tables are described: each engine hands in its own. */
import type { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * Their types are written as one engine's have them: the others have the same shape, and cast once. `integer` is 64 bits
 * wide, because instants are milliseconds since 1970.
 */
export interface Words {
  readonly table: typeof sqliteTable;
  readonly text: typeof text;
  readonly integer: typeof integer;
  readonly index: typeof index;
  readonly uniqueIndex: typeof uniqueIndex;
}
