/** The tables in SQLite's words: ordinary rowid tables, because a fat row inside a key's tree is slower by a third. */
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { describeTables } from "./schema.ts";

export const tables = describeTables({ table: sqliteTable, text, integer, index, uniqueIndex });

// drizzle-kit looks for tables among a module's exports, and for nothing inside them.
export const { agents, charters, keys, escalations, decisions, approvals, holds, hold_versions, absences } =
  tables;
export const { copies, callbacks, jobs, paces, counters, answers, tallies, audit, notes } = tables;
export const { daily_counts, digests, inspections } = tables;
