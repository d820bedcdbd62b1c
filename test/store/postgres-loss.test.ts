/** Connections that are lost at the worst moments: nothing is done twice, nothing that was done is denied, and it goes on by itself. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createHoldIndex } from "../../src/application/hold-index.ts";
import type { News, Store } from "../../src/application/ports.ts";
import type { AgentId } from "../../src/domain/ids.ts";
import { openStore } from "../../src/store/open-store.ts";
import { verifyAudit } from "../../src/store/verify-audit.ts";
import { approved, line, opened, pauseHold } from "../contracts/store-samples.ts";
import { type Database, describeOnPostgres } from "../support/postgres.ts";
import { type DatabaseProxy, databaseProxy } from "./database-proxy.ts";

await describeOnPostgres("a lost connection to Postgres", (newDatabase) => {
  let database: Database;
  let proxy: DatabaseProxy;
  let store: Store;
  /** Another replica, whose connections nobody touches. */
  let other: Store;
  beforeEach(async () => {
    database = await newDatabase();
    proxy = await databaseProxy(database.url);
    [store, other] = await Promise.all([
      openStore({ url: proxy.url, owner: "a" }),
      openStore({ url: database.url, owner: "b" }),
    ]);
  });
  afterEach(async () => {
    proxy.up();
    proxy.thaw();
    await Promise.all([store.close(), other.close()]);
    await proxy.close();
    await database.drop();
  });
  const rows = async (table: string) => (await database.query(`select 1 from ${table}`)).length;

  it.each(["answer", "commit"] as const)(
    "with the %s of a commit leaves one decision, and says that it was saved",
    async (what) => {
      const { escalation, hold, step } = opened(1);
      await store.save(step);
      const heard: unknown[] = [];
      store.onCommit((saved) => heard.push(saved));
      proxy.lose(what);
      const decision = approved(escalation, hold, 1);
      expect(await store.save(decision)).toBe("saved");
      expect(heard).toEqual([decision]);
      expect(await store.save(approved(escalation, hold, 2))).toBe("conflict");
      expect([await rows("decisions"), await rows("audit")]).toEqual([1, 2 + decision.audit.length]);
      expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
    },
  );

  it.each(["answer", "commit"] as const)(
    "with the %s of a group's commit leaves each step of the group once",
    async (what) => {
      proxy.lose(what);
      const steps = Array.from({ length: 10 }, (_, at) => opened(at + 1).step);
      const answers = await Promise.all(steps.map((step) => store.save(step)));
      expect(answers).toEqual(steps.map(() => "saved"));
      expect(await rows("escalations")).toBe(10);
      expect(await verifyAudit(store.audit)).toMatchObject({ ok: true, lines: 20 });
    },
  );

  it("leaves an answer without an audit line once, and its tallies too", async () => {
    proxy.lose("answer");
    const answer = { scope: "a", key: "k", bodyHash: "h", status: 200, body: "{}", at: 1 };
    const tallies = [{ agent: "a", what: "b", subject: "c", at: 1 }];
    expect(await store.save({ answer, tallies, audit: [] })).toBe("saved");
    expect([await rows("answers"), await rows("tallies")]).toEqual([1, 1]);
  });

  it("while nothing is under way is not noticed by whoever comes next", async () => {
    await store.save(opened(1).step);
    for (let number = 2; number <= 4; number++) {
      proxy.cut();
      expect(await store.escalations.countOpen()).toBe(number - 1);
      proxy.cut();
      expect(await store.save(opened(number).step)).toBe("saved");
    }
  });

  it("for longer refuses what comes in words, holds every agent after a second, and is over by itself", async () => {
    const index = await createHoldIndex(store);
    const agent = "a" as AgentId;
    const news: (News | "anything")[] = [];
    store.onElsewhere((one) => void news.push(one));
    expect(index.of(agent)).toEqual({ holds: [], version: 0 });
    proxy.down();
    await expect(store.save(opened(1).step)).rejects.toThrow(/can't be reached, and nothing was written/);
    await expect(store.ping()).rejects.toThrow(/can't be reached/);
    await expect(store.escalations.countOpen()).rejects.toThrow(/can't be reached/);
    await expect(store.jobs.claim(1, 1, 1)).rejects.toThrow(/can't be reached/);
    await other.save({ holds: [{ change: "place", hold: pauseHold(1, "a") }], audit: [line("hold.placed")] });
    await vi.waitFor(
      () => expect(index.of(agent)).toMatchObject({ version: -1, holds: [{ agent: "all" }] }),
      2_000,
    );
    expect(store.current()).toBe(false);
    proxy.up();
    await vi.waitFor(
      () => expect(index.of(agent)).toEqual({ version: 1, holds: [pauseHold(1, "a")] }),
      2_000,
    );
    expect(news).toEqual(["anything"]);
    expect(await store.save(opened(2).step)).toBe("saved");
    expect(await other.escalations.countOpen()).toBe(1);
  });

  it("is over only when what was missed meanwhile is known", async () => {
    const slowly: Store["holds"] = {
      ...store.holds,
      async standing(agents) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return store.holds.standing(agents);
      },
    };
    const index = await createHoldIndex({ ...store, holds: slowly });
    const agent = "a" as AgentId;
    proxy.down();
    await vi.waitFor(() => expect(index.of(agent).version).toBe(-1), 2_000);
    await other.save({ holds: [{ change: "place", hold: pauseHold(1, "a") }], audit: [line("hold.placed")] });
    proxy.up();
    const seen = new Set<number>();
    await vi.waitFor(
      () => {
        const { holds, version } = index.of(agent);
        seen.add(version);
        expect(holds).toEqual([pauseHold(1, "a")]);
      },
      { timeout: 4_000, interval: 5 },
    );
    expect([...seen]).toEqual([-1, 1]);
  });

  it("of a replica that was stopped in its turn gives the turn to the others", async () => {
    const frozen = proxy.freeze();
    const stopped = store.save(opened(1).step);
    await frozen;
    const begun = performance.now();
    expect(await other.save(opened(2).step)).toBe("saved");
    expect(performance.now() - begun).toBeLessThan(4_000);
    proxy.thaw();
    expect(await stopped).toBe("saved");
    expect(await verifyAudit(other.audit)).toMatchObject({ ok: true, lines: 4 });
  });
});
