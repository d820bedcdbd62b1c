/** Every table of the store, described once; each engine hands in its own words for a table, a text and an integer. */
import { sql } from "drizzle-orm";
import type { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * An engine's words. Their types are written as one engine's have them: the others have the same shape, and cast once.
 * `integer` is 64 bits wide, because instants are milliseconds since 1970.
 */
export interface Words {
  readonly table: typeof sqliteTable;
  readonly text: typeof text;
  readonly integer: typeof integer;
  readonly index: typeof index;
  readonly uniqueIndex: typeof uniqueIndex;
}

export type Tables = ReturnType<typeof describeTables>;

/**
 * Columns are named as the database names them, so that a row needs no translation. Ids and JSON are text, instants are
 * integers; no column knows JSON or dates by itself, because such columns halve the speed of every list.
 */
export function describeTables({ table, text, integer, index, uniqueIndex }: Words) {
  const agents = table("agents", {
    id: text().primaryKey().notNull(),
    name: text().notNull(),
    environment: text().notNull(),
    callback_url: text(),
    charter_version: integer().notNull(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
  });

  /** Every version of every charter, kept for good: an escalation says under which one it was opened. */
  const charters = table(
    "charters",
    {
      agent: text()
        .notNull()
        .references(() => agents.id),
      version: integer().notNull(),
      by_id: text().notNull(),
      by_name: text().notNull(),
      at: integer().notNull(),
      charter: text().notNull(),
    },
    (t) => [uniqueIndex("charters_version").on(t.agent, t.version)],
  );

  const keys = table(
    "keys",
    {
      id: text().primaryKey().notNull(),
      agent: text(),
      hash: text().notNull(),
      signing_secret: text(),
      created_at: integer().notNull(),
      revoked_at: integer(),
    },
    (t) => [
      uniqueIndex("keys_hash").on(t.hash),
      index("keys_live").on(t.agent, t.created_at).where(sql`"revoked_at" is null`),
    ],
  );

  /** `request` is what the agent sent and never changes; `body` is all the rest that no query asks about. */
  const escalations = table(
    "escalations",
    {
      id: text().primaryKey().notNull(),
      revision: integer().notNull(),
      agent: text().notNull(),
      charter_version: integer().notNull(),
      status: text().notNull(),
      trigger: text().notNull(),
      severity: text().notNull(),
      rule: text(),
      created_at: integer().notNull(),
      due_at: integer().notNull(),
      settled_at: integer(),
      request: text().notNull(),
      body: text().notNull(),
    },
    (t) => [
      index("escalations_status").on(t.status, t.id),
      index("escalations_agent").on(t.agent, t.id),
      // With the id at its end, or the planner prefers an index in the order of the answer and walks an agent's whole past.
      index("escalations_open").on(t.agent, t.trigger, t.id).where(sql`"status" = 'open'`),
      index("escalations_rule").on(t.agent, t.trigger, t.rule, t.created_at).where(sql`"rule" is not null`),
    ],
  );

  /** The decisions, one row each: the primary key makes a second one for the same escalation impossible. */
  const decisions = table("decisions", {
    escalation: text()
      .primaryKey()
      .notNull()
      .references(() => escalations.id),
    verdict: text().notNull(),
    by_id: text().notNull(),
    at: integer().notNull(),
    decision: text().notNull(),
  });

  /** Every approval that was ever counted, also one that an edit made void later. */
  const approvals = table(
    "approvals",
    {
      escalation: text()
        .notNull()
        .references(() => escalations.id),
      by_id: text().notNull(),
      at: integer().notNull(),
      digest: text(),
      approval: text().notNull(),
    },
    (t) => [uniqueIndex("approvals_once").on(t.escalation, t.by_id, t.at)],
  );

  const holds = table(
    "holds",
    {
      id: text().primaryKey().notNull(),
      agent: text().notNull(),
      scope: text().notNull(),
      reason: text().notNull(),
      placed_by: text().notNull(),
      placed_at: integer().notNull(),
      until: integer(),
      escalation: text(),
      confirmed_at: integer(),
      released_at: integer(),
      released_by: text(),
    },
    (t) => [index("holds_active").on(t.agent, t.placed_at, t.id).where(sql`"released_at" is null`)],
  );

  /** How often the holds of an agent changed; the fleet's count stands under `all` and is added to every agent's. */
  const hold_versions = table("hold_versions", {
    agent: text().primaryKey().notNull(),
    version: integer().notNull(),
  });

  /** `ref` is canonical JSON, so that the same message is the same text. */
  const copies = table(
    "copies",
    {
      id: text().primaryKey().notNull(),
      escalation: text()
        .notNull()
        .references(() => escalations.id),
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
      index("copies_escalation").on(t.escalation),
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
    (t) => [uniqueIndex("answers_key").on(t.scope, t.key), index("answers_at").on(t.at)],
  );

  const tallies = table(
    "tallies",
    {
      agent: text().notNull(),
      what: text().notNull(),
      subject: text().notNull(),
      at: integer().notNull(),
    },
    (t) => [index("tallies_count").on(t.agent, t.what, t.subject, t.at)],
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

  const notes = table("notes", {
    key: text().primaryKey().notNull(),
    value: text().notNull(),
  });

  return {
    ...{ agents, charters, keys, escalations, decisions, approvals, holds, hold_versions, copies, callbacks },
    ...{ jobs, counters, answers, tallies, audit, notes },
  };
}
