/** Who is calling: keys, signatures, and what each kind may do. */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { signWebhook } from "../../src/callbacks/standard-webhooks.ts";
import { USUAL_LIMITS } from "../../src/http/door.ts";
import { type House, openHouse, REQUEST } from "./house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const madeUp = (agent: string) => `hp_${agent}_${randomBytes(32).toString("base64url")}`;

describe("a key", () => {
  it("is needed, and the answer says how to send one", async () => {
    const answer = await house.call("GET", "/v1/state", { key: null });
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([
      401,
      'Bearer realm="holdpoint"',
    ]);
    expect(answer.json).toMatchObject({
      status: 401,
      detail: expect.stringContaining("Authorization: Bearer"),
    });
  });

  it.each([
    ["one nobody issued", () => madeUp("trial-nurture")],
    ["an administrator's that nobody issued", () => madeUp("admin")],
    ["one under another agent's name", () => house.agent.key.replace("trial-nurture", "renewals")],
    ["one that is too short", () => house.agent.key.slice(0, -1)],
    ["one with a NUL at its end", () => `${house.agent.key}%00`],
    ["none of ours", () => "x"],
  ])("is refused when it is %s", async (_, key) => {
    for (const path of ["/v1/state", "/v1/agents"]) {
      const answer = await house.call("GET", path, { key: key() });
      expect([answer.status, answer.json.status]).toEqual([401, 401]);
      expect(answer.text).not.toContain(key());
    }
  });

  it("is taken whatever the case of the scheme", async () => {
    const answer = await house.call("GET", "/v1/state", {
      key: null,
      headers: { authorization: `bearer ${house.agent.key}` },
    });
    expect(answer.status).toBe(200);
  });

  it("stops working at the moment it is revoked, and others go on", async () => {
    expect((await house.call("GET", "/v1/state")).status).toBe(200);
    const { json: second } = await house.call("POST", "/v1/agents/trial-nurture/keys", {
      key: house.adminKey,
    });
    await house.call("DELETE", `/v1/agents/trial-nurture/keys/${house.agent.keyId}`, { key: house.adminKey });
    expect((await house.call("GET", "/v1/state")).status).toBe(401);
    expect((await house.call("GET", "/v1/state", { key: second.key })).status).toBe(200);
  });

  it("is read from the store once, and again when it has been remembered for ten seconds", async () => {
    let reads = 0;
    const { keys } = house.store;
    const counting = { ...keys, findByHash: (hash: string) => keys.findByHash(hash).finally(() => reads++) };
    const counted = await openHouse({ store: { ...house.store, keys: counting } });
    const ask = () => counted.call("GET", "/v1/state", { key: house.agent.key });
    for (let count = 0; count < 5; count++) await ask();
    expect(reads).toBe(1);
    counted.move(10_000);
    await ask();
    expect(reads).toBe(2);
    await counted.close();
  });

  it("of an agent opens no administrator's door, and the other way round", async () => {
    const tried = await Promise.all([
      house.call("GET", "/v1/agents"),
      house.call("PUT", "/v1/agents/trial-nurture", { body: {} }),
      house.call("POST", "/v1/agents/trial-nurture/keys"),
      house.call("POST", "/v1/agents/all/holds", { body: { reason: "x" } }),
      house.call("GET", "/v1/audit"),
      house.call("GET", "/v1/metrics"),
      house.call("GET", "/v1/state", { key: house.adminKey }),
      house.call("POST", "/v1/escalations", { key: house.adminKey, body: REQUEST }),
    ]);
    expect(tried.map(({ status }) => status)).toEqual(tried.map(() => 403));
  });

  it("finds no other agent's escalation, and an administrator finds all", async () => {
    const other = await house.newAgent("renewals");
    const { json } = await house.call("POST", "/v1/escalations", { body: REQUEST });
    const follow = (key: string) => house.call("GET", `/v1/escalations/${json.id}`, { key });
    expect((await follow(house.agent.key)).json).toMatchObject({ id: json.id, status: "open" });
    expect((await follow(house.adminKey)).status).toBe(200);
    const unseen = await follow(other.key);
    const absent = await house.call("GET", `/v1/escalations/${json.id.slice(0, -1)}Z`, { key: other.key });
    expect(unseen.status).toBe(404);
    expect(unseen.text).toBe(absent.text);
    const tried = ["withdraw", "outcome"].map((verb) =>
      house.call("POST", `/v1/escalations/${json.id}/${verb}`, {
        key: other.key,
        body: verb === "withdraw" ? { reason: "x" } : { executed: true },
      }),
    );
    expect((await Promise.all(tried)).map(({ status }) => status)).toEqual([404, 404]);
  });
});

describe("a signature", () => {
  const hook = (
    changed: { id?: string; at?: number; secret?: string; agent?: string; body?: string; sent?: string } = {},
  ) => {
    const {
      id = "msg_1",
      at = house.now(),
      secret = house.agent.secret,
      agent = "trial-nurture",
      body = JSON.stringify(REQUEST),
    } = changed;
    const timestampSeconds = Math.floor(at / 1_000);
    return house.call("POST", `/v1/hooks/${agent}`, {
      key: null,
      body: changed.sent ?? body,
      headers: {
        "webhook-id": id,
        "webhook-timestamp": String(timestampSeconds),
        "webhook-signature": signWebhook({ id, timestampSeconds, body, secrets: [secret] }),
      },
    });
  };

  it("lets an agent escalate, and its id makes twice once", async () => {
    const first = await hook();
    expect([first.status, first.json.agent]).toEqual([202, "trial-nurture"]);
    house.move(2_000);
    const again = await hook();
    expect([again.status, again.text, again.headers.get("idempotent-replayed")]).toEqual([
      202,
      first.text,
      "true",
    ]);
    expect(await house.store.escalations.countOpen()).toBe(1);
  });

  it("is refused over other bytes, with another's secret, too old, or for an agent nobody knows", async () => {
    const other = await house.newAgent("renewals");
    const answers = await Promise.all([
      hook({ sent: `${JSON.stringify(REQUEST)} ` }),
      hook({ secret: other.secret }),
      hook({ at: house.now() - 301_000 }),
      hook({ at: house.now() + 301_000 }),
      hook({ agent: "nobody" }),
      hook({ agent: "NO%20BODY" }),
      house.call("POST", "/v1/hooks/trial-nurture", { body: REQUEST }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(await house.store.escalations.countOpen()).toBe(0);
  });

  it("is refused once its key has been revoked", async () => {
    expect((await hook()).status).toBe(202);
    await house.call("DELETE", `/v1/agents/trial-nurture/keys/${house.agent.keyId}`, { key: house.adminKey });
    expect((await hook({ id: "msg_2" })).status).toBe(401);
  });
});

describe("too much", () => {
  const limited = (limits: Partial<typeof USUAL_LIMITS>) =>
    openHouse({ limits: { ...USUAL_LIMITS, ...limits } });

  it("of writing with one key is refused until time has passed; reading goes on", async () => {
    const strict = await limited({ writesPerSecond: 2, writeBurst: 3 });
    const other = await strict.newAgent("renewals");
    const write = (key = strict.agent.key) =>
      strict.call("POST", "/v1/signals", { key, body: { signal: { confidence: 0.9 } } });
    const answers = [await write(), await write(), await write(), await write()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect([answers[3]?.headers.get("retry-after"), answers[3]?.json.status]).toEqual(["1", 429]);
    expect((await write(other.key)).status).toBe(200);
    expect((await strict.call("GET", "/v1/state")).status).toBe(200);
    strict.move(500);
    expect([(await write()).status, (await write()).status]).toEqual([200, 429]);
    await strict.close();
  });

  it("left open by one agent is refused until something is settled", async () => {
    const strict = await limited({ openPerAgent: 3 });
    const raise = () => strict.call("POST", "/v1/escalations", { body: REQUEST });
    const answers = [await raise(), await raise(), await raise(), await raise()];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429]);
    expect(answers[3]?.json.detail).toContain("3 escalations of this agent are open");
    await strict.call("POST", `/v1/escalations/${answers[0]?.json.id}/withdraw`, {
      body: { reason: "Solved" },
    });
    expect([(await raise()).status, (await raise()).status]).toEqual([202, 429]);
    await strict.close();
  });
});
