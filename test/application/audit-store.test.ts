/** The auditor: each flaw is found when somebody breaks the store by hand, and only then is the heartbeat silent. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { auditStore } from "../../src/application/audit-store.ts";
import type { Watch } from "../../src/application/ports/watch.ts";
import type { Store } from "../../src/application/ports.ts";
import { createAuditor } from "../../src/auditor.ts";
import { due } from "../../src/domain/job.ts";
import type { Flaw } from "../../src/domain/review/flaw.ts";
import { heartbeatTo } from "../../src/schedule/heartbeat.ts";
import { openStore } from "../../src/store/open-store.ts";
import { openWatch } from "../../src/store/open-watch.ts";
import { openPostgresReader } from "../../src/store/postgres-reader.ts";
import { changesOf } from "../../src/store/script.ts";
import { openToRead } from "../../src/store/sqlite-file.ts";
import { approved, line, NINE, opened } from "../contracts/store-samples.ts";
import { describeOnPostgres } from "../support/postgres.ts";
import { type MovableClock, movableClock } from "../support/slack-workspace/index.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

interface Opened {
  readonly url: string;
  /** One statement past the store, as somebody with a shell would run it. */
  raw(statement: string): Promise<unknown>;
  /** Tries to delete everything on a connection such as the auditor's. */
  writeWhereItReads(): Promise<unknown>;
  remove(): Promise<void>;
}

function findsEveryFlaw(open: () => Promise<Opened>): void {
  let behind: Opened;
  let store: Store;
  let watch: Watch;
  let clock: MovableClock;
  afterEach(async () => {
    await watch.close();
    await store.close();
    await behind.remove();
  });

  /** Three open requests, one decided one, and what the auditor says of them at first. */
  async function begin() {
    behind = await open();
    clock = movableClock(NINE);
    store = await openStore({ url: behind.url, now: () => clock.now() });
    watch = await openWatch(behind.url, store.watch);
    for (const number of [1, 2, 3]) expect(await store.save(opened(number).step)).toBe("saved");
    const done = opened(4);
    await store.save(done.step);
    await store.save(approved(done.escalation, done.hold, 1));
    await behind.raw("delete from jobs where kind <> 'advance'");
    const audit = auditStore(watch, clock);
    expect(await audit.look()).toEqual([]);
    await audit.idle();
    return audit;
  }
  const kinds = (flaws: readonly Flaw[]) => flaws.map(({ kind, n }) => `${kind} ${n}`);

  it("none, while everything is as it should be", async () => {
    const audit = await begin();
    expect(await audit.look()).toEqual([]);
    expect(audit.trailKnown()).toBe(true);
  });

  it("an open request that nothing wakes", async () => {
    const audit = await begin();
    await behind.raw("delete from jobs where key = 'advance:esc_00000002'");
    const [flaw] = await audit.look();
    expect(flaw).toMatchObject({ kind: "no_wake_up", n: 1 });
    expect(flaw?.words).toContain("1 open request (esc_00000002)");
  });

  it("among more requests than one read has, all of them", async () => {
    const audit = await begin();
    await Promise.all(Array.from({ length: 1_300 }, (_, at) => store.save(opened(at + 10).step)));
    await behind.raw("delete from jobs");
    expect(kinds(await audit.look())).toEqual(["no_wake_up 1303"]);
  });

  it("a wake-up that is overdue by more than two minutes", async () => {
    const audit = await begin();
    await behind.raw(
      `update jobs set due_at = ${NINE - 2 * MINUTE}, ready_at = ${NINE + MINUTE} where key = 'advance:esc_00000001'`,
    );
    expect(await audit.look()).toEqual([]);
    await behind.raw(`update jobs set due_at = ${NINE - 2 * MINUTE - 1} where key = 'advance:esc_00000001'`);
    expect(kinds(await audit.look())).toEqual(["overdue_wake_up 1"]);
  });

  it("wake-ups that a clock or a hand has moved by a day", async () => {
    const audit = await begin();
    await behind.raw(`update jobs set due_at = due_at + ${DAY}, ready_at = ready_at + ${DAY}`);
    expect(kinds(await audit.look())).toEqual(["late_wake_up 3"]);
  });

  it("a clock that has jumped a day ahead", async () => {
    const audit = await begin();
    clock.advance(DAY - MINUTE);
    expect(kinds(await audit.look())).toEqual(["overdue_wake_up 3", "overdue_jobs 3"]);
  });

  it("jobs that have been due for more than five minutes", async () => {
    const audit = await begin();
    await store.save({ jobs: [due("callback", "cb_1", NINE - 5 * MINUTE)], audit: [] });
    expect(await audit.look()).toEqual([]);
    clock.advance(1);
    expect(kinds(await audit.look())).toEqual(["overdue_jobs 1"]);
  });

  describe("in the audit trail", () => {
    const forged = 'update audit set actor = \'{"kind":"person","id":"mallory"}\' where seq = ';

    it("a line that was changed since the last look", async () => {
      const audit = await begin();
      await store.save({
        audit: [line("gesture.refused"), line("gesture.refused"), line("gesture.refused")],
      });
      const [{ seq } = { seq: 0 }] = await store.audit.latest(1);
      await behind.raw(`${forged}${seq - 1}`);
      const [flaw] = await audit.look();
      expect(flaw?.words).toContain(`broken at line ${seq - 1}`);
      // It stays a flaw until somebody has mended it.
      expect(kinds(await audit.look())).toEqual(["broken_trail 1"]);
      expect(audit.trailKnown()).toBe(false);
    });

    it("a line that was changed long ago, within a day", async () => {
      const audit = await begin();
      await behind.raw(`${forged}2`);
      expect(await audit.look()).toEqual([]);
      clock.advance(DAY);
      await audit.look();
      await audit.idle();
      expect(kinds(await audit.look())).toContain("broken_trail 1");
    });

    it("lines that were cut off its end", async () => {
      const audit = await begin();
      const [{ seq } = { seq: 0 }] = await store.audit.latest(1);
      await behind.raw(`delete from audit where seq = ${seq}`);
      const [flaw] = await audit.look();
      expect(flaw?.words).toContain(`line ${seq} was there and is missing now`);
    });

    it("a last line that was exchanged for another whole one", async () => {
      const audit = await begin();
      const [{ seq } = { seq: 0 }] = await store.audit.latest(1);
      await behind.raw(`delete from audit where seq = ${seq}`);
      await store.save({ audit: [line("callback.dead")] });
      expect((await audit.look())[0]?.words).toContain(`line ${seq} is not the one that was there`);
    });
  });

  it("a store that cannot be read", async () => {
    const audit = await begin();
    await behind.raw("alter table jobs rename to jobs_elsewhere");
    expect(kinds(await audit.look())).toEqual(["unreadable_store 1"]);
    await behind.raw("alter table jobs_elsewhere rename to jobs");
    expect(await audit.look()).toEqual([]);
  });

  it("on a connection of its own, which refuses to write", async () => {
    await begin();
    await expect(behind.writeWhereItReads()).rejects.toThrow(/read-?only/);
    expect(await store.escalations.countOpen()).toBe(3);
  });
}

describe("the auditor finds on a SQLite file", () => {
  findsEveryFlaw(async () => {
    const folder = mkdtempSync(join(tmpdir(), "holdpoint-audit-"));
    const path = join(folder, "holdpoint.db");
    return {
      url: `sqlite:${path}`,
      async raw(statement) {
        const database = new Database(path);
        // Whoever holds the file can drop its triggers too.
        for (const trigger of ["audit_no_update", "audit_no_delete"])
          database.exec(`drop trigger if exists ${trigger}`);
        database.exec(statement);
        database.close();
      },
      async writeWhereItReads() {
        const database = openToRead(path);
        try {
          database.exec("delete from jobs");
        } finally {
          database.close();
        }
      },
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

await describeOnPostgres("the auditor finds on Postgres", (newDatabase) => {
  findsEveryFlaw(async () => {
    const { url, query, drop } = await newDatabase();
    return {
      url,
      async raw(statement) {
        await query("alter table audit disable trigger user");
        await query(statement);
        await query("alter table audit enable trigger user");
      },
      async writeWhereItReads() {
        const reader = openPostgresReader(url, "test");
        const deleteAll = reader.prepare(reader.build.delete(reader.tables.jobs));
        await reader.read(() => changesOf(deleteAll, {})).finally(() => reader.close());
      },
      remove: drop,
    };
  });
});

describe("the heartbeat", () => {
  let server: Server;
  afterEach(() => server.close());

  async function listening(status = 200) {
    const pings: string[] = [];
    server = createServer((request, response) => {
      pings.push(`${request.method} ${request.url}`);
      response.writeHead(status).end("OK");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { pings, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/1` };
  }
  const flaw: Flaw = { kind: "overdue_jobs", n: 1, words: "late" };

  async function looksAt(flaws: readonly Flaw[], known: boolean, url: string) {
    const warned: string[] = [];
    const told: (readonly Flaw[])[] = [];
    const auditor = createAuditor({
      audit: { look: async () => flaws, trailKnown: () => known, idle: async () => {} },
      alarm: async (found) => void told.push(found),
      heartbeat: heartbeatTo(url),
      log: { info: () => {}, error: () => {}, warn: (_, words) => void warned.push(words) },
    });
    await Promise.all([auditor.look(), auditor.look()]);
    expect(auditor.flaws()).toEqual(flaws);
    await auditor.stop();
    return { told, warned };
  }

  it("is sent when all is well, once for each look", async () => {
    const { pings, url } = await listening();
    expect((await looksAt([], true, url)).told).toEqual([[]]);
    expect(pings).toEqual(["GET /ping/1"]);
  });

  it("is silent on any flaw, and while nobody knows whether the trail is whole", async () => {
    const { pings, url } = await listening();
    expect((await looksAt([flaw], true, url)).told).toEqual([[flaw]]);
    await looksAt([], false, url);
    expect(pings).toEqual([]);
  });

  it("that is not taken is logged, and stops nothing", async () => {
    const { url } = await listening(500);
    expect((await looksAt([], true, url)).warned).toEqual([expect.stringContaining("HEARTBEAT_URL")]);
  });
});
