/** Several processes and one SQLite file: starting at once, being killed, and leaving leases behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EscalationId } from "../../src/domain/ids.ts";
import { isGone, THIS_PROCESS } from "../../src/store/lease-owner.ts";
import { openStore } from "../../src/store/open-store.ts";
import { verifyAudit } from "../../src/store/verify-audit.ts";
import { numbered, opened } from "../contracts/store-samples.ts";
import { scratch } from "./open-sqlite.ts";

let folder: ReturnType<typeof scratch>;
beforeEach(() => {
  folder = scratch();
});
afterEach(() => folder.remove());

const WRITER = fileURLToPath(new URL("./writer.ts", import.meta.url));

function start(task: string, path: string): { readonly child: ChildProcess; readonly output: () => string } {
  const child = spawn(process.execPath, [WRITER, task, path], { stdio: "pipe" });
  let output = "";
  child.stdout?.on("data", (data: Buffer) => {
    output += data.toString();
  });
  child.stderr?.on("data", (data: Buffer) => {
    output += data.toString();
  });
  return { child, output: () => output };
}

/** Resolves once the process has printed enough lines. */
function lines({ child, output }: ReturnType<typeof start>, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (output().split("\n").length > count) resolve();
    };
    child.stdout?.on("data", look);
    child.on("exit", () => reject(new Error(`it ended early: ${output()}`)));
    look();
  });
}

describe("processes on one file", () => {
  it("may start at once on a database that is not there yet", async () => {
    const path = folder.path("holdpoint.db");
    const all = [1, 2, 3, 4].map(() => start("open", path));
    await Promise.all(all.map((one) => lines(one, 1)));
    for (const { child } of all) child.stdin?.write("go\n");
    await Promise.all(all.map(({ child }) => once(child, "close")));
    expect(all.map(({ output }) => output())).toEqual(all.map(() => "ready\nopened\n"));
    const store = await openStore({ url: `sqlite:${path}.1` });
    await store.ping();
    await store.close();
  });

  it("lose nothing that was acknowledged when one is killed", async () => {
    const path = folder.path("holdpoint.db");
    const writer = start("write", path);
    await lines(writer, 200);
    writer.child.kill("SIGKILL");
    await once(writer.child, "close");
    // The last line may have been cut by the kill.
    const acknowledged = writer.output().split("\n").slice(0, -1).map(Number);
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    const store = await openStore({ url: `sqlite:${path}` });
    for (const number of acknowledged) {
      const { escalation, hold } = opened(number);
      expect(await store.escalations.find(numbered("esc", number) as EscalationId)).toEqual(escalation);
      expect(hold && (await store.holds.find(hold.id))).toEqual(hold);
    }
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
    await store.close();
  });

  it("free at once the jobs of one that was killed, and leave those of one that lives", async () => {
    const path = folder.path("holdpoint.db");
    const store = await openStore({ url: `sqlite:${path}` });
    await store.save({ jobs: [{ key: "a", kind: "publish", ref: "a", at: 1 }], audit: [] });
    const claimer = start("claim", path);
    await lines(claimer, 1);
    const beside = await openStore({ url: `sqlite:${path}` });
    expect(await beside.jobs.claim(10, 10, 100)).toEqual([]);
    claimer.child.kill("SIGKILL");
    await once(claimer.child, "close");
    const after = await openStore({ url: `sqlite:${path}` });
    expect((await after.jobs.claim(10, 10, 100)).map((job) => job.key)).toEqual(["a"]);
    for (const one of [store, beside, after]) await one.close();
  });
});

describe("a lease's owner", () => {
  it("is gone when its process is, or when this process has its number by now", () => {
    expect(isGone(THIS_PROCESS)).toBe(false);
    expect(isGone(`${process.pid}.another-start`)).toBe(true);
    expect(isGone(`${process.ppid}.any`)).toBe(false);
    expect(isGone("4194304.any")).toBe(true); // above the largest process number Linux gives
    expect(isGone("a name of somebody's own")).toBe(false);
  });
});
