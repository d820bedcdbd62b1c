/** Copies a whole SQLite store into Postgres: one transaction, so that the target has all of it or what it had before. */
import type Database from "better-sqlite3";
import { getColumns, getTableName } from "drizzle-orm";
import type pg from "pg";
import { TURN } from "./postgres-writer.ts";
import { tables } from "./tables.postgres.ts";

/** Rows of one insert: enough to be quick, few enough to stay small in memory with the largest requests. */
const AT_ONCE = 500;

/** In this order, what refers to another row comes after it. */
const ORDER = [
  ...["agents", "charters", "keys", "escalations", "decisions", "approvals", "holds", "hold_versions"],
  ...["absences", "digests", "inspections", "daily_counts", "copies", "callbacks", "jobs", "paces"],
  ...["counters", "answers", "tallies", "notes", "audit"],
] as const;

type Name = (typeof ORDER)[number];
type Row = Readonly<Record<string, string | number | null>>;

export interface Progress {
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

export type Copied =
  | { readonly kind: "copied"; readonly rows: number; readonly lines: number }
  /** Why nothing was copied, in words. */
  | { readonly kind: "refused"; readonly why: string };

/**
 * Makes the target what the source is; repeated, it brings over what came since. The audit trail is only ever continued:
 * a target that has lines of its own is refused. Both must have this build's tables.
 */
export async function copyStore(
  source: Database.Database,
  target: pg.Client,
  progress: (progress: Progress) => void,
): Promise<Copied> {
  // Both stand still while it runs: the source as of this moment, the target because nobody else has the turn.
  source.exec("begin");
  try {
    await target.query("begin");
    await target.query("select pg_advisory_xact_lock($1)", [TURN]);
    const copied = await copyAll(source, target, progress);
    await target.query(copied.kind === "copied" ? "commit" : "rollback");
    return copied;
  } finally {
    source.exec("rollback");
  }
}

async function copyAll(
  source: Database.Database,
  target: pg.Client,
  progress: (progress: Progress) => void,
): Promise<Copied> {
  const has = await trailEnd(target);
  if (has && hashAt(source, has.seq) !== has.hash) {
    return {
      kind: "refused",
      why: `the target is ahead or has a history of its own: its audit line ${has.seq} is not in the source. Name an empty database`,
    };
  }
  const total = ORDER.reduce((sum, name) => sum + countIn(source, name), 0);
  for (const name of ORDER.toReversed()) if (name !== "audit") await target.query(`delete from ${name}`);
  let done = 0;
  for (const name of ORDER) {
    for (const rows of pagesOf(source, name)) {
      const fresh = name === "audit" && has ? rows.filter((row) => Number(row.seq) > has.seq) : rows;
      await insert(target, name, fresh);
      done += rows.length;
      progress({ table: name, done, total });
    }
    const arrived = await countOn(target, name);
    if (arrived !== countIn(source, name)) {
      return {
        kind: "refused",
        why: `${name} has ${countIn(source, name)} rows and ${arrived} of them arrived: nothing was changed; report this`,
      };
    }
  }
  return { kind: "copied", rows: total, lines: countIn(source, "audit") };
}

async function trailEnd(
  target: pg.Client,
): Promise<{ readonly seq: number; readonly hash: string } | undefined> {
  const { rows } = await target.query<{ seq: string; hash: string }>(
    "select seq, hash from audit order by seq desc limit 1",
  );
  return rows[0] && { seq: Number(rows[0].seq), hash: rows[0].hash };
}

function hashAt(source: Database.Database, seq: number): string | undefined {
  return source.prepare<[number], { readonly hash: string }>("select hash from audit where seq = ?").get(seq)
    ?.hash;
}

function countIn(source: Database.Database, name: Name): number {
  return source.prepare<[], { readonly n: number }>(`select count(*) as n from ${name}`).get()?.n ?? 0;
}

async function countOn(target: pg.Client, name: Name): Promise<number> {
  const { rows } = await target.query<{ n: string }>(`select count(*) as n from ${name}`);
  return Number(rows[0]?.n);
}

/** All rows, oldest first. Page by page and not as one cursor: a connection with an open cursor can do nothing else. */
function* pagesOf(source: Database.Database, name: Name): Generator<readonly Row[]> {
  const page = source.prepare<[number, number], Row & { readonly place: number }>(
    `select rowid as place, * from ${name} where rowid > ? order by rowid limit ?`,
  );
  for (let after = 0; ; ) {
    const rows = page.all(after, AT_ONCE);
    if (rows.length > 0) yield rows;
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)?.place ?? after;
  }
}

/** One parameter for each column, whatever the number of rows. */
async function insert(target: pg.Client, name: Name, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.entries(getColumns(tables[name]));
  const arrays = columns.map(
    ([, column], at) => `$${at + 1}::${column.getSQLType() === "bigint" ? "bigint" : "text"}[]`,
  );
  const values = columns.map(([column]) =>
    rows.map((row) => {
      const value = row[column] ?? null;
      // Not in Postgres's text; see `compile`.
      return typeof value === "string" ? value.replaceAll("\0", "\u2400") : value;
    }),
  );
  await target.query({
    name: `copy ${name}`,
    text: `insert into ${getTableName(tables[name])} (${columns.map(([column]) => `"${column}"`).join(", ")}) select * from unnest(${arrays.join(", ")})`,
    values,
  });
}
