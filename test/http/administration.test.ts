/** What an administrator does, reads and repairs. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { GENESIS, sealLine } from "../../src/domain/audit.ts";
import { agentInFull, auditLine, escalationPage } from "../../src/http/answer-schemas.ts";
import { CHARTER, type House, openHouse, REQUEST } from "./house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const admin = (method: string, path: string, body?: unknown) =>
  house.call(method, path, { key: house.adminKey, body });

it("puts a charter in force: new, then the same, then changed", async () => {
  const first = await admin("PUT", "/v1/agents/renewals", { name: "Renewals", charter: CHARTER });
  expect([first.status, first.json.charter_version, first.json.state]).toEqual([201, 1, "running"]);
  const same = await admin("PUT", "/v1/agents/renewals", { name: "Renewals", charter: CHARTER });
  expect([same.status, same.json.charter_version]).toEqual([200, 1]);
  const changed = await admin("PUT", "/v1/agents/renewals", { name: "Renewals EU", charter: CHARTER });
  expect([changed.status, changed.json.charter_version, changed.json.charter_versions.length]).toEqual([
    200, 2, 2,
  ]);
});

it("reads a charter as it was written, so that it can be put back", async () => {
  const charter = {
    ...CHARTER,
    constraints: { frequency: [{ action: "send_email", at_most: 3, per: "7d" }] },
    triggers: { metric_deviation: { within: "36h" }, repeated_contact: { within: "90s" } },
  };
  await admin("PUT", "/v1/agents/renewals", { charter });
  const { json } = await admin("GET", "/v1/agents/renewals");
  expect(json.charter).toMatchObject({
    constraints: { frequency: [{ per: "7d" }] },
    triggers: { metric_deviation: { within: "36h", beyond: 0.3 }, repeated_contact: { within: "90s" } },
    ownership: { respond_within: { high: "90m" } },
  });
  expect(agentInFull.safeParse(json).success).toBe(true);
  const again = await admin("PUT", "/v1/agents/renewals", {
    id: "renewals",
    name: json.name,
    charter: json.charter,
  });
  expect([again.status, again.json.charter_version]).toEqual([200, 1]);
});

it("refuses a charter that names somebody nobody knows", async () => {
  const charter = { ...CHARTER, ownership: { owner: "sahra" } };
  const answer = await admin("PUT", "/v1/agents/renewals", { charter });
  expect([answer.status, answer.json.errors[0].pointer]).toEqual([422, "/charter/ownership/owner"]);
  expect((await admin("GET", "/v1/agents/renewals")).status).toBe(404);
});

it("issues keys that are shown once, and never again", async () => {
  const issued = await admin("POST", "/v1/agents/trial-nurture/keys");
  expect(issued.status).toBe(201);
  expect(issued.json).toEqual({
    id: expect.any(String),
    key: expect.stringMatching(/^hp_trial-nurture_[A-Za-z0-9_-]{43}$/),
    signing_secret: expect.stringMatching(/^whsec_/),
  });
  expect(issued.headers.get("cache-control")).toBe("no-store");
  const { json, text } = await admin("GET", "/v1/agents/trial-nurture");
  expect(json.keys.map((key: { id: string }) => key.id)).toContain(issued.json.id);
  expect(text).not.toContain(issued.json.key);
  expect(text).not.toContain("whsec_");
  expect((await admin("POST", "/v1/agents/nobody/keys")).status).toBe(404);
  expect((await admin("POST", "/v1/agents/trial-nurture/keys", { note: "x" })).status).toBe(422);
});

it("places and releases holds", async () => {
  const placed = await admin("POST", "/v1/agents/trial-nurture/holds", { reason: "Audit", for: "2h" });
  expect([placed.status, placed.json.until]).toEqual([201, new Date(house.now() + 7_200_000).toISOString()]);
  expect((await admin("GET", "/v1/agents")).json.agents[0].state).toBe("held");
  const path = `/v1/agents/trial-nurture/holds/${placed.json.id}`;
  expect((await admin("DELETE", path)).status).toBe(200);
  expect((await admin("DELETE", path)).status).toBe(404);
  for (const body of [{}, { reason: " " }, { reason: "x", scope: "galaxy" }, { reason: "x", for: "soon" }]) {
    expect((await admin("POST", "/v1/agents/trial-nurture/holds", body)).status).toBe(422);
  }
});

it("pages through all escalations, newest first", async () => {
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) {
    ids.unshift((await house.call("POST", "/v1/escalations", { body: REQUEST })).json.id);
  }
  const seen: string[] = [];
  for (let cursor = ""; ; ) {
    const { json } = await admin("GET", `/v1/escalations?limit=2&status=open&agent=trial-nurture${cursor}`);
    escalationPage.parse(json);
    seen.push(...json.escalations.map((one: { id: string }) => one.id));
    if (json.next_cursor === null) break;
    cursor = `&cursor=${json.next_cursor}`;
  }
  expect(seen).toEqual(ids);
  expect((await admin("GET", "/v1/escalations?status=decided")).json).toEqual({
    escalations: [],
    next_cursor: null,
  });
  for (const query of ["status=lost", "limit=0", "limit=101", "cursor=1", "agent=A", "page=2"]) {
    expect((await admin("GET", `/v1/escalations?${query}`)).status).toBe(422);
  }
});

it("gives the audit trail as JSON Lines whose chain anybody can check", async () => {
  for (let count = 0; count < 600; count++)
    await house.door.useCases.raiseEscalation({ agent: await theAgent(), request: { ...REQUEST } });
  const answer = await admin("GET", "/v1/audit");
  expect(answer.headers.get("content-type")).toBe("application/jsonl; charset=utf-8");
  const lines = answer.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.length).toBeGreaterThan(1_200);
  let before = GENESIS;
  for (const line of lines) {
    auditLine.parse(line);
    const { seq, hash, ...rest } = line;
    const sealed = sealLine(before, seq, { ...rest, at: Date.parse(rest.at) }, (text) =>
      createHash("sha256").update(text).digest("hex"),
    );
    expect(hash).toBe(sealed);
    before = hash;
  }
  const rest = await admin("GET", `/v1/audit?after=${lines.length - 1}`);
  expect(
    rest.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([lines.at(-1)]);
  expect((await admin("GET", "/v1/audit?after=-1")).status).toBe(422);
});

it("replays a callback nobody took", async () => {
  expect((await admin("GET", "/v1/callbacks?state=dead")).json).toEqual({ callbacks: [] });
  expect((await admin("POST", "/v1/callbacks/cb_1/replay")).status).toBe(202);
  expect((await admin("POST", "/v1/callbacks/cb_2/replay")).status).toBe(404);
  expect(house.replayed).toEqual(["cb_1"]);
});

async function theAgent() {
  const agent = await house.store.agents.find(house.agent.id);
  if (!agent) throw new Error("the agent is gone");
  return agent;
}
