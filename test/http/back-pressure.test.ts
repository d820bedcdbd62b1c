/** New work that is refused while commits are behind, and everything else that goes on meanwhile. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { USUAL_LIMITS } from "../../src/http/door.ts";
import { type House, openHouse, REQUEST } from "./house.ts";

let house: House;
/** Milliseconds that new work would wait for its commit. */
let wait: number;
beforeEach(async () => {
  wait = 0;
  house = await openHouse({}, { pressure: () => ({ waiting: 7, expectedMs: wait }) });
});
afterEach(() => house.close());

const raise = () => house.call("POST", "/v1/escalations", { body: REQUEST });
const ready = () => house.call("GET", "/readyz", { key: null });

describe("while commits are behind", () => {
  it("an agent's new request is refused before it is read, in words and with the time to come back", async () => {
    expect((await raise()).status).toBe(202);
    wait = 2_400;
    const refused = await raise();
    expect([refused.status, refused.headers.get("retry-after"), refused.json.type]).toEqual([
      ...[503, "3", "urn:holdpoint:problem:unavailable"],
    ]);
    expect(refused.json.detail).toBe(
      "The disk is behind: a new request would wait for about 2.4 s, and 1 s is the most. Nothing was stored: send this again after the time in Retry-After, with the same Idempotency-Key.",
    );
    expect((await house.call("POST", "/v1/escalations", { body: "not JSON" })).status).toBe(503);
    expect((await house.call("POST", "/v1/signals", { body: { signal: { confidence: 0.9 } } })).status).toBe(
      503,
    );
    expect(
      (await house.call("POST", `/v1/hooks/${house.agent.id}`, { key: null, body: REQUEST })).status,
    ).toBe(503);
    expect(await house.store.escalations.countOpen()).toBe(1);
  });

  it("a stranger still hears that nobody knows the key", async () => {
    wait = 2_400;
    const key = `hp_trial-nurture_${"x".repeat(43)}`;
    expect((await house.call("POST", "/v1/escalations", { key, body: REQUEST })).status).toBe(401);
  });

  it("what is under way goes on: states, follow-ups, withdrawals, and an administrator's hold", async () => {
    const { id } = (await raise()).json;
    wait = 60_000;
    expect((await house.call("GET", "/v1/state")).json).toMatchObject({ state: "held" });
    expect((await house.call("GET", `/v1/escalations/${id}`)).status).toBe(200);
    const withdrawn = await house.call("POST", `/v1/escalations/${id}/withdraw`, {
      body: { reason: "Done by hand" },
    });
    expect(withdrawn.status).toBe(200);
    const held = await house.call("POST", "/v1/agents/all/holds", {
      key: house.adminKey,
      body: { reason: "Stop" },
    });
    expect(held.status).toBe(201);
  });

  it("nobody is sent away for longer than half a minute", async () => {
    wait = 3_600_000;
    expect((await raise()).headers.get("retry-after")).toBe("30");
  });

  it("new work is taken again once half of the bound is met, and the log has one line for each change", async () => {
    const told: number[] = [];
    for (const ms of [900, 1_100, 900, 600, 400, 900]) {
      wait = ms;
      told.push((await raise()).status);
    }
    expect(told).toEqual([202, 503, 503, 503, 202, 202]);
    expect(house.logged.map(({ words }) => words).filter((words) => words.startsWith("commits"))).toEqual([
      "commits are behind: new work is refused",
      "commits have caught up: new work is taken again",
    ]);
  });

  it("/readyz tells of it at once, and says no only when it has stood for a minute", async () => {
    wait = 5_000;
    const first = await ready();
    expect([first.status, first.json]).toEqual([
      200,
      { ready: true, reasons: [expect.stringContaining("new work is refused, for 0 s")] },
    ]);
    house.move(USUAL_LIMITS.behindMs - 1);
    expect((await ready()).status).toBe(200);
    house.move(1);
    const late = await ready();
    expect([late.status, late.json.ready, late.json.reasons]).toEqual([
      ...[503, false],
      [expect.stringContaining("for 60 s")],
    ]);
    wait = 0;
    expect((await ready()).json).toEqual({ ready: true, reasons: [] });
  });

  it("metrics have the line, the wait and the refusals", async () => {
    wait = 1_500;
    await raise();
    await raise();
    const { text } = await house.call("GET", "/v1/metrics", { key: house.adminKey });
    expect(text.split("\n")).toEqual(
      expect.arrayContaining([
        "holdpoint_commits_waiting 7",
        "holdpoint_commit_wait_seconds 1.5",
        "holdpoint_new_work_refused_total 2",
      ]),
    );
  });
});
