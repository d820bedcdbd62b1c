/** Brings a SQLite database to this build's tables: under a lock, and in one transaction, so that it is old or new and never between. */
import type Database from "better-sqlite3";
import { getTableName } from "drizzle-orm";
import { type Applied, type Migration, pendingMigrations } from "./migrations.ts";
import { tables } from "./tables.sqlite.ts";

/** A process that finds another one migrating waits for it this long, in milliseconds. */
const MIGRATION_PATIENCE = 60_000;

const TRIGGERS = ["audit_no_update", "audit_no_delete", "audit_no_gap"] as const;

/** Applies what is missing. Throws when the database is newer than this build, somebody else's, or half there. */
export function migrate(database: Database.Database, known: readonly Migration[], now: () => number): void {
  const patience = database.pragma("busy_timeout", { simple: true });
  database.pragma(`busy_timeout = ${MIGRATION_PATIENCE}`);
  try {
    // Takes the lock before it looks: whoever came second finds everything applied.
    database.transaction(() => applyMissing(database, known, now)).exclusive();
  } finally {
    database.pragma(`busy_timeout = ${String(patience)}`);
  }
}

function applyMissing(database: Database.Database, known: readonly Migration[], now: () => number): void {
  const { name } = database;
  const before = namesIn(database);
  if (before.size > 0 && !before.has("migrations")) {
    throw new Error(
      `${name} has tables (${[...before].slice(0, 3).join(", ")} …) and no record of Holdpoint's migrations: it belongs to another program, or was only half restored. Name an empty path, or restore a backup`,
    );
  }
  database.exec(
    "create table if not exists migrations (name text primary key not null, hash text not null, applied_at integer not null)",
  );
  const applied = database.prepare<[], Applied>("select name, hash from migrations order by name").all();
  const record = database.prepare("insert into migrations (name, hash, applied_at) values (?, ?, ?)");
  for (const migration of pendingMigrations(name, known, applied)) {
    for (const statement of migration.statements) database.exec(statement);
    record.run(migration.name, migration.hash, now());
  }
  const after = namesIn(database);
  const missing = [...Object.values(tables).map((table) => getTableName(table)), ...TRIGGERS].filter(
    (one) => !after.has(one),
  );
  if (missing.length > 0) {
    throw new Error(
      `${name} is only half there: ${missing.join(", ")} should exist and does not. Restore a backup; do not go on with this file`,
    );
  }
}

function namesIn(database: Database.Database): ReadonlySet<string> {
  const names = database
    .prepare<[], string>(
      "select name from sqlite_master where type in ('table', 'trigger') and name not like 'sqlite_%'",
    )
    .pluck()
    .all();
  return new Set(names as unknown as string[]);
}
