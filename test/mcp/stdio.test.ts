/** `holdpoint mcp`: the same tools in a process of their own, for a Holdpoint elsewhere, and what it says when there is none. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ACTION } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { type McpClient, overHttp, overStdio } from "./mcp-client.ts";

let house: Holdpoint;
let mcp: McpClient;
let key: string;
beforeAll(async () => {
  house = await startHoldpoint();
  ({ key } = await house.agent());
  mcp = await overStdio(house.url, key);
});
afterAll(async () => {
  await mcp.close();
  await house.end();
});

it("offers the very tools that /mcp offers", async () => {
  const web = await overHttp(house.url, key);
  expect((await mcp.client.listTools()).tools).toEqual((await web.client.listTools()).tools);
  expect(mcp.client.getServerVersion()).toEqual(web.client.getServerVersion());
  await web.close();
});

it("asks, waits, is woken, and reports", async () => {
  const { facts } = await mcp.call("request_decision", {
    summary: "Discount",
    reason: "She asks.",
    action: ACTION,
  });
  expect((await mcp.call("get_state", { action: ACTION })).facts.state).toBe("held");
  const waiting = mcp.call("await_decision", { id: facts.id, wait: 55 });
  await house.somebodyWaits();
  await house.settle();
  await house.sarah.press("Approve");
  expect((await waiting).facts.decision).toMatchObject({ verdict: "approve", args: ACTION.args });
  const reported = await mcp.call("report_outcome", { id: facts.id, executed: true });
  expect(reported.facts).toEqual({ id: facts.id, recorded: true });
  expect((await mcp.call("get_state", { action: ACTION })).facts.state).toBe("running");
});

it("calls every other tool as /mcp does", async () => {
  expect((await mcp.call("ask_human", { question: "Which plan?", wait: 0 })).facts.status).toBe("pending");
  const proceed = await mcp.call("check_signal", { action: { name: "in_app_message", args: {} } });
  expect(proceed.facts.verdict).toBe("proceed");
  expect((await mcp.call("flag", { words: "Odd." })).facts.hold).toBeNull();
  const { version } = (await mcp.call("get_state")).facts;
  expect((await mcp.call("confirm_stopped", { version })).facts.version).toBe(version);
  const input = { to: "dana@example.com" };
  await house.admin("POST", "/v1/agents/trial-nurture/holds", { reason: "Stop." });
  const { text } = await mcp.call("permission_prompt", { tool_name: "in_app_message", input });
  expect(JSON.parse(text)).toMatchObject({ behavior: "deny", message: expect.stringMatching(/Stop\./) });
});

it("gives the API's words when it refuses", async () => {
  const { failed, text } = await mcp.call("await_decision", { id: "esc_1" });
  expect([failed, text]).toEqual([true, expect.stringMatching(/There is no such escalation/)]);
  const stranger = await overStdio(house.url, `hp_trial-nurture_${"x".repeat(43)}`);
  const unknown = await stranger.call("get_state");
  expect([unknown.failed, unknown.text]).toEqual([
    true,
    expect.stringMatching(/not known.*keys create <agent>/s),
  ]);
  await stranger.close();
});

it("treats everything as held while Holdpoint cannot be reached, and says so", async () => {
  const lost = await overStdio("http://127.0.0.1:9", key);
  const calls = [
    ["request_decision", { summary: "s", reason: "r" }],
    ["await_decision", { id: "esc_1" }],
    ["ask_human", { question: "?" }],
    ["check_signal", {}],
    ["get_state", {}],
    ["report_outcome", { id: "esc_1", executed: false }],
    ["flag", { words: "?" }],
  ] as const;
  for (const [tool, args] of calls) {
    const { failed, text } = await lost.call(tool, args);
    expect(failed, tool).toBe(true);
    expect(text).toMatch(/cannot be reached at http:\/\/127\.0\.0\.1:9 \(.+\).*treat the action as held/);
  }
  const { text, failed } = await lost.call("permission_prompt", { tool_name: "Bash", input: {} });
  expect(failed).toBe(false);
  expect(JSON.parse(text)).toEqual({
    behavior: "deny",
    message: expect.stringMatching(
      /^Nobody has decided this, so it may not run\. Holdpoint cannot be reached/,
    ),
  });
  await lost.close();
});

it("does not start without a key, or with settings it can't read", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bin/holdpoint.js", "mcp"], {
    env: { HOLDPOINT_URL: "ftp://x", HOLDPOINT_PERMISSION_WAIT: "soon" },
    encoding: "utf8",
  });
  expect([status, stdout]).toEqual([78, ""]);
  for (const word of ["HOLDPOINT_KEY", "HOLDPOINT_URL", "HOLDPOINT_PERMISSION_WAIT"])
    expect(stderr).toContain(word);
});

it("ends with its client", async () => {
  const child = spawn(process.execPath, ["bin/holdpoint.js", "mcp"], {
    env: { HOLDPOINT_URL: house.url, HOLDPOINT_KEY: key },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end();
  expect(await once(child, "exit")).toEqual([0, null]);
});
