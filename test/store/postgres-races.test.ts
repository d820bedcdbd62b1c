/** Several replicas and one Postgres database: starting at once, deciding at once, working at once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import type { EscalationId } from "../../src/domain/ids.ts";
import { isGone, ON_THIS_MACHINE, THIS_PROCESS } from "../../src/store/lease-owner.ts";
import { openStore } from "../../src/store/open-store.ts";
import { TURN } from "../../src/store/postgres-writer.ts";
import { verifyAudit } from "../../src/store/verify-audit.ts";
import { approved, numbered, opened } from "../contracts/store-samples.ts";
import { type Database, describeOnPostgres } from "../support/postgres.ts";

const WRITER = fileURLToPath(new URL("./writer.ts", import.meta.url));

await describeOnPostgres("replicas on one Postgres database", (newDatabase) => {
  let database: Database;
  let replicas: readonly [Store, Store, Store];
  beforeEach(async () => {
    database = await newDatabase();
    const open = (owner: string) => openStore({ url: database.url, owner });
    replicas = await Promise.all([open("a"), open("b"), open("c")]);
  });
  afterEach(async () => {
    await Promise.all(replicas.map((store) => store.close()));
    await database.drop();
  });
  const replica = (number: number) => replicas[number % 3] as Store;
  const put = (key: string, at: number) =>
    replicas[0].save({ jobs: [{ key, kind: "publish", ref: key, at }], audit: [] });

  it("let exactly one of twenty simultaneous deciders win, wherever they decide", async () => {
    for (let round = 1; round <= 5; round++) {
      const { escalation, hold, step } = opened(round);
      await replicas[0].save(step);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, by) => replica(by).save(approved(escalation, hold, by))),
      );
      expect(answers.filter((one) => one === "saved")).toHaveLength(1);
      const winner = answers.indexOf("saved");
      for (const store of replicas) {
        const decided = await store.escalations.find(escalation.id);
        expect(decided?.decision?.by.name).toBe(`Person ${winner}`);
      }
    }
    expect(await verifyAudit(replicas[1].audit)).toMatchObject({ ok: true });
  });

  it("keep one chain of audit lines while all of them write, and answer each key once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, at) => {
        const number = at + 1;
        const key = String(Math.floor(at / 2));
        const answer = { scope: "a", key, bodyHash: "h", status: 202, body: String(number), at: number };
        return replica(number).save({ ...opened(number).step, answer });
      }),
    );
    expect(answers.filter((one) => one === "saved")).toHaveLength(150);
    expect(await replicas[2].escalations.countOpen()).toBe(150);
    expect(await verifyAudit(replicas[2].audit)).toMatchObject({ ok: true, lines: 300 });
  });

  it("write when it is their turn, and claim jobs out of turn", async () => {
    await put("a", 10);
    await database.query(`select pg_advisory_lock(${TURN})`);
    let saved = false;
    const saving = replicas[0].save(opened(1).step).then(() => {
      saved = true;
    });
    expect(await replicas[1].jobs.claim(10, 1, 1)).toHaveLength(1);
    expect(await replicas[0].escalations.countOpen()).toBe(0);
    expect(saved).toBe(false);
    await database.query(`select pg_advisory_unlock(${TURN})`);
    await saving;
  });

  it("hand out no job twice", async () => {
    const keys = Array.from({ length: 200 }, (_, at) => `job-${at}`);
    await Promise.all(keys.map((key, at) => put(key, at)));
    const got: string[] = [];
    await Promise.all(
      replicas.map(async (store) => {
        for (;;) {
          const jobs = await store.jobs.claim(1_000, 7, 30_000);
          if (jobs.length === 0) return;
          for (const job of jobs) {
            got.push(job.key);
            expect(await store.jobs.finish(job)).toBe(true);
          }
        }
      }),
    );
    expect(got.toSorted()).toEqual(keys.toSorted());
  });

  it("give a stopped replica's job away when its lease is over, and refuse it when it wakes", async () => {
    await put("a", 10);
    const [stopped] = await replicas[0].jobs.claim(10, 1, 30_000);
    expect(await replicas[1].jobs.claim(30_009, 1, 30_000)).toEqual([]);
    const [taken] = await replicas[1].jobs.claim(90_000, 1, 30_000);
    if (!stopped || !taken) throw new Error("both should have got it");
    expect(taken.fence).toBeGreaterThan(stopped.fence);
    expect(await replicas[0].jobs.finish(stopped)).toBe(false);
    expect(await replicas[0].jobs.retry(stopped, 1, "late")).toBe(false);
    expect(await replicas[1].jobs.finish(taken)).toBe(true);
  });

  it("leave alone what processes of other machines have leased", () => {
    const other = `${THIS_PROCESS.replace(/^\d+/, "4194304")}@another-host//4026531836`;
    expect(isGone(other)).toBe(false);
    expect(isGone(ON_THIS_MACHINE)).toBe(false);
    expect(isGone(ON_THIS_MACHINE.replace(/^\d+\.[^@]+/, "4194304.another-start"))).toBe(true);
  });
});

await describeOnPostgres("processes on one Postgres database", (newDatabase) => {
  const start = (task: string, url: string) => {
    const child = spawn(process.execPath, [WRITER, task, url], { stdio: "pipe" });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => {
        output += data.toString();
      });
    return { child, output: () => output };
  };
  /** Resolves once the process has printed enough lines. */
  const printed = ({ child, output }: ReturnType<typeof start>, count: number) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output().split("\n").length > count) resolve();
      };
      child.stdout.on("data", look);
      child.on("exit", () => reject(new Error(`it ended early: ${output()}`)));
      look();
    });

  it("may start at once while it has no tables yet", async () => {
    const database = await newDatabase("empty");
    const all = [1, 2, 3, 4].map(() => start("boot", database.url));
    await Promise.all(all.map((one) => printed(one, 1)));
    for (const { child } of all) child.stdin.write("go\n");
    await Promise.all(all.map(({ child }) => once(child, "close")));
    expect(all.map(({ output }) => output())).toEqual(all.map(() => "ready\nopened\n"));
    expect(await database.query("select name from migrations")).toHaveLength(2);
    await database.drop();
  });

  it("lose nothing that was acknowledged when one is killed", async () => {
    const database = await newDatabase();
    const writer = start("write", database.url);
    await printed(writer, 200);
    writer.child.kill("SIGKILL");
    await once(writer.child, "close");
    // The last line may have been cut by the kill.
    const acknowledged = writer.output().split("\n").slice(0, -1).map(Number);
    const store = await openStore({ url: database.url });
    for (const number of acknowledged) {
      expect(await store.escalations.find(numbered("esc", number) as EscalationId)).toBeDefined();
    }
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
    await store.close();
    await database.drop();
  });
});
