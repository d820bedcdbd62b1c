/** Brings a Postgres database to this build's tables: under a lock, and in one transaction, so that it is old or new and never between. */
import { getTableName } from "drizzle-orm";
import pg from "pg";
import { type Applied, type Migration, pendingMigrations } from "./migrations.ts";
import { fault, placeOf } from "./postgres-faults.ts";
import { tables } from "./tables.postgres.ts";

/** Of advisory locks, this one is the right to migrate. */
const MIGRATING = 7_206_111;

/** A process that finds another one migrating waits for it this long, in milliseconds. */
const MIGRATION_PATIENCE = 60_000;

const TRIGGERS = ["audit_no_update", "audit_no_delete", "audit_no_truncate", "audit_no_gap"] as const;

/** Applies what is missing, on a connection of its own. Throws when the database is newer than this build, somebody else's, or half there. */
export async function migrate(url: string, known: readonly Migration[], now: () => number): Promise<void> {
  const client = new pg.Client({
    ...{ connectionString: url, application_name: "holdpoint migrations", connectionTimeoutMillis: 5_000 },
    lock_timeout: MIGRATION_PATIENCE,
  });
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    throw fault(`DATABASE_URL names ${placeOf(url)}, which can't be opened`, error);
  }
  try {
    await client.query("begin");
    // Takes the lock before it looks: whoever came second finds everything applied.
    await client.query("select pg_advisory_xact_lock($1)", [MIGRATING]);
    await applyMissing(client, placeOf(url), known, now);
    await client.query("commit");
  } finally {
    await client.end();
  }
}

async function applyMissing(
  client: pg.Client,
  name: string,
  known: readonly Migration[],
  now: () => number,
): Promise<void> {
  const before = await namesIn(client);
  if (before.size > 0 && !before.has("migrations")) {
    throw new Error(
      `${name} has tables (${[...before].slice(0, 3).join(", ")} …) and no record of Holdpoint's migrations: it belongs to another program, or was only half restored. Name an empty database, or restore a backup`,
    );
  }
  await client.query(
    'create table if not exists migrations (name text collate "C" primary key, hash text not null, applied_at bigint not null)',
  );
  const { rows } = await client.query<Applied>("select name, hash from migrations order by name");
  for (const migration of pendingMigrations(name, known, rows)) {
    for (const statement of migration.statements) await client.query(statement);
    await client.query("insert into migrations (name, hash, applied_at) values ($1, $2, $3)", [
      ...[migration.name, migration.hash, now()],
    ]);
  }
  const after = await namesIn(client);
  const missing = [...Object.values(tables).map((table) => getTableName(table)), ...TRIGGERS].filter(
    (one) => !after.has(one),
  );
  if (missing.length > 0) {
    throw new Error(
      `${name} is only half there: ${missing.join(", ")} should exist and does not. Restore a backup; do not go on with this database`,
    );
  }
}

/** Tables and enabled triggers, in the schema where new ones would be made. */
async function namesIn(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
     union
     select tgname from pg_trigger join pg_class on pg_class.oid = tgrelid
      where relnamespace = current_schema()::regnamespace and not tgisinternal and tgenabled <> 'D'`,
  );
  return new Set(rows.map(({ name }) => name));
}
