/** A disk that can't keep up: agents are sent away early, people go on deciding, and the load balancer is told. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { callWith } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { type SlowDisk, slowDisk } from "../support/slow-disk.ts";

let folder: string;
let disk: SlowDisk;
let house: Holdpoint;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-slow-"));
  disk = slowDisk();
  house = await startHoldpoint({ database: `sqlite:${join(folder, "holdpoint.db")}` });
});
afterEach(async () => {
  disk.takes(0);
  await house.end();
  disk.remove();
  rmSync(folder, { recursive: true });
});

it("on a disk that takes seconds for a sync, agents are told to come back and a click is still a decision", async () => {
  const agent = await house.agent();
  const asked = await agent.escalate();
  await house.settle();

  disk.takes(2_300);
  // The first to meet it waits like everybody; after it, the disk is known.
  expect((await agent.escalate({ summary: "Another one" })).status).toBe(202);
  const refused = await agent.escalate({ summary: "One too many" });
  expect([refused.status, refused.headers.get("content-type"), refused.body.title]).toEqual([
    ...[503, "application/problem+json; charset=utf-8", "Not possible right now"],
  ]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  const signal = await agent.signal({
    signal: { confidence: 0.2 },
    action: { name: "send_email", args: {} },
  });
  expect(signal.status).toBe(503);
  const humanLayer = callWith(house.url, agent.key);
  const call = { run_id: "run-1", call_id: "call-1", spec: { fn: "send_email", kwargs: { to: "dana" } } };
  const compat = await humanLayer("POST", "/humanlayer/v1/function_calls", call);
  expect([compat.status, Number(compat.headers.get("retry-after"))]).toEqual([
    503,
    expect.toSatisfy((s) => s >= 1),
  ]);

  expect((await agent.state()).body).toMatchObject({ state: "held" });
  const ready = await house.admin("GET", "/readyz");
  expect([ready.status, ready.body]).toEqual([
    200,
    { ready: true, reasons: [expect.stringContaining("new work is refused")] },
  ]);
  expect(await house.sarah.press("Approve")).toMatchObject({ outcome: "acknowledged" });
  expect((await agent.follow(asked.body.id)).body).toMatchObject({ status: "decided" });

  disk.takes(0);
  // Whatever is committed shows that the disk is well; here it is the work that was left.
  while ((await agent.escalate({ summary: "One too many" })).status === 503) await house.settle();
  expect((await house.admin("GET", "/readyz")).body).toEqual({ ready: true, reasons: [] });
  const { text } = await house.admin("GET", "/v1/metrics");
  expect(text).toMatch(/^holdpoint_new_work_refused_total [1-9]\d*$/m);
});
