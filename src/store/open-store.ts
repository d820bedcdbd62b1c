/** Opens the store that DATABASE_URL names. */
import type { Store } from "../application/ports.ts";
import { THIS_PROCESS } from "./lease-owner.ts";
import { migrationsFolder, readMigrations } from "./migrations.ts";
import { createSqliteEngine } from "./sqlite-engine.ts";
import { IN_MEMORY, openFile } from "./sqlite-file.ts";
import { migrate } from "./sqlite-migrate.ts";
import { createStore } from "./store.ts";

const EXAMPLE = "sqlite:./data/holdpoint.db";

/**
 * Opens the database, brings its tables up to date and frees the jobs of processes that are gone. Throws, in words for the
 * operator, when it can't be kept safe or was written by another build. `owner` tells this process's leases apart.
 */
export async function openStore(options: {
  readonly url: string;
  /** Says when migrations were applied; nothing else in the store asks for the time. */
  readonly now?: () => number;
  readonly owner?: string;
}): Promise<Store> {
  const database = openFile(databasePath(options.url));
  try {
    migrate(database, readMigrations(migrationsFolder("sqlite")), options.now ?? Date.now);
    return await createStore(createSqliteEngine(database), options.owner ?? THIS_PROCESS);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The file behind a `sqlite:` URL, as a path or `:memory:`. Throws for every other URL. */
export function databasePath(url: string): string {
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [];
  if (scheme === "postgres" || scheme === "postgresql") {
    throw new Error(`DATABASE_URL names Postgres, which this build can't open: set it to ${EXAMPLE}`);
  }
  if (scheme !== "sqlite")
    throw new Error(`DATABASE_URL is not one this build can open: set it to ${EXAMPLE}`);
  if (rest === IN_MEMORY) return IN_MEMORY;
  // sqlite:./a.db, sqlite:/srv/a.db and, as many write it, sqlite:///srv/a.db
  const path = rest.replace(/^\/\/(?=\/)/, "");
  if (path === "" || path.startsWith("//") || path.includes("?")) {
    throw new Error(`DATABASE_URL does not name a file: write it as ${EXAMPLE}`);
  }
  return path;
}
