/** The store's contract on SQLite: in memory, as tests use it, and in a file, as people do. */
import type Database from "better-sqlite3";
import type { OpenedStore } from "../contracts/reading-contract.ts";
import { storeContract } from "../contracts/store-contract.ts";
import { openSqlite, scratch } from "./open-sqlite.ts";

storeContract("SQLite in memory", async () => {
  const { store, database } = await openSqlite();
  return { store, raw: rawOn(database), close: () => store.close() };
});

storeContract("a SQLite file", async () => {
  const folder = scratch();
  const { store, database } = await openSqlite(folder.path("holdpoint.db"));
  const close = async () => {
    await store.close();
    folder.remove();
  };
  return { store, raw: rawOn(database), close };
});

function rawOn(database: Database.Database): OpenedStore["raw"] {
  return async (text) => {
    const statement = database.prepare<[], Record<string, unknown>>(text);
    if (statement.reader) return statement.all();
    statement.run();
    return [];
  };
}
