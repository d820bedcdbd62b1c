/** The same key and the same bytes get the same answer. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { type House, openHouse, REQUEST } from "./house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const raise = (key: string, body: unknown = REQUEST, path = "/v1/escalations") =>
  house.call("POST", path, { body, headers: { "idempotency-key": key } });

it("repeats the first answer byte for byte, and does nothing again", async () => {
  const first = await raise("k 1");
  house.move(86_400_000);
  const again = await raise("k 1");
  expect([again.status, again.text]).toEqual([202, first.text]);
  expect([first.headers.get("idempotent-replayed"), again.headers.get("idempotent-replayed")]).toEqual([
    null,
    "true",
  ]);
  expect(await house.store.escalations.countOpen()).toBe(1);
});

it("refuses a key that comes with another body, and has it audited", async () => {
  await raise("k");
  const other = await raise("k", { ...REQUEST, summary: "Something else" });
  expect([other.status, other.json.type]).toEqual([422, "urn:holdpoint:problem:key_reused"]);
  const respaced = await raise("k", JSON.stringify(REQUEST, null, 1));
  expect(respaced.status).toBe(422);
  expect(house.mismatches).toEqual(
    Array(2).fill({ agent: "trial-nurture", endpoint: "POST /v1/escalations" }),
  );
  expect(await house.store.escalations.countOpen()).toBe(1);
});

it("keeps the keys of agents and of endpoints apart", async () => {
  const other = await house.newAgent("renewals");
  const signal = { signal: { confidence: 0.2 } };
  const answers = [
    await raise("k"),
    await raise("k", signal, "/v1/signals"),
    await house.call("POST", "/v1/escalations", {
      key: other.key,
      body: REQUEST,
      headers: { "idempotency-key": "k" },
    }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(await house.store.escalations.countOpen()).toBe(3);
});

it("repeats what the charter said to a signal", async () => {
  const fine = { signal: { confidence: 0.9 } };
  const first = await raise("s", fine, "/v1/signals");
  const again = await raise("s", fine, "/v1/signals");
  expect([first.status, first.json]).toEqual([200, { verdict: "proceed", charter_version: 1 }]);
  expect([again.status, again.text, again.headers.get("idempotent-replayed")]).toEqual([
    200,
    first.text,
    "true",
  ]);
});

it("opens one escalation for twenty simultaneous requests, whose answers are the same", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => raise("k")));
  expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
  const done = answers.filter(({ status }) => status === 202);
  expect(new Set(done.map(({ text }) => text)).size).toBe(1);
  expect((await raise("k")).text).toBe(done[0]?.text);
  expect(await house.store.escalations.countOpen()).toBe(1);
});

it("tells whoever repeats a request that is still running to come back in a second", async () => {
  const { raiseEscalation } = house.door.useCases;
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const slow: typeof raiseEscalation = async (input) => {
    begin();
    await gate;
    return raiseEscalation(input);
  };
  const second = await openHouse({
    store: house.store,
    useCases: { ...house.door.useCases, raiseEscalation: slow },
  });
  const send = () =>
    second.call("POST", "/v1/escalations", {
      ...{ key: house.agent.key, body: REQUEST, headers: { "idempotency-key": "k" } },
    });
  const first = send();
  await begun;
  const meanwhile = await send();
  expect([meanwhile.status, meanwhile.headers.get("retry-after")]).toEqual([409, "1"]);
  open();
  expect((await send()).text).toBe((await first).text);
  await second.close();
});

it("gives the other process's answer to whoever loses the race for a key", async () => {
  const { answers } = house.store;
  let looks = 0;
  // The first look finds nothing although the answer is there: as when another process saves just after it.
  const late = {
    ...answers,
    find: (scope: string, key: string) =>
      looks++ === 0 ? Promise.resolve(undefined) : answers.find(scope, key),
  };
  const first = await raise("k");
  const { raiseEscalation } = house.door.useCases;
  const second = await openHouse({
    store: { ...house.store, answers: late },
    useCases: { ...house.door.useCases, raiseEscalation },
  });
  const again = await second.call("POST", "/v1/escalations", {
    key: house.agent.key,
    body: REQUEST,
    headers: { "idempotency-key": "k" },
  });
  expect(looks).toBe(2);
  expect([again.status, again.text, again.headers.get("idempotent-replayed")]).toEqual([
    202,
    first.text,
    "true",
  ]);
  await second.close();
});

it("keeps nothing of what was refused, so that the mended request may use the key", async () => {
  expect((await raise("k", { ...REQUEST, trigger: "panic" })).status).toBe(422);
  expect((await raise("k")).status).toBe(202);
});

it.each(["", "x".repeat(256), "a\tb", "na\u00efve"])("refuses the key %j with 400", async (key) => {
  const answer = await raise(key);
  expect([answer.status, answer.json.status]).toEqual([400, 400]);
});

it("treats requests without a key as different ones", async () => {
  for (let count = 0; count < 2; count++) await house.call("POST", "/v1/escalations", { body: REQUEST });
  expect(await house.store.escalations.countOpen()).toBe(2);
});
