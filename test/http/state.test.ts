/** May I act? The hot path. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { agentState } from "../../src/http/answer-schemas.ts";
import { type House, openHouse, REQUEST } from "./house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const pauseAgent = (agent = "trial-nurture", reason = "Looks odd") =>
  house.call("POST", `/v1/agents/${agent}/holds`, { key: house.adminKey, body: { reason } });

it("says running while nothing holds the agent, and held as soon as something does", async () => {
  const before = await house.call("GET", "/v1/state");
  expect(before.json).toEqual({
    agent: "trial-nurture",
    state: "running",
    holds: [],
    narrower: 0,
    version: 0,
  });
  const { json: hold } = await pauseAgent();
  const after = await house.call("GET", "/v1/state");
  expect(after.json).toMatchObject({
    state: "held",
    version: 1,
    holds: [{ id: hold.id, scope: "agent", reason: "Looks odd" }],
  });
  expect(agentState.parse(after.json)).toEqual(after.json);
});

it("holds every agent while the fleet is held", async () => {
  const other = await house.newAgent("renewals");
  await pauseAgent("all");
  for (const key of [house.agent.key, other.key]) {
    const state = await house.call("GET", "/v1/state", { key });
    expect(state.json).toMatchObject({ state: "held", holds: [{ scope: "fleet" }] });
  }
});

it("counts narrower holds, and lists them when what they stop is named", async () => {
  const raised = await house.call("POST", "/v1/escalations", {
    body: { ...REQUEST, trigger: "question", subject: { type: "contact", id: "123" } },
  });
  expect(raised.json.hold.scope).toBe("subject:contact:123");
  expect((await house.call("GET", "/v1/state")).json).toMatchObject({
    state: "running",
    holds: [],
    narrower: 1,
  });
  const asked = await house.call("GET", "/v1/state?subject=contact:123");
  expect(asked.json).toMatchObject({ state: "held", narrower: 0, holds: [{ escalation: raised.json.id }] });
  const other = await house.call("GET", "/v1/state?subject=contact:124&capability=send_email");
  expect(other.json).toMatchObject({ state: "running", narrower: 1 });
});

it("answers 304 to whoever has the current version, and 200 to whoever has not", async () => {
  const first = await house.call("GET", "/v1/state");
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toBe('"v0"');
  for (const sent of [etag, `W/${etag}`, `"v7", ${etag}`, "*"]) {
    const again = await house.call("GET", "/v1/state", { headers: { "if-none-match": sent } });
    expect([again.status, again.text, again.headers.get("etag")]).toEqual([304, "", etag]);
  }
  await pauseAgent();
  const later = await house.call("GET", "/v1/state", { headers: { "if-none-match": etag } });
  expect([later.status, later.headers.get("etag")]).toEqual([200, '"v1"']);
});

it("wakes an agent that waits for its release", async () => {
  const { json: hold } = await pauseAgent();
  const waiting = house.call("GET", "/v1/state?wait=30", { headers: { "if-none-match": '"v1"' } });
  await waitersToBe(1);
  await house.call("DELETE", `/v1/agents/trial-nurture/holds/${hold.id}`, { key: house.adminKey });
  expect((await waiting).json).toMatchObject({ state: "running", version: 2 });
});

it("answers at once when the version that was sent is no longer the current one", async () => {
  await pauseAgent();
  const answer = await house.call("GET", "/v1/state?wait=60", { headers: { "if-none-match": '"v0"' } });
  expect(answer.json).toMatchObject({ state: "held" });
});

it("answers 304 when nothing has changed by the end of the wait", async () => {
  const answer = await house.call("GET", "/v1/state?wait=1", { headers: { "if-none-match": '"v0"' } });
  expect(answer.status).toBe(304);
});

it("takes an agent's word that it has stopped", async () => {
  await pauseAgent();
  const done = await house.call("POST", "/v1/state/ack", { body: { version: 1 } });
  expect(done.json).toMatchObject({ agent: "trial-nurture", version: 1, confirmed: [expect.any(String)] });
  const future = await house.call("POST", "/v1/state/ack", { body: { version: 9 } });
  expect([future.status, future.json.errors[0].pointer]).toEqual([422, "/version"]);
});

it.each([
  "/v1/state?wait=61",
  "/v1/state?wait=-1",
  "/v1/state?wait=1e1",
  "/v1/state?subject=",
  "/v1/state?action=x",
  "/v1/state?agent=x",
  "/v1/state?wait=1&wait=2",
])("refuses %s and points at the parameter", async (path) => {
  const answer = await house.call("GET", path);
  expect(answer.status).toBe(422);
  expect(answer.json.errors).toEqual([
    { pointer: expect.stringMatching(/^\/(wait|subject|action|agent)$/), detail: expect.any(String) },
  ]);
});

async function waitersToBe(count: number): Promise<void> {
  await expect
    .poll(async () => (await house.call("GET", "/v1/metrics", { key: house.adminKey })).text)
    .toContain(`holdpoint_long_polls ${count}`);
}
