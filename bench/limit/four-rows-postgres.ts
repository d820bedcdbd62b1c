/** The four rows on Postgres, by `pg` itself: what comes in one turn of the loop, and while the last commit is waited for, is one transaction. */
import pg from "pg";
import type { Kept } from "./four-rows.ts";

/** As many as Holdpoint puts into one transaction, which other replicas wait for. */
const MOST_TOGETHER = 100;
/** Writers of all replicas take turns, for the audit trail; so do these. */
const TURN = "select pg_advisory_xact_lock(1)";

const TABLES = `
  create table if not exists limit_escalations (id text primary key, agent text not null, trigger text not null,
    status text not null, created_at bigint not null, due_at bigint not null, body text not null);
  create index if not exists limit_open on limit_escalations (agent, trigger, id) where status = 'open';
  create index if not exists limit_due on limit_escalations (due_at) where status = 'open';
  create table if not exists limit_holds (id text primary key, agent text not null, scope text not null,
    escalation text not null, placed_at bigint not null, released_at bigint);
  create index if not exists limit_active on limit_holds (agent, placed_at) where released_at is null;
  create table if not exists limit_jobs (key text primary key, ready_at bigint not null);
  create index if not exists limit_ready on limit_jobs (ready_at);
  create table if not exists limit_audit (seq bigserial primary key, at bigint not null, kind text not null,
    agent text not null, escalation text not null);
`;

const INSERTS = [
  "insert into limit_escalations values ($1, $2, $3, 'open', $4, $5, $6)",
  "insert into limit_holds values ($1, $2, 'action', $3, $4, null)",
  "insert into limit_jobs values ($1, $2)",
  "insert into limit_audit (at, kind, agent, escalation) values ($1, 'escalation.opened', $2, $3)",
] as const;

/** @param url of a database that is there. Answers once the tables are. */
export async function fourRowsOnPostgres(url: string): Promise<(kept: Kept, saved: () => void) => void> {
  // Statements of a transaction travel together, as ours do.
  const client = new pg.Client({ connectionString: url, pipeline: true } as pg.ClientConfig);
  await client.connect();
  await client.query(TABLES);
  let waiting: { readonly kept: Kept; readonly saved: () => void }[] = [];
  let working = false;

  async function work(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const group = waiting.slice(0, MOST_TOGETHER);
      waiting = waiting.slice(MOST_TOGETHER);
      const sent = [client.query("begin"), client.query(TURN)];
      for (const { kept } of group) {
        const { id, agent, trigger, now, dueAt, body } = kept;
        const values = [
          [id, agent, trigger, now, dueAt, body],
          [`hold_${id}`, agent, id, now],
          [`publish ${id}`, now],
          [now, agent, id],
        ];
        for (const [at, text] of INSERTS.entries())
          sent.push(client.query({ name: `insert-${at}`, text, values: values[at] }));
      }
      sent.push(client.query("commit"));
      await Promise.all(sent);
      for (const { saved } of group) saved();
    }
    working = false;
  }

  return (kept, saved) => {
    waiting.push({ kept, saved });
    if (working) return;
    working = true;
    void work();
  };
}
