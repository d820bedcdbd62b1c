/** How far commits are behind, on both engines: a disk that takes its time, and a turn that another replica does not give back. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import { openStore } from "../../src/store/open-store.ts";
import { TURN } from "../../src/store/postgres-writer.ts";
import { approved, opened } from "../contracts/store-samples.ts";
import { type Database, describeOnPostgres } from "../support/postgres.ts";
import { type SlowDisk, slowDisk } from "../support/slow-disk.ts";
import { scratch } from "./open-sqlite.ts";

/** Everything that was opened and decided, in the order in which it was committed. */
async function order(store: Store): Promise<readonly string[]> {
  const lines = await store.audit.after(0, 5_000);
  return lines.filter(({ kind }) => /opened|decided/.test(kind)).map(({ escalation }) => String(escalation));
}

describe("a SQLite store on a slow disk", () => {
  let folder: ReturnType<typeof scratch>;
  let disk: SlowDisk;
  let store: Store;
  beforeEach(async () => {
    folder = scratch();
    disk = slowDisk();
    store = await openStore({ url: `sqlite:${folder.path("holdpoint.db")}` });
  });
  afterEach(async () => {
    await store.close();
    disk.remove();
    folder.remove();
  });

  it("tells of the wait once a commit has shown it, and that it is over once another has", async () => {
    await store.save(opened(1).step);
    expect(store.pressure()).toMatchObject({
      waiting: 0,
      expectedMs: expect.toSatisfy((ms) => ms < 5_000),
    });
    disk.takes(100_000);
    await store.save(opened(2).step);
    expect(store.pressure().expectedMs).toBeGreaterThan(20_000);
    disk.takes(0);
    for (let number = 3; number < 12; number++) await store.save(opened(number).step);
    expect(store.pressure().expectedMs).toBeLessThan(5_000);
  });

  it("commits a decision before the new work that was in line before it", async () => {
    const first = opened(1);
    await store.save(first.step);
    const work = Array.from({ length: 400 }, (_, at) => store.save(opened(at + 2).step));
    await Promise.all([...work, store.save(approved(first.escalation, first.hold, 1))]);
    expect((await order(store)).slice(0, 2)).toEqual([first.escalation.id, first.escalation.id]);
  });
});

await describeOnPostgres("a Postgres store whose turn does not come", (newDatabase) => {
  let database: Database;
  let store: Store;
  beforeEach(async () => {
    database = await newDatabase();
    store = await openStore({ url: database.url });
  });
  afterEach(async () => {
    await store.close();
    await database.drop();
  });

  it("tells of a wait that grows while another replica has the turn, and lets decisions go first then", async () => {
    const first = opened(1);
    await store.save(first.step);
    await database.query("select pg_advisory_lock($1)", [TURN]);
    const work = Array.from({ length: 250 }, (_, at) => store.save(opened(at + 2).step));
    // The first group waits for the turn by now, with a hundred in it.
    await vi.waitFor(() => expect(store.pressure().waiting).toBe(150));
    const decision = store.save(approved(first.escalation, first.hold, 1));
    const before = store.pressure().expectedMs;
    await vi.waitFor(() => expect(store.pressure().expectedMs).toBeGreaterThan(before + 200));
    expect(store.pressure().waiting).toBe(151);
    await database.query("select pg_advisory_unlock($1)", [TURN]);
    await Promise.all([...work, decision]);
    // One committed before, a hundred under way; then the decision, before the hundred and fifty that came before it.
    expect((await order(store)).indexOf(first.escalation.id, 1)).toBe(101);
    expect(store.pressure().waiting).toBe(0);
  });
});
