/** holdpoint migrate-store sqlite:… postgres://…: moves everything up to the engine that several machines share. */
import { existsSync } from "node:fs";
import pg from "pg";
import { copyStore, type Progress } from "./copy-store.ts";
import { migrationsFolder, readMigrations } from "./migrations.ts";
import { databasePath, openStore } from "./open-store.ts";
import { SERVING } from "./postgres-engine.ts";
import { placeOf } from "./postgres-faults.ts";
import { migrate as migratePostgres } from "./postgres-migrate.ts";
import { openFile } from "./sqlite-file.ts";
import { migrate as migrateSqlite } from "./sqlite-migrate.ts";
import { verifyAudit } from "./verify-audit.ts";

/** The command of that name: the exit code; what it has to say is written. */
export async function migrateStoreCommand(
  [from, to, ...more]: readonly string[],
  { stdout, stderr }: { readonly stdout: Terminal; readonly stderr: Terminal },
): Promise<number> {
  if (!from || !to || more.length > 0) {
    stderr.write(
      "holdpoint: write: holdpoint migrate-store sqlite:<path> postgres://user:password@host/name\n",
    );
    return 64; // EX_USAGE
  }
  try {
    stdout.write(`${await migrateStore(from, to, stderr)}\n`);
    return 0;
  } catch (error) {
    stderr.write(`holdpoint: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

export interface Terminal {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const WIDTH = 30;

/** Copies, then verifies the counts and the audit chain. Resolves with what to tell; throws, in words, when it can't. */
export async function migrateStore(from: string, to: string, terminal: Terminal): Promise<string> {
  const path = databasePath(from);
  if (!existsSync(path))
    throw new Error(`${path} does not exist: name the SQLite file that Holdpoint has used so far`);
  if (!/^postgres(ql)?:\/\//i.test(to))
    throw new Error("the target is not a postgres:// URL: name an empty database");
  const now = () => Date.now();
  await migratePostgres(to, readMigrations(migrationsFolder("postgres")), now);
  const source = openFile(path);
  const target = new pg.Client({ connectionString: to, application_name: "holdpoint migrate-store" });
  try {
    migrateSqlite(source, readMigrations(migrationsFolder("sqlite")), now);
    await target.connect();
    await refuseWhileServed(target);
    const copied = await copyStore(source, target, drawnOn(terminal));
    if (copied.kind === "refused") throw new Error(copied.why);
    const store = await openStore({ url: to });
    const verdict = await verifyAudit(store.audit).finally(() => store.close());
    if (!verdict.ok) throw new Error(`everything was copied, but the audit trail is broken: ${verdict.why}`);
    const later = source.prepare<[], { readonly n: number }>("select count(*) as n from audit").get()?.n ?? 0;
    const rest =
      later > copied.lines
        ? `\nThe source was written to meanwhile: stop Holdpoint and run this again, or ${later - copied.lines} audit lines and what belongs to them stay behind.`
        : "";
    return `${placeOf(to)} has all ${copied.rows} rows now, and its audit trail is whole: ${verdict.lines} lines.${rest}`;
  } finally {
    source.close();
    await target.end();
  }
}

/** Whoever serves from the target meanwhile would find everything exchanged below them. */
async function refuseWhileServed(target: pg.Client): Promise<void> {
  const { rows } = await target.query(
    "select 1 from pg_stat_activity where datname = current_database() and application_name = $1 limit 1",
    [SERVING],
  );
  if (rows.length > 0) throw new Error("a Holdpoint is running on the target: stop it, and run this again");
}

/** A bar where somebody watches; elsewhere a line for each table. */
function drawnOn(terminal: Terminal): (progress: Progress) => void {
  let last = "";
  return ({ table, done, total }) => {
    const share = done / total;
    if (terminal.isTTY) {
      const full = Math.round(share * WIDTH);
      const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
      terminal.write(
        `\r${bar} ${String(Math.floor(share * 100)).padStart(3)} % ${table.padEnd(14)}${done === total ? "\n" : ""}`,
      );
    } else if (table !== last) terminal.write(`${table}\n`);
    last = table;
  };
}
