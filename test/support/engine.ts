/** The engine that this run of a test is on: SQLite, unless it is the run on Postgres, where every test has a database of its own. */
import { inject } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import { openStore } from "../../src/store/open-store.ts";
import { type NewDatabase, postgresServer } from "./postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** As the project of the run says; where it says nothing, SQLite. */
    readonly engine: "postgres" | undefined;
  }
}

/** Whether this is the run on SQLite, which also tells what asks nothing of a store. */
export function isOnSqlite(): boolean {
  return inject("engine") === undefined;
}

export interface TestDatabase {
  /** For `DATABASE_URL`. */
  readonly url: string;
  drop(): Promise<void>;
}

/** A new store of the engine, for tests of a part that keeps something; `close` also drops its database. */
export async function engineStore(): Promise<{ readonly store: Store; close(): Promise<void> }> {
  const database = await engineDatabase();
  const store = await openStore({ url: database.url });
  return {
    store,
    async close() {
      await store.close();
      await database.drop();
    },
  };
}

let server: Promise<NewDatabase> | undefined;

/** `sqlite`: the database where it is SQLite's; in memory unless it has to outlive a restart. */
export async function engineDatabase(sqlite = "sqlite::memory:"): Promise<TestDatabase> {
  if (isOnSqlite()) return { url: sqlite, drop: async () => {} };
  server ??= onPostgres();
  return (await server)();
}

async function onPostgres(): Promise<NewDatabase> {
  const found = await postgresServer();
  if ("missing" in found) throw new Error(`There is no Postgres server: ${found.missing}`);
  return found.database;
}
