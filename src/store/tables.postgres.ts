/** The tables in Postgres's words: 64-bit integers, and text that sorts by its bytes whatever the server's language. */
import { bigint, customType, index, pgTable, uniqueIndex } from "drizzle-orm/pg-core";
import { describeTables } from "./schema.ts";
import type { Words } from "./schema-words.ts";

/** Ids are compared and pages begin below them: with a language's collation their order would be another one. */
const text = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

export const tables = describeTables({
  table: pgTable,
  text: (name?: string) => (name === undefined ? text() : text(name)),
  // Instants are milliseconds: more than 32 bits, and less than the 53 that a number keeps exactly.
  integer: (name?: string) =>
    name === undefined ? bigint({ mode: "number" }) : bigint(name, { mode: "number" }),
  index,
  uniqueIndex,
} as unknown as Words);

// drizzle-kit looks for tables among a module's exports, and for nothing inside them.
export const { agents, charters, keys, escalations, decisions, approvals, holds, hold_versions, absences } =
  tables;
export const { copies, callbacks, jobs, paces, counters, answers, tallies, audit, notes } = tables;
export const { daily_counts, digests, inspections } = tables;
