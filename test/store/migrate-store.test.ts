/** Moving up from SQLite to Postgres: everything arrives, as often as it is repeated, and nothing is overwritten that is ahead. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { migrateStore } from "../../src/store/migrate-store.ts";
import { openStore } from "../../src/store/open-store.ts";
import { digest, inspection } from "../contracts/reviews-contract.ts";
import {
  agent,
  approved,
  callback,
  chartered,
  copy,
  key,
  line,
  opened,
  pauseHold,
} from "../contracts/store-samples.ts";
import { type Database, describeOnPostgres } from "../support/postgres.ts";
import { openSqlite, scratch } from "./open-sqlite.ts";

const TABLES = [
  ...["agents", "charters", "keys", "escalations", "decisions", "approvals", "holds", "hold_versions"],
  ...["copies", "callbacks", "jobs", "counters", "answers", "tallies", "notes", "audit"],
  ...["daily_counts", "digests", "inspections"],
];

await describeOnPostgres("migrate-store", (newDatabase) => {
  let folder: ReturnType<typeof scratch>;
  let database: Database;
  let from: string;
  let drawn: string;
  beforeEach(async () => {
    folder = scratch();
    from = `sqlite:${folder.path("holdpoint.db")}`;
    database = await newDatabase("empty");
    drawn = "";
  });
  afterEach(async () => {
    await database.drop();
    folder.remove();
  });
  const terminal = (isTTY: boolean) => ({
    isTTY,
    write: (text: string) => {
      drawn += text;
    },
  });
  const migrate = (isTTY = false) => migrateStore(from, database.url, terminal(isTTY));

  /** A store in which every table has a row, and some have many. */
  async function filled() {
    const behind = await openSqlite(folder.path("holdpoint.db"));
    const { store } = behind;
    const { escalation, hold, step } = opened(1);
    await store.save(chartered(agent()));
    await store.save(step);
    await store.save(approved(escalation, hold, 1));
    const answer = { scope: "a", key: "k", bodyHash: "h", status: 202, body: "{}", at: 1 };
    await store.save({
      ...{ keys: [key(1, "a"), key(2, null)], copies: [copy(1, escalation.id)], answer },
      ...{
        callbacks: [callback(9_999, null)],
        tallies: [{ agent: "a", what: "b", subject: "Łukasz 🚀", at: 1 }],
      },
      ...{
        holds: [{ change: "place" as const, hold: pauseHold(9_999, "all") }],
        audit: [line("hold.placed")],
      },
    });
    const made = digest(1);
    const shown = copy(2, escalation.id, { escalation: null, digest: made.id, part: "digest" });
    await store.save({ digest: made, copies: [shown], audit: [] });
    await store.save({ inspection: inspection(1, made), audit: [] });
    await store.notes.set("a", "b");
    await store.jobs.claim(Number.MAX_SAFE_INTEGER / 2, 1, 1);
    await Promise.all(Array.from({ length: 1_200 }, (_, number) => store.save(opened(number + 2).step)));
    return behind;
  }

  /** Rows as text, in an order that is the same on both engines. */
  const rowsIn = (rows: readonly object[]) =>
    rows
      .map((row) =>
        JSON.stringify(
          Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
        ),
      )
      .sort();

  it("copies every row of every table, and the store goes on from there", async () => {
    const { store, database: sqlite } = await filled();
    const told = await migrate(true);
    for (const table of TABLES) {
      const there = rowsIn(await database.query(`select * from ${table}`));
      expect(there.length, table).toBeGreaterThan(0);
      expect(there, table).toEqual(rowsIn(sqlite.prepare(`select * from ${table}`).all() as object[]));
    }
    expect(told).toMatch(/rows now, and its audit trail is whole: \d{4} lines\.$/);
    expect(told).not.toContain("holdpoint:holdpoint");
    expect(told).toMatch(/^postgres:\/\/127\.0\.0\.1:\d+\/holdpoint_test_\w+ has all \d+ rows/);
    expect(drawn).toMatch(/\r█+░+ +\d+ % escalations/);
    expect(drawn).toMatch(/\r█{30} 100 % audit +\n$/);
    await store.close();
    const moved = await openStore({ url: database.url });
    expect(await moved.save(opened(5_000).step)).toBe("saved");
    await moved.close();
  });

  it("brings over what came since when it is repeated, and takes away what has gone", async () => {
    const { store } = await filled();
    await migrate();
    await migrate();
    await store.save(opened(6_000).step);
    await store.notes.delete("a");
    await migrate();
    expect(drawn.split("\n").filter((table) => table === "audit")).toHaveLength(3);
    expect(await database.query("select id from escalations where id like '%6000'")).toHaveLength(1);
    expect(await database.query("select 1 from notes")).toEqual([]);
    await store.close();
  });

  it("refuses a target that is ahead, and leaves it as it is", async () => {
    const { store } = await filled();
    await migrate();
    const moved = await openStore({ url: database.url });
    await moved.save(opened(7_000).step);
    await expect(migrate()).rejects.toThrow(/running on the target: stop it/);
    await moved.close();
    await expect(migrate()).rejects.toThrow(/the target is ahead/);
    await store.save(opened(7_001).step);
    await store.save(opened(7_002).step);
    await expect(migrate()).rejects.toThrow(/history of its own/);
    expect(await database.query("select id from escalations where id like '%700_'")).toHaveLength(1);
    await store.close();
  });

  it("refuses what is no source or no target, in words", async () => {
    await expect(migrate()).rejects.toThrow(/holdpoint\.db does not exist/);
    await (await filled()).store.close();
    await expect(migrateStore(from, from, terminal(false))).rejects.toThrow(/not a postgres:\/\/ URL/);
    await expect(migrateStore(database.url, from, terminal(false))).rejects.toThrow(/sqlite:/);
  });
});
