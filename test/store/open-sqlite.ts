/** SQLite stores for tests: in memory or in a folder that goes with the test, with the connection behind them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "better-sqlite3";
import type { Store } from "../../src/application/ports.ts";
import { THIS_PROCESS } from "../../src/store/lease-owner.ts";
import { migrationsFolder, readMigrations } from "../../src/store/migrations.ts";
import { createSqliteEngine } from "../../src/store/sqlite-engine.ts";
import { openFile } from "../../src/store/sqlite-file.ts";
import { migrate } from "../../src/store/sqlite-migrate.ts";
import { createStore } from "../../src/store/store.ts";

/** As `openStore` does it, and gives away the connection too. */
export async function openSqlite(
  path = ":memory:",
  busyTimeout?: number,
): Promise<{ readonly store: Store; readonly database: Database.Database }> {
  const database = openFile(path, busyTimeout);
  migrate(database, readMigrations(migrationsFolder("sqlite")), () => 0);
  return { store: await createStore(createSqliteEngine(database), THIS_PROCESS), database };
}

/** A folder of its own, and how to be rid of it. */
export function scratch(): { readonly path: (name: string) => string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-store-"));
  return {
    path: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
