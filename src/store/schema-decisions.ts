/** Tables of what is decided: agents and their charters, escalations, decisions, holds. */
import { sql } from "drizzle-orm";
import type { Words } from "./schema-words.ts";

export function decisionTables({ table, text, integer, index, uniqueIndex }: Words) {
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
      /** The request's `group`: what is like it may share a card with it. */
      alike: text(),
      request: text().notNull(),
      body: text().notNull(),
    },
    (t) => [
      index("escalations_status").on(t.status, t.id),
      // An index that begins with the agent costs every accept a page of its own on the disk: so there is one for all questions
      // about what is open, and an agent's past gets its index when it becomes the past.
      // With the id at its end, or the planner prefers an index in the order of the answer and walks all that is open.
      index("escalations_open").on(t.agent, t.trigger, t.id).where(sql`"status" = 'open'`),
      index("escalations_past").on(t.agent, t.id).where(sql`"status" <> 'open'`),
      index("escalations_settled").on(t.agent, t.settled_at).where(sql`"settled_at" is not null`),
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

  /** Who stands in for whom, and when; kept for good, because a frozen chain may come of it. */
  const absences = table(
    "absences",
    {
      id: text().primaryKey().notNull(),
      person: text().notNull(),
      deputy: text().notNull(),
      from_at: integer().notNull(),
      until_at: integer().notNull(),
      said_by: text().notNull(),
      said_at: integer().notNull(),
      ended_at: integer(),
    },
    (t) => [index("absences_standing").on(t.until_at).where(sql`"ended_at" is null`)],
  );

  return { agents, charters, keys, escalations, decisions, approvals, holds, hold_versions, absences };
}
