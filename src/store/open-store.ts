/** Opens the store that DATABASE_URL names. */
import type { Store } from "../application/ports.ts";
import type { Engine } from "./engine.ts";
import { ON_THIS_MACHINE, THIS_PROCESS } from "./lease-owner.ts";
import { migrationsFolder, readMigrations } from "./migrations.ts";
import { createStore } from "./store.ts";

export const IN_MEMORY = ":memory:";
const EXAMPLE = "sqlite:./data/holdpoint.db or postgres://user:password@host:5432/holdpoint";

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
  const isServer = /^postgres(ql)?:\/\//i.test(options.url);
  const now = options.now ?? Date.now;
  // Only the engine that is named is loaded.
  const engine = await (isServer ? openPostgres(options.url, now) : openSqlite(options.url, now));
  try {
    return await createStore(engine, options.owner ?? (isServer ? ON_THIS_MACHINE : THIS_PROCESS));
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function openPostgres(url: string, now: () => number): Promise<Engine> {
  const [{ createPostgresEngine }, { migrate }] = await Promise.all([
    import("./postgres-engine.ts"),
    import("./postgres-migrate.ts"),
  ]);
  await migrate(url, readMigrations(migrationsFolder("postgres")), now);
  return createPostgresEngine(url);
}

async function openSqlite(url: string, now: () => number): Promise<Engine> {
  const path = databasePath(url);
  const [{ createSqliteEngine }, { openFile }, { migrate }] = await Promise.all([
    import("./sqlite-engine.ts"),
    import("./sqlite-file.ts"),
    import("./sqlite-migrate.ts"),
  ]);
  const database = openFile(path);
  try {
    migrate(database, readMigrations(migrationsFolder("sqlite")), now);
    return createSqliteEngine(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The file behind a `sqlite:` URL, as a path or `:memory:`. Throws for every other URL. */
export function databasePath(url: string): string {
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [];
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
