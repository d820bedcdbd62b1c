/** Opening a store: what DATABASE_URL may say, and which databases are refused, in words. */
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { getColumns, getTableName } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { databasePath, openStore } from "../../src/store/open-store.ts";
import { networkFileSystem } from "../../src/store/sqlite-file.ts";
import { tables } from "../../src/store/tables.sqlite.ts";
import { agent, chartered } from "../contracts/store-samples.ts";
import { openSqlite, scratch } from "./open-sqlite.ts";

let folder: ReturnType<typeof scratch>;
beforeEach(() => {
  folder = scratch();
});
afterEach(() => folder.remove());

const open = (path: string) => openStore({ url: `sqlite:${path}` });

describe("DATABASE_URL", () => {
  it("names a file or the memory", () => {
    expect(databasePath("sqlite:./data/holdpoint.db")).toBe("./data/holdpoint.db");
    expect(databasePath("sqlite:/srv/holdpoint.db")).toBe("/srv/holdpoint.db");
    expect(databasePath("sqlite:///srv/holdpoint.db")).toBe("/srv/holdpoint.db");
    expect(databasePath("sqlite::memory:")).toBe(":memory:");
  });

  it.each(["", "holdpoint.db", "mysql://host/db", "sqlite:", "sqlite://host/db", "sqlite:./a.db?mode=ro"])(
    "is refused with an example when it is “%s”",
    (url) => {
      expect(() => databasePath(url)).toThrow(/sqlite:\.\/data\/holdpoint\.db/);
    },
  );

  it("is refused without its password when nobody answers where it points to", async () => {
    const opening = openStore({ url: "postgres://user:secret@127.0.0.1:1/db" });
    await expect(opening).rejects.toThrow(/postgres:\/\/127\.0\.0\.1:1\/db.*nobody answers.*ECONNREFUSED/);
    await expect(opening).rejects.not.toThrow(/secret/);
  });
});

describe("a SQLite file", () => {
  it("is created with its folder, and nobody else may read it or its log", async () => {
    const path = folder.path("deep/down/holdpoint.db");
    const store = await open(path);
    await store.ping();
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    await store.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it("is closed to others also when it was there before, open to all", async () => {
    const path = folder.path("holdpoint.db");
    writeFileSync(path, "", { mode: 0o666 });
    await (await open(path)).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("syncs its log at every commit, waits for other writers, and checks references", async () => {
    const { store, database } = await openSqlite(folder.path("holdpoint.db"));
    const setting = (name: string) => database.pragma(name, { simple: true });
    expect(["journal_mode", "synchronous", "busy_timeout", "foreign_keys"].map(setting)).toEqual([
      "wal",
      2,
      5_000,
      1,
    ]);
    await store.close();
  });

  it("is refused on a network file system, by the name of it", () => {
    expect(networkFileSystem(0x6969)).toBe("NFS");
    expect(networkFileSystem(0xff534d42)).toBe("CIFS");
    expect(networkFileSystem(0xfe534d42 | 0)).toBe("SMB 2");
    expect(networkFileSystem(0xef53)).toBeUndefined();
  });

  it("keeps everything when it is closed and opened again", async () => {
    const path = folder.path("holdpoint.db");
    const first = await open(path);
    await first.save(chartered(agent()));
    await first.close();
    const second = await open(path);
    expect(await second.agents.all()).toEqual([agent()]);
    await second.close();
  });
});

describe("migrations", () => {
  it("make the tables that the queries are written for", async () => {
    const { store, database } = await openSqlite();
    for (const table of Object.values(tables)) {
      const columns = database.pragma(`table_info(${getTableName(table)})`) as { readonly name: string }[];
      expect(columns.map((column) => column.name)).toEqual(Object.keys(getColumns(table)));
    }
    await store.close();
  });

  /** Opens once, changes the file by hand, and gives the words with which it is refused the next time. */
  async function refusalAfter(change: string): Promise<string> {
    const path = folder.path("holdpoint.db");
    if (!existsSync(path)) await (await open(path)).close();
    const database = new Database(path);
    database.exec(change);
    database.close();
    return open(path).then(
      () => "not refused",
      (error: Error) => error.message,
    );
  }

  it("refuse a database that a newer build has written", async () => {
    const words = await refusalAfter("insert into migrations values ('99990101000000_later', 'hash', 1)");
    expect(words).toMatch(/newer Holdpoint.*99990101000000_later.*Start the newer build/);
  });

  it("refuse a database whose past is another one", async () => {
    expect(await refusalAfter("update migrations set hash = 'other'")).toMatch(/another history/);
  });

  it("refuse a database of which a part is missing", async () => {
    expect(await refusalAfter("drop table notes")).toMatch(/only half there: notes/);
  });

  it("refuse a database whose audit trail has lost its guard", async () => {
    expect(await refusalAfter("drop trigger audit_no_update")).toMatch(/only half there: audit_no_update/);
  });

  it("refuse somebody else's database, and leave it as it is", async () => {
    const path = folder.path("other.db");
    mkdirSync(dirname(path), { recursive: true });
    const other = new Database(path);
    other.exec("create table customers (name text)");
    await expect(open(path)).rejects.toThrow(/customers.*another program/);
    expect(other.prepare("select name from sqlite_master").pluck().all()).toEqual(["customers"]);
    other.close();
  });
});
