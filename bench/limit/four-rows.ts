/** The least that one escalation leaves on disk: itself, its hold, what is to be done next, and a line of the audit trail. */
import Database from "better-sqlite3";

export interface Kept {
  readonly id: string;
  readonly agent: string;
  readonly trigger: string;
  readonly now: number;
  readonly dueAt: number;
  readonly body: string;
}

export interface FourRows {
  begin(): void;
  write(kept: Kept): void;
  /** The rows of a decision about it. */
  decide(id: string, now: number): void;
  commit(): void;
}

const TABLES = `
  create table escalations (id text unique not null, agent text not null, trigger text not null, status text not null,
    created_at integer not null, due_at integer not null, body text not null);
  create index escalations_open on escalations (agent, trigger, id) where status = 'open';
  create index escalations_due on escalations (due_at) where status = 'open';
  create table holds (id text unique not null, agent text not null, scope text not null, escalation text not null,
    placed_at integer not null, released_at integer);
  create index holds_active on holds (agent, placed_at) where released_at is null;
  create table jobs (key text unique not null, ready_at integer not null);
  create index jobs_ready on jobs (ready_at);
  create table audit (seq integer primary key, at integer not null, kind text not null, agent text not null,
    escalation text not null);
`;

/** Prepared statements on a database of its own, written through to the disk at each commit. */
export function fourRows(path: string): FourRows {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  const synchronous = database.pragma("synchronous", { simple: true });
  if (synchronous !== 2) throw new Error(`synchronous is ${String(synchronous)}, not FULL`);
  database.exec(TABLES);
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  const escalation = database.prepare("insert into escalations values (?, ?, ?, 'open', ?, ?, ?)");
  const hold = database.prepare("insert into holds values (?, ?, 'action', ?, ?, null)");
  const job = database.prepare("insert into jobs values (?, ?)");
  const line = database.prepare(
    "insert into audit (at, kind, agent, escalation) values (?, 'escalation.opened', ?, ?)",
  );
  const settle = database.prepare("update escalations set status = 'decided' where id = ?");
  const released = database.prepare("update holds set released_at = ? where id = 'hold_' || ?");
  const done = database.prepare("delete from jobs where key = ?");
  const decision = database.prepare(
    "insert into audit (at, kind, agent, escalation) values (?, 'escalation.decided', 'bench', ?)",
  );
  return {
    begin: () => begin.run(),
    write({ id, agent, trigger, now, dueAt, body }) {
      escalation.run(id, agent, trigger, now, dueAt, body);
      hold.run(`hold_${id}`, agent, id, now);
      job.run(`publish ${id}`, now);
      line.run(now, agent, id);
    },
    decide(id, now) {
      settle.run(id);
      released.run(now, id);
      done.run(`publish ${id}`);
      decision.run(now, id);
    },
    commit: () => commit.run(),
  };
}
