/** Following an escalation, and holding the line. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { followed } from "../../src/http/answer-schemas.ts";
import { USUAL_LIMITS } from "../../src/http/door.ts";
import { type House, openHouse, REQUEST } from "./house.ts";

let house: House;
let id: string;
beforeEach(async () => {
  house = await openHouse({ limits: { ...USUAL_LIMITS, longPolls: 2 } });
  id = (await house.call("POST", "/v1/escalations", { body: { ...REQUEST, state: { thread: [1, null] } } }))
    .json.id;
});
afterEach(() => house.close());

const withdraw = () => house.call("POST", `/v1/escalations/${id}/withdraw`, { body: { reason: "Solved" } });
const follow = (wait = 0, signal?: AbortSignal) =>
  fetch(`${house.url}/v1/escalations/${id}?wait=${wait}`, {
    headers: { authorization: `Bearer ${house.agent.key}` },
    ...(signal && { signal }),
  });
const waiters = (count: number) =>
  expect
    .poll(async () => (await house.call("GET", "/v1/metrics", { key: house.adminKey })).text)
    .toContain(`holdpoint_long_polls ${count}\n`);

it("shows it as it is, state included", async () => {
  const seen = (await house.call("GET", `/v1/escalations/${id}`)).json;
  expect(seen).toMatchObject({
    id,
    status: "open",
    decision: null,
    stage: 0,
    asked: [{ id: "sarah" }],
    state: { thread: [1, null] },
  });
  expect(followed.parse(seen)).toEqual(seen);
});

it("wakes at once when it changes", async () => {
  const waiting = follow(60);
  await waiters(1);
  await withdraw();
  expect(await (await waiting).json()).toMatchObject({ status: "withdrawn" });
  await waiters(0);
});

it("does not wait for what is settled", async () => {
  await withdraw();
  expect(await (await follow(60)).json()).toMatchObject({ status: "withdrawn" });
});

it("goes on waiting when it is woken and nothing is different", async () => {
  const waiting = follow(60);
  await waiters(1);
  house.door.changes.announce([id]);
  await house.call("GET", "/healthz");
  await waiters(1);
  await withdraw();
  expect(await (await waiting).json()).toMatchObject({ status: "withdrawn" });
});

it("misses nothing that happens while it looks", async () => {
  const { followEscalation } = house.door.useCases;
  let looks = 0;
  const slow: typeof followEscalation = async (input) => {
    const seen = await followEscalation(input);
    // What was read is old by the time it is looked at.
    if (++looks === 1) await withdraw();
    return seen;
  };
  const second = await openHouse({
    store: house.store,
    changes: house.door.changes,
    useCases: { ...house.door.useCases, followEscalation: slow },
  });
  const answer = await second.call("GET", `/v1/escalations/${id}?wait=60`, { key: house.agent.key });
  expect([answer.json.status, looks]).toEqual(["withdrawn", 2]);
  await second.close();
});

it("answers with what is there when the time is over", async () => {
  expect(await (await follow(1)).json()).toMatchObject({ status: "open" });
});

it("gives the place back when the client goes away", async () => {
  const going = new AbortController();
  const gone = follow(60, going.signal).catch(() => "gone");
  await waiters(1);
  going.abort();
  expect(await gone).toBe("gone");
  await waiters(0);
});

it("lets no more wait than may, and says when to come back", async () => {
  const waiting = [follow(60), follow(60)];
  await waiters(2);
  const third = await follow(60);
  expect([third.status, third.headers.get("retry-after")]).toEqual([503, "2"]);
  expect((await follow(0)).status).toBe(200);
  await withdraw();
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
});

it("answers everybody who waits when the server closes, and closes at once", async () => {
  const waiting = [follow(60), follow(60)];
  await waiters(2);
  const before = performance.now();
  await house.server.close();
  expect(performance.now() - before).toBeLessThan(3_000);
  expect(await Promise.all(waiting.map(async (one) => (await one).status))).toEqual([200, 200]);
  await expect(follow()).rejects.toThrow();
});

it("takes an outcome", async () => {
  const outcome = { executed: true, detail: "Sent", metric: { opened: 1 } };
  expect((await house.call("POST", `/v1/escalations/${id}/outcome`, { body: outcome })).status).toBe(200);
  expect(house.reported).toEqual([outcome]);
  const bad = await house.call("POST", `/v1/escalations/${id}/outcome`, { body: { executed: "yes" } });
  expect([bad.status, bad.json.errors[0].pointer]).toEqual([422, "/executed"]);
});

it("says 409 to a second withdrawal", async () => {
  expect((await withdraw()).status).toBe(200);
  const again = await withdraw();
  expect([again.status, again.json.type]).toEqual([409, "urn:holdpoint:problem:withdrawn"]);
});
