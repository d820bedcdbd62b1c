/** The gate before an action: what people decide, what is run then, and what never is. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Gated, GateOptions, HoldpointError } from "../../src/client/index.ts";
import { createHoldpoint } from "../../src/client/index.ts";
import type { AgentClient } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { type MeddlingProxy, startProxy, until } from "./proxy.ts";

const DISCOUNT = { name: "discount", args: { customer: "dana-17", percent: 20 } };
const DANA = { type: "contact", id: "dana-17" };

let house: Holdpoint;
let agent: AgentClient;
let proxy: MeddlingProxy;
let troubles: HoldpointError[];
const run = vi.fn((args: { readonly percent: number }) => `gave ${args.percent} %`);

beforeEach(async () => {
  house = await startHoldpoint({
    settings: (yaml) =>
      yaml.replace("        owner: sarah\n", "        owner: sarah\n        on_silence: expire\n"),
  });
  agent = await house.agent();
  proxy = await startProxy(house.url);
  troubles = [];
  run.mockClear();
});
afterEach(async () => {
  await proxy.close();
  await house.end();
});

function client(patience = 2_000) {
  const onTrouble = (error: HoldpointError) => void troubles.push(error);
  return createHoldpoint({ url: proxy.url, key: agent.key, patience, onTrouble });
}

/** The agent asks; resolves once Sarah has the card, with what comes of it. */
async function asking(options: GateOptions = {}, holdpoint = client()) {
  const asked = Promise.withResolvers<string>();
  const onAsked: GateOptions["onAsked"] = ({ id }) => asked.resolve(id);
  const gated = holdpoint.gate(DISCOUNT, DANA, run, { onAsked, ...options });
  const id = await Promise.race([asked.promise, gated.then((early) => Promise.reject(early))]);
  await house.settle();
  return { id, gated: gated as Promise<Gated<string>> };
}

describe("what the charter lets pass", () => {
  it("is run at once, with nobody asked and nothing to report", async () => {
    const small = { name: "discount", args: { percent: 5 } };
    expect(await client().gate(small, DANA, run)).toEqual({
      ...{ outcome: "ran", value: "gave 5 %", args: { percent: 5 }, escalation: null, reported: false },
    });
    expect(proxy.requests.map((request) => request.split("?")[0])).toEqual([
      "POST /v1/signals",
      "GET /v1/state",
    ]);
  });

  it("waits while somebody has paused the agent, and runs when they resume it", async () => {
    await house.sarah.agent("pause trial-nurture to look at a complaint");
    const gated = client().gate({ name: "discount", args: { percent: 5 } }, DANA, run);
    await until(() => proxy.requests.some((request) => /state\?wait/.test(request)), "a long-poll");
    expect(run).not.toHaveBeenCalled();
    await house.sarah.agent("resume trial-nurture");
    expect(await gated).toMatchObject({ outcome: "ran", value: "gave 5 %" });
  });

  it("comes back with the holds instead of waiting, where that is asked for", async () => {
    await house.sarah.agent("pause trial-nurture to look at a complaint");
    const small = { name: "discount", args: { percent: 5 } };
    expect(await client().gate(small, DANA, run, { whileHeld: "return" })).toMatchObject({
      ...{ outcome: "held", reason: "holds", holds: [{ scope: "agent", placed_by: { id: "sarah" } }] },
    });
    expect(run).not.toHaveBeenCalled();
  });

  it("is asked about as well where what was measured meets a rule", async () => {
    const small = { name: "discount", args: { percent: 5 } };
    const gated = client().gate(small, DANA, run, { measured: { confidence: 0.4 } });
    await until(() => proxy.underWay() === 1 && proxy.requests.length > 3, "the agent to wait");
    await house.settle();
    await house.sarah.press("Approve");
    expect(await gated).toMatchObject({ outcome: "ran", escalation: { trigger: "low_confidence" } });
  });
});

describe("what a person is asked about", () => {
  it("runs with the very arguments that were approved, and Holdpoint is told that it ran", async () => {
    const { id, gated } = await asking();
    expect(run).not.toHaveBeenCalled();
    await house.sarah.press("Approve");
    expect(await gated).toMatchObject({
      ...{ outcome: "ran", value: "gave 20 %", args: DISCOUNT.args, reported: true },
      escalation: { id, decision: { verdict: "approve", by: { id: "sarah" } } },
    });
    expect((await agent.follow(id)).body.outcome).toMatchObject({ executed: true });
    expect(troubles).toEqual([]);
  });

  it("runs with the arguments of the person who changed them", async () => {
    const { gated } = await asking();
    await house.sarah.fill("Edit and approve", { arg1: "10" });
    expect(await gated).toMatchObject({ outcome: "ran", args: { customer: "dana-17", percent: 10 } });
    expect(run).toHaveBeenCalledExactlyOnceWith({ customer: "dana-17", percent: 10 }, expect.anything());
  });

  it("runs what was asked about, also if the caller's object has changed meanwhile", async () => {
    const args = { customer: "dana-17", percent: 20 };
    const gated = client().gate({ name: "discount", args }, DANA, run);
    args.percent = 90;
    await until(() => proxy.underWay() === 1 && proxy.requests.length > 3, "the agent to wait");
    await house.settle();
    await house.sarah.press("Approve");
    expect(await gated).toMatchObject({ outcome: "ran", args: { percent: 20 } });
  });

  it("is not run when it is rejected, and the reason is there", async () => {
    const { gated } = await asking();
    await house.sarah.fill("Reject", { reason: "Dana has the partner price." });
    expect(await gated).toMatchObject({ outcome: "rejected", words: "Dana has the partner price." });
    expect(run).not.toHaveBeenCalled();
  });

  it("is not run when it is answered, and the answer is there", async () => {
    const { gated } = await asking();
    await house.sarah.fill("Answer", { response: "Offer the annual plan instead." });
    expect(await gated).toMatchObject({ outcome: "answered", words: "Offer the annual plan instead." });
    expect(run).not.toHaveBeenCalled();
  });

  it("is not run when nobody decides in time, and that is no person's no", async () => {
    const { gated } = await asking();
    await house.pass(24 * 60 * 60_000);
    expect(await gated).toMatchObject({
      ...{ outcome: "expired", escalation: { status: "expired", decision: null } },
    });
    expect(run).not.toHaveBeenCalled();
  });

  it("is not run when it was withdrawn", async () => {
    const { id, gated } = await asking();
    await client().follow(id).withdraw("The customer has left.");
    expect(await gated).toMatchObject({ outcome: "withdrawn", escalation: { decision: null } });
    expect(run).not.toHaveBeenCalled();
  });

  it("waits on after an approval while something else holds the agent", async () => {
    const { gated } = await asking();
    await house.sarah.agent("pause trial-nurture to look at a complaint");
    await house.sarah.press("Approve");
    await until(() => proxy.requests.some((request) => /state\?wait/.test(request)), "a long-poll");
    expect(run).not.toHaveBeenCalled();
    await house.sarah.agent("resume trial-nurture");
    expect(await gated).toMatchObject({ outcome: "ran" });
  });

  it("is one question when an agent that was restarted asks it again", async () => {
    const first = new AbortController();
    const { id, gated } = await asking({ signal: first.signal });
    first.abort(new Error("restart"));
    await expect(gated).rejects.toThrow("restart");
    const again = await asking();
    expect(again.id).toBe(id);
    await house.sarah.press("Approve");
    expect(await again.gated).toMatchObject({ outcome: "ran" });
  });

  it("confirms its stop only when nothing that it let through runs any more", async () => {
    const holdpoint = client();
    const end = Promise.withResolvers<void>();
    const small = { name: "discount", args: { percent: 5 } };
    const slow = holdpoint.gate(small, undefined, () => end.promise);
    await until(() => proxy.requests.some((request) => /state\?/.test(request)), "the first to run");
    const { gated } = await asking({ measured: { confidence: 0.3 } }, holdpoint);
    const confirmed = () => proxy.requests.filter((request) => request === "POST /v1/state/ack").length;
    expect(confirmed()).toBe(0);
    end.resolve();
    await slow;
    await until(() => confirmed() === 1, "the stop to be confirmed");
    await house.sarah.press("Approve");
    await gated;
  });

  it("throws what the action throws, and Holdpoint is told that it failed", async () => {
    run.mockImplementationOnce(() => {
      throw new Error("the shop is closed");
    });
    const { id, gated } = await asking();
    const failed = expect(gated).rejects.toThrow("the shop is closed");
    await house.sarah.press("Approve");
    await failed;
    expect((await agent.follow(id)).body.outcome).toMatchObject({
      ...{ executed: false, detail: expect.stringContaining("the shop is closed") },
    });
  });
});

describe("what is tampered with on the way", () => {
  it.each([
    ["the arguments of an edit", { verdict: "edit", args: { customer: "dana-17", percent: 90 } }],
    ["an approval with other arguments", { args: { customer: "mallory", percent: 20 } }],
    ["the digest", { action_digest: `sha256:${"0".repeat(64)}` }],
    ["an approval without a digest", { action_digest: null }],
  ])("is never run: %s", async (_, change) => {
    proxy.tamper((body) => (body.decision ? { ...body, decision: { ...body.decision, ...change } } : body));
    const { id, gated } = await asking();
    await house.sarah.press("Approve");
    expect(await gated).toMatchObject({
      ...{ outcome: "held", reason: "tampered", error: { escalation: id } },
    });
    expect(run).not.toHaveBeenCalled();
  });

  it("is never run: people were asked about another action", async () => {
    proxy.tamper((body) => {
      if (body.escalation) body.escalation.action_digest = `sha256:${"0".repeat(64)}`;
      return body;
    });
    expect(await client().gate(DISCOUNT, DANA, run)).toMatchObject({ outcome: "held", reason: "tampered" });
    expect(run).not.toHaveBeenCalled();
  });
});

describe("when Holdpoint cannot be reached", () => {
  it("nothing is run, and the result says why", async () => {
    await proxy.close();
    const gated = await client(300).gate(DISCOUNT, DANA, run);
    expect(gated).toMatchObject({
      outcome: "held",
      reason: "unreachable",
      error: { name: "HoldpointError" },
    });
    expect(run).not.toHaveBeenCalled();
    expect(troubles.every(({ reason }) => reason === "unreachable")).toBe(true);
    expect(JSON.stringify([gated, String((gated as { error?: unknown }).error), troubles])).not.toContain(
      agent.key,
    );
  });

  it("between the charter's yes and the action, nothing is run", async () => {
    proxy.meddle((request, response) => {
      if (!request.url?.startsWith("/v1/state")) return false;
      response.writeHead(502).end("bad gateway");
      return true;
    });
    const small = { name: "discount", args: { percent: 5 } };
    expect(await client(300).gate(small, DANA, run)).toMatchObject({
      ...{ outcome: "held", reason: "unreachable", error: { status: 502 } },
    });
    expect(run).not.toHaveBeenCalled();
  });

  it("an abort ends the wait with the caller's reason, and nothing is run", async () => {
    const ending = new AbortController();
    const { gated } = await asking({ signal: ending.signal });
    ending.abort(new Error("the customer has hung up"));
    await expect(gated).rejects.toThrow("the customer has hung up");
    await until(() => proxy.underWay() === 0, "the connection to be closed");
    expect(run).not.toHaveBeenCalled();
  });
});
