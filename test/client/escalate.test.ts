/** Escalating and waiting for a decision: what comes back, and what the wait survives. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { approvedArgs, createHoldpoint, type HoldpointError } from "../../src/client/index.ts";
import { type AgentClient, REQUEST } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { type MeddlingProxy, startProxy, until } from "./proxy.ts";

let house: Holdpoint;
let agent: AgentClient;
let proxy: MeddlingProxy;
let folder: string;
let troubles: HoldpointError[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-client-"));
  house = await startHoldpoint({
    database: `sqlite:${join(folder, "holdpoint.db")}`,
    settings: (yaml) =>
      yaml.replace("        owner: sarah\n", "        owner: sarah\n        on_silence: expire\n"),
  });
  agent = await house.agent();
  proxy = await startProxy(house.url);
  troubles = [];
});
afterEach(async () => {
  await proxy.close();
  await house.end();
  rmSync(folder, { recursive: true, force: true });
});

function client(url = proxy.url) {
  const onTrouble = (error: HoldpointError) => void troubles.push(error);
  return createHoldpoint({ url, key: agent.key, patience: 2_000, onTrouble });
}

async function raise(holdpoint = client()) {
  const raised = await holdpoint.escalate({ ...REQUEST, state: { turn: 7 } });
  await house.settle();
  return raised;
}

describe("a decision", () => {
  it("comes with everything the person said, and with the agent's own state", async () => {
    const raised = await raise();
    expect(raised.accepted).toMatchObject({
      id: raised.id,
      owner: { id: "sarah" },
      hold: { scope: "agent" },
    });
    const decision = raised.decision();
    await house.sarah.fill("Reject", { reason: "She asked us not to write before Friday." });
    expect(await decision).toMatchObject({
      ...{ status: "decided", state: { turn: 7 } },
      decision: {
        verdict: "reject",
        reason: "She asked us not to write before Friday.",
        by: { id: "sarah" },
      },
    });
  });

  it("that nobody took is expired, and one taken back is withdrawn: neither is a person's no", async () => {
    const expired = await raise();
    await house.pass(24 * 60 * 60_000);
    expect(await expired.decision()).toMatchObject({ status: "expired", decision: null });
    const withdrawn = await raise();
    await withdrawn.withdraw("The customer has left.");
    await withdrawn.withdraw("The answer to that was lost.");
    expect(await withdrawn.decision()).toMatchObject({ status: "withdrawn", decision: null });
  });

  it("gives arguments to act with only where it approves them", async () => {
    const raised = await raise();
    await house.sarah.fill("Reject", { reason: "Not before Friday." });
    const settled = await raised.decision();
    if (settled.status !== "decided") throw new Error(settled.status);
    await expect(approvedArgs(REQUEST.action, settled)).rejects.toMatchObject({ reason: "refused" });
  });

  it("can be waited for by another process that knows the id, and its outcome reported", async () => {
    const { id } = await raise();
    await house.sarah.press("Approve");
    const found = client().follow(id);
    expect(await found.decision()).toMatchObject({ decision: { verdict: "approve" } });
    await found.outcome({ executed: true, detail: "Sent." });
    expect((await agent.follow(id)).body.outcome).toMatchObject({ executed: true, detail: "Sent." });
  });
});

describe("the wait", () => {
  it("survives a server that answers 503 for a while, and cut connections", async () => {
    const raised = await raise();
    let failures = 0;
    proxy.meddle((_, response) => {
      if (failures++ > 2) return false;
      if (failures % 2) response.writeHead(503, { "retry-after": "0" }).end();
      else response.destroy();
      return true;
    });
    const decision = raised.decision();
    await until(() => failures > 3 && proxy.underWay() === 1, "the long-poll to stand");
    proxy.drop();
    await until(() => troubles.length === 4 && proxy.underWay() === 1, "the next long-poll to stand");
    await house.sarah.press("Approve");
    expect(await decision).toMatchObject({ status: "decided" });
    expect(troubles.map(({ status }) => status)).toEqual([503, undefined, 503, undefined]);
  });

  it("survives a restart of the server, in which the decision is taken", async () => {
    let target = house.url;
    await proxy.close();
    proxy = await startProxy(() => target);
    const raised = await raise();
    const decision = raised.decision();
    await until(() => proxy.underWay() === 1 && proxy.requests.length === 2, "the long-poll to stand");
    house = await house.restart();
    await house.sarah.press("Approve");
    target = house.url;
    expect(await decision).toMatchObject({ status: "decided", decision: { verdict: "approve" } });
    expect(troubles.length).toBeGreaterThan(0);
  });

  it("ends with the caller's reason when it is aborted, and leaves no connection behind", async () => {
    const raised = await raise();
    const ending = new AbortController();
    const decision = raised.decision({ signal: ending.signal });
    await until(() => proxy.underWay() === 1 && proxy.requests.length === 2, "the long-poll to stand");
    ending.abort(new Error("no longer needed"));
    await expect(decision).rejects.toThrow("no longer needed");
    await until(() => proxy.underWay() === 0, "the connection to be closed");
    await expect(raised.decision({ signal: ending.signal })).rejects.toThrow("no longer needed");
  });
});

describe("an escalation", () => {
  it("is raised once, however often its answer is lost on the way", async () => {
    let lost = 0;
    proxy.tamper((body) => {
      if (lost++ < 2) throw new Error("lost");
      return body;
    });
    await raise();
    expect(troubles.length).toBe(2);
    const { body } = await house.admin("GET", "/v1/escalations?agent=trial-nurture");
    expect(body.escalations).toHaveLength(1);
  });

  it("is the same one for the same key", async () => {
    const first = await client().escalate(REQUEST, { idempotencyKey: "turn-7" });
    const second = await client().escalate(REQUEST, { idempotencyKey: "turn-7" });
    expect(second.id).toBe(first.id);
  });

  it("that is refused says which field is wrong, at once", async () => {
    const wrong = client().escalate({ ...REQUEST, respond_within: "soon" });
    await expect(wrong).rejects.toMatchObject({
      ...{ name: "HoldpointError", reason: "refused", status: 422, code: "invalid" },
      errors: [{ pointer: "/respond_within" }],
    });
    expect(troubles).toEqual([]);
  });

  it("of an agent whose key is not valid is refused, and its wait too", async () => {
    const stranger = createHoldpoint({ url: house.url, key: `${agent.key.slice(0, -4)}AAAA` });
    await expect(stranger.escalate(REQUEST)).rejects.toMatchObject({ reason: "refused", status: 401 });
    const { id } = await raise();
    await expect(stranger.follow(id).decision()).rejects.toMatchObject({ reason: "refused", status: 401 });
  });
});

it("takes no key that can't be an agent's, and does not print one", () => {
  expect(() => createHoldpoint({ url: house.url, key: "" })).toThrow(/holdpoint keys create/);
  expect(JSON.stringify(client())).toBe("{}");
});
