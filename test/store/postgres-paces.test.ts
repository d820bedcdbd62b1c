/** Replicas on one database keep somebody else's rates together, as one of them would alone. */
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import type { Rate } from "../../src/domain/delivery/rate.ts";
import { openStore } from "../../src/store/open-store.ts";
import { type Database, describeOnPostgres } from "../support/postgres.ts";

const NOW = Date.UTC(2026, 10, 16, 9);

await describeOnPostgres("paces of three replicas on Postgres", (newDatabase) => {
  let database: Database;
  let replicas: readonly Store[];
  beforeEach(async () => {
    database = await newDatabase();
    replicas = await Promise.all([1, 2, 3].map(() => openStore({ url: database.url })));
  });
  afterEach(async () => {
    await Promise.all(replicas.map((store) => store.close()));
    await database.drop();
  });

  it("let one of them post to a channel at a time, and each channel have its own pace", async () => {
    const tenant: Rate = { key: "tenant", everyMs: 1, burst: 1_000 };
    const channel = (name: string): Rate => ({ key: name, everyMs: 1_000, burst: 1 });
    const channels = ["a", "b", "c", "d"];
    for (let second = 0; second < 4; second++) {
      const asked = channels.flatMap((name) =>
        replicas.flatMap((store, at) =>
          Array.from({ length: 5 }, async () => {
            // In either order: nobody may wait for whoever waits for them.
            const rates = at % 2 ? [tenant, channel(name)] : [channel(name), tenant];
            const wait = await store.paces.take(rates, NOW + second * 1_000);
            return wait === 0 ? [name] : [];
          }),
        ),
      );
      expect((await Promise.all(asked)).flat().toSorted()).toEqual(channels);
    }
  });

  it("are told by each other where a service said to wait", async () => {
    const [one, other] = replicas;
    await one?.paces.hold("hold a", NOW + 30_000);
    expect(await other?.paces.take([{ key: "hold a", everyMs: 0, burst: 1 }], NOW)).toBe(30_000);
    expect(await other?.paces.take([{ key: "hold b", everyMs: 0, burst: 1 }], NOW)).toBe(0);
  });

  it("go on while the writers' turn is taken", async () => {
    const [one, other] = replicas;
    await database.query("begin");
    await database.query("select pg_advisory_xact_lock(7206110)");
    const waiting = one?.save({ audit: [], jobs: [{ key: "x", kind: "publish", ref: "x", at: 1 }] });
    expect(await other?.paces.take([{ key: "a", everyMs: 1_000, burst: 1 }], NOW)).toBe(0);
    expect(await one?.paces.take([{ key: "a", everyMs: 1_000, burst: 1 }], NOW)).toBe(1_000);
    await database.query("commit");
    expect(await waiting).toBe("saved");
  });
});
