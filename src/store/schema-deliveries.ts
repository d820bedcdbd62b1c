/** Tables of what follows from a step: copies of cards, callbacks, jobs, answers, and the audit trail. */
import { sql } from "drizzle-orm";
import type { decisionTables } from "./schema-decisions.ts";
import type { reviewTables } from "./schema-reviews.ts";
import type { Words } from "./schema-words.ts";

export function deliveryTables(
  { table, text, integer, index, uniqueIndex }: Words,
  { escalations }: Pick<ReturnType<typeof decisionTables>, "escalations">,
  { digests }: Pick<ReturnType<typeof reviewTables>, "digests">,
) {
  /**
   * `ref` is canonical JSON, so that the same message is the same text. A copy shows an escalation or a digest; the card of
   * a queue shows neither, but the copies that name it in `queue`.
   */
  const copies = table(
    "copies",
    {
      id: text().primaryKey().notNull(),
      escalation: text().references(() => escalations.id),
      digest: text().references(() => digests.id),
      queue: text(),
      part: text().notNull(),
      platform: text().notNull(),
      address_kind: text().notNull(),
      address_id: text().notNull(),
      state: text().notNull(),
      ref: text(),
      attempts: integer().notNull(),
      attempted_at: integer(),
      uncertain_since: integer(),
      drawn: text(),
      error: text(),
      created_at: integer().notNull(),
    },
    (t) => [
      index("copies_escalation").on(t.escalation).where(sql`"escalation" is not null`),
      index("copies_digest").on(t.digest).where(sql`"digest" is not null`),
      index("copies_queue").on(t.queue).where(sql`"queue" is not null`),
      // Cards that wait for their turn at an address, and what went there lately.
      index("copies_wanted")
        .on(t.platform, t.address_id, t.created_at)
        .where(sql`"state" = 'wanted' and "queue" is null`),
      index("copies_attempted")
        .on(t.platform, t.address_id, t.attempted_at)
        .where(sql`"attempted_at" is not null`),
      index("copies_ref").on(t.platform, t.ref).where(sql`"ref" is not null`),
    ],
  );

  const callbacks = table(
    "callbacks",
    {
      id: text().primaryKey().notNull(),
      agent: text().notNull(),
      escalation: text(),
      type: text().notNull(),
      url: text().notNull(),
      body: text().notNull(),
      state: text().notNull(),
      attempts: integer().notNull(),
      last_error: text(),
      created_at: integer().notNull(),
      started_at: integer().notNull(),
      delivered_at: integer(),
    },
    (t) => [
      index("callbacks_escalation").on(t.escalation).where(sql`"escalation" is not null`),
      index("callbacks_state").on(t.state, t.id),
    ],
  );

  /**
   * `ready_at` is when the job may be claimed: when it falls due or, while `owner` has it, when the lease ends: one column,
   * so that one index answers the claim. `again_at`: put again while it ran.
   */
  const jobs = table(
    "jobs",
    {
      key: text().primaryKey().notNull(),
      kind: text().notNull(),
      ref: text().notNull(),
      due_at: integer().notNull(),
      ready_at: integer().notNull(),
      attempts: integer().notNull(),
      fence: integer().notNull(),
      error: text(),
      owner: text(),
      again_at: integer(),
    },
    (t) => [index("jobs_ready").on(t.ready_at)],
  );

  /** When the next call under a rate may go out, in milliseconds since 1970: shared by all replicas, kept over a restart. */
  const paces = table("paces", {
    key: text().primaryKey().notNull(),
    free_at: integer().notNull(),
  });

  const counters = table("counters", {
    name: text().primaryKey().notNull(),
    value: integer().notNull(),
  });

  const answers = table(
    "answers",
    {
      scope: text().notNull(),
      key: text().notNull(),
      body_hash: text().notNull(),
      status: integer().notNull(),
      body: text().notNull(),
      at: integer().notNull(),
    },
    (t) => [
      // The key first: those that senders make are mostly in the order of time, and then the index grows at its end.
      uniqueIndex("answers_key").on(t.key, t.scope),
      index("answers_at").on(t.at),
    ],
  );

  const tallies = table(
    "tallies",
    {
      agent: text().notNull(),
      what: text().notNull(),
      subject: text().notNull(),
      at: integer().notNull(),
    },
    (t) => [
      index("tallies_count").on(t.agent, t.what, t.subject, t.at),
      // What is forgotten first stands first.
      index("tallies_at").on(t.at),
    ],
  );

  /** Append-only: triggers refuse every change and every gap. */
  const audit = table(
    "audit",
    {
      seq: integer().primaryKey().notNull(),
      at: integer().notNull(),
      kind: text().notNull(),
      actor: text().notNull(),
      agent: text(),
      escalation: text(),
      detail: text(),
      hash: text().notNull(),
    },
    (t) => [index("audit_escalation").on(t.escalation, t.seq).where(sql`"escalation" is not null`)],
  );

  const notes = table(
    "notes",
    {
      key: text().primaryKey().notNull(),
      value: text().notNull(),
      /** From when on it may be forgotten; null: it is kept until it is deleted. */
      until: integer(),
    },
    (t) => [index("notes_until").on(t.until).where(sql`"until" is not null`)],
  );

  return { copies, callbacks, jobs, paces, counters, answers, tallies, audit, notes };
}
