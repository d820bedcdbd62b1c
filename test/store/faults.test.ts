/** What a store does when its disk or its neighbours fail it: it says so, and what it has said before stays true. */
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyAudit } from "../../src/store/verify-audit.ts";
import { line, opened } from "../contracts/store-samples.ts";
import { openSqlite, scratch } from "./open-sqlite.ts";

let folder: ReturnType<typeof scratch>;
let behind: Awaited<ReturnType<typeof openSqlite>>;
beforeEach(async () => {
  folder = scratch();
  behind = await openSqlite(folder.path("holdpoint.db"), 50);
});
afterEach(async () => {
  await behind.store.close();
  folder.remove();
});

/** How many of a hundred steps, saved in groups, were refused; those that were not are counted in the database. */
async function saveHundred(): Promise<{
  readonly refused: number;
  readonly there: number;
  readonly words: string;
}> {
  const before = await behind.store.escalations.countOpen();
  const first = before + 1_000;
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, (_, at) => behind.store.save(opened(first + at).step)),
  );
  const refusals = results.filter((result) => result.status === "rejected");
  const there = (await behind.store.escalations.countOpen()) - before;
  return { refused: refusals.length, there, words: String(refusals[0]?.reason) };
}

describe("a store that can't write", () => {
  it("refuses every save while somebody else has the lock, and goes on afterwards", async () => {
    const other = new Database(folder.path("holdpoint.db"));
    other.exec("begin immediate");
    const begun = performance.now();
    expect(await saveHundred()).toMatchObject({
      refused: 100,
      there: 0,
      words: expect.stringMatching(/locked/),
    });
    await expect(behind.store.ping()).rejects.toThrow(/locked/);
    await expect(behind.store.jobs.claim(1, 1, 1)).resolves.toEqual([]);
    expect(performance.now() - begun).toBeLessThan(3_000); // one wait for the group, not one for each of it
    other.exec("rollback");
    other.close();
    expect(await saveHundred()).toMatchObject({ refused: 0, there: 100 });
  });

  it("refuses what no longer fits on a full disk, and keeps what it has acknowledged", async () => {
    const { database, store } = behind;
    await store.save(opened(1).step);
    const pages = Number(database.pragma("page_count", { simple: true }));
    database.pragma(`max_page_count = ${pages + 20}`);
    const full = await saveHundred();
    expect(full.refused).toBeGreaterThan(0);
    expect(full.there).toBe(100 - full.refused);
    expect(full.words).toMatch(/full/);
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
    database.pragma("max_page_count = 1000000");
    expect(await saveHundred()).toMatchObject({ refused: 0, there: 100 });
  });

  it("refuses every save when the database is read-only", async () => {
    behind.database.pragma("query_only = ON");
    expect(await saveHundred()).toMatchObject({
      refused: 100,
      there: 0,
      words: expect.stringMatching(/readonly/),
    });
    await expect(behind.store.ping()).rejects.toThrow(/readonly/);
    behind.database.pragma("query_only = OFF");
    await behind.store.ping();
  });
});

describe("an audit trail whose guards were taken away", () => {
  const GUARDS = ["audit_no_update", "audit_no_delete", "audit_no_gap"];

  it.each([
    ["a word was changed", "update audit set kind = 'key.issued' where seq = 7", 7],
    ["an instant was changed", "update audit set at = at + 1 where seq = 1", 1],
    [
      "somebody else is said to have done it",
      `update audit set actor = '{"kind":"system","id":"x"}' where seq = 12`,
      12,
    ],
    ["a line is hidden from its escalation", "update audit set escalation = null where seq = 5", 5],
    ["a detail was added", "update audit set detail = '{}' where seq = 20", 20],
    ["a line was removed", "delete from audit where seq = 9", 9],
    ["the first line was removed", "delete from audit where seq = 1", 1],
    ["a hash was replaced", "update audit set hash = 'f' || substr(hash, 2) where seq = 3", 3],
  ])("is found broken at the very line when %s", async (_, change, seq) => {
    const { store, database } = behind;
    for (let number = 1; number <= 20; number++) {
      await store.save({ audit: [line("callback.dead", { at: number, escalation: "esc_1" })] });
    }
    // A hash that begins with f already would be replaced by itself.
    database.exec(GUARDS.map((name) => `drop trigger ${name}`).join(";"));
    if (change.includes("'f' ||"))
      database.exec("update audit set hash = '0' || substr(hash, 2) where seq = 3");
    database.exec(change);
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: false, seq });
  });

  it("is found broken in a long trail, page after page", async () => {
    const { store, database } = behind;
    await store.save({ audit: Array.from({ length: 2_500 }, (_, at) => line("callback.dead", { at })) });
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: true, lines: 2_500 });
    database.exec(`drop trigger audit_no_update; update audit set at = -1 where seq = 2222`);
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: false, seq: 2_222 });
  });
});
