/** Tables of what is looked back on: counts per day, digests, and the inspections that people signed. */
import type { Words } from "./schema-words.ts";

export function reviewTables({ table, text, integer, index, uniqueIndex }: Words) {
  /**
   * What digests count, added up in the step that it happens in: a digest of a week reads a few hundred rows, whatever the
   * history. `day` is the local date in the charter's time zone, `what` is one of `COUNTED`, `of` narrows it (or is empty).
   */
  const daily_counts = table(
    "daily_counts",
    {
      agent: text().notNull(),
      day: text().notNull(),
      what: text().notNull(),
      trigger: text().notNull(),
      of: text().notNull(),
      n: integer().notNull(),
    },
    (t) => [uniqueIndex("daily_counts_key").on(t.agent, t.day, t.what, t.trigger, t.of)],
  );

  /** One row per schedule and local date, whoever made it: the second one is refused. */
  const digests = table(
    "digests",
    {
      id: text().primaryKey().notNull(),
      kind: text().notNull(),
      schedule: text().notNull(),
      date: text().notNull(),
      created_at: integer().notNull(),
      /** Why it was not sent; null for one that was. */
      skipped: text(),
      body: text().notNull(),
    },
    (t) => [uniqueIndex("digests_once").on(t.schedule, t.date), index("digests_kind").on(t.kind, t.id)],
  );

  /** Who looked at what: a digest is signed once for each agent in it. */
  const inspections = table(
    "inspections",
    {
      id: text().primaryKey().notNull(),
      digest: text()
        .notNull()
        .references(() => digests.id),
      kind: text().notNull(),
      agent: text().notNull(),
      charter_version: integer().notNull(),
      by_id: text().notNull(),
      by_name: text().notNull(),
      at: integer().notNull(),
      looked_at: text().notNull(),
      note: text(),
    },
    (t) => [
      uniqueIndex("inspections_once").on(t.digest, t.agent),
      index("inspections_latest").on(t.agent, t.kind, t.at),
    ],
  );

  return { daily_counts, digests, inspections };
}
