/** May I act? Asked often, by many at once, of a server that may be anything but well. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHoldpoint } from "../../src/client/index.ts";
import { type AgentClient, REQUEST } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { type MeddlingProxy, startProxy, until } from "./proxy.ts";

let house: Holdpoint;
let agent: AgentClient;
let proxy: MeddlingProxy;

beforeEach(async () => {
  house = await startHoldpoint();
  agent = await house.agent();
  proxy = await startProxy(house.url);
});
afterEach(async () => {
  await proxy.close();
  await house.end();
});

const client = (timeout = 5_000) => createHoldpoint({ url: proxy.url, key: agent.key, timeout });
const DANA = { type: "contact", id: "dana-17" };

describe("the state", () => {
  it("is running, or held by what covers the question", async () => {
    const holdpoint = client();
    expect(await holdpoint.state()).toMatchObject({ state: "running" });
    await agent.escalate({ trigger: "question", allow: ["respond"] });
    expect(await holdpoint.state()).toMatchObject({ state: "running" });
    expect(await holdpoint.state({ subject: DANA })).toMatchObject({
      ...{ state: "held", reason: "holds", holds: [{ scope: "subject:contact:dana-17" }] },
    });
  });

  it("that has not changed comes without a body, and is still the answer", async () => {
    const holdpoint = client();
    let bodies = 0;
    proxy.tamper((body) => {
      bodies++;
      return body;
    });
    await agent.escalate();
    const first = await holdpoint.state({ subject: DANA });
    expect(await holdpoint.state({ subject: DANA })).toEqual(first);
    expect(bodies).toBe(1);
    await house.sarah.agent("pause trial-nurture to look at a complaint");
    expect(await holdpoint.state({ subject: DANA })).toMatchObject({ holds: [{}, {}] });
  });

  it("is one request for all who ask the same at the same time, and each may leave alone", async () => {
    const holdpoint = client();
    const leaving = new AbortController();
    const left = holdpoint.state({ subject: DANA, signal: leaving.signal });
    const rest = Array.from({ length: 50 }, () => holdpoint.state({ subject: DANA }));
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    expect(new Set(await Promise.all(rest)).size).toBeGreaterThan(0);
    expect(proxy.requests).toEqual(["GET /v1/state?subject=contact%3Adana-17"]);
  });
});

describe("waiting for a release", () => {
  it("takes one long-poll for everybody who waits, whatever for", async () => {
    await house.sarah.agent("pause trial-nurture to look at a complaint");
    const holdpoint = client();
    const held: string[] = [];
    const released = Array.from({ length: 40 }, (_, at) =>
      holdpoint.whenReleased({
        subject: { type: "contact", id: `c-${at}` },
        onHeld: (state) => void held.push(state.reason),
      }),
    );
    await until(() => held.length === 40 && proxy.underWay() === 1, "all to wait");
    const polls = () => proxy.requests.filter((request) => request.includes("wait=")).length;
    expect(polls()).toBe(1);
    await house.sarah.agent("resume trial-nurture");
    await Promise.all(released);
    expect(polls()).toBe(1);
    expect(new Set(held)).toEqual(new Set(["holds"]));
  });

  it("closes its connection when the last of them has left", async () => {
    await house.sarah.agent("pause trial-nurture to look at a complaint");
    const holdpoint = client();
    const [first, second] = [new AbortController(), new AbortController()];
    const waits = [first, second].map(({ signal }) => holdpoint.whenReleased({ signal }));
    await until(() => proxy.requests.some((request) => request.includes("wait=")), "the long-poll");
    first.abort(new Error("first"));
    await expect(waits[0]).rejects.toThrow("first");
    expect(proxy.underWay()).toBe(1);
    second.abort(new Error("second"));
    await expect(waits[1]).rejects.toThrow("second");
    await until(() => proxy.underWay() === 0, "the connection to be closed");
  });

  it("outlasts an outage, and says meanwhile that nobody can tell", async () => {
    let down = true;
    proxy.meddle((_, response) => {
      if (down) response.writeHead(500).end();
      return down;
    });
    const reasons: string[] = [];
    const released = client().whenReleased({ onHeld: ({ reason }) => void reasons.push(reason) });
    await until(() => reasons.length > 1, "the outage to be told");
    down = false;
    await released;
    expect(new Set(reasons)).toEqual(new Set(["unreachable"]));
  });
});

describe("a stop", () => {
  it("is confirmed for the holds of this moment", async () => {
    await agent.escalate(REQUEST);
    const holdpoint = client();
    await holdpoint.acknowledge();
    expect((await agent.confirm((await agent.state()).body.version)).body.confirmed).toEqual([]);
  });
});

describe("whatever is no answer of Holdpoint's", () => {
  const RUNNING = { agent: "trial-nurture", state: "running", holds: [], narrower: 0, version: 1 };
  const json = { "content-type": "application/json", etag: '"v1"' };

  it.each([
    ["a page of HTML", 200, { "content-type": "text/html" }, "<h1>Welcome</h1>", "bad_answer"],
    ["half of it", 200, json, JSON.stringify(RUNNING).slice(0, 30), "bad_answer"],
    ["nothing", 200, json, "", "bad_answer"],
    ["null", 200, json, "null", "bad_answer"],
    ["an unknown state", 200, json, JSON.stringify({ ...RUNNING, state: "ok" }), "bad_answer"],
    ["no holds", 200, json, JSON.stringify({ ...RUNNING, holds: undefined }), "bad_answer"],
    [
      "running with a hold",
      200,
      json,
      JSON.stringify({ ...RUNNING, holds: [{ id: "hold_1" }] }),
      "bad_answer",
    ],
    ["a 304 nobody asked for", 304, { etag: '"v1"' }, "", "bad_answer"],
    ["a 204", 204, {}, "", "bad_answer"],
    ["a redirection", 307, { location: "/v1/state?elsewhere=1" }, "", "bad_answer"],
    ["somebody else's 404", 404, { "content-type": "text/plain" }, "not here", "bad_answer"],
    ["a fault", 500, { "content-type": "application/problem+json" }, "{}", "unreachable"],
    ["too many requests", 429, { "retry-after": "1" }, "", "unreachable"],
  ] as const)("is held: %s", async (_, status, headers, body, reason) => {
    proxy.meddle((request, response) => {
      if (request.url?.includes("elsewhere")) response.writeHead(200, json).end(JSON.stringify(RUNNING));
      else response.writeHead(status, headers).end(body);
      return true;
    });
    expect(await client().state()).toMatchObject({
      state: "held",
      reason,
      error: { name: "HoldpointError" },
    });
  });

  it("is held: an answer that never ends", async () => {
    proxy.meddle((_, response) => {
      response.writeHead(200, json).write(JSON.stringify(RUNNING).slice(0, 20));
      return true;
    });
    expect(await client(150).state()).toMatchObject({ state: "held", reason: "unreachable" });
  });

  it("is held: nobody there at all, and no key is told to anybody", async () => {
    await proxy.close();
    const state = await client().state();
    expect(state).toMatchObject({ state: "held", reason: "unreachable" });
    expect(JSON.stringify(state)).not.toContain(agent.key);
  });
});
