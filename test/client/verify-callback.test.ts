/** Callbacks: those that Holdpoint really sends, those that the reference library signs, and all the others. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyCallback } from "../../src/client/index.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const BODY = JSON.stringify({ type: "escalation.decided", timestamp: "2026-01-01T00:00:00.000Z", data: {} });
const AT = new Date(1_767_225_600_000);

function signed(body = BODY, secret = SECRET, at = AT) {
  const id = "msg_1";
  return {
    body,
    headers: {
      "Webhook-Id": id,
      "Webhook-Timestamp": String(Math.floor(at.getTime() / 1_000)),
      "Webhook-Signature": new Webhook(secret).sign(id, at, body),
    },
  };
}

const verify = (received: object, secrets = [SECRET], now = AT.getTime()) =>
  verifyCallback({ ...signed(), secrets, now, ...received });

describe("a callback", () => {
  it("that the reference library has signed is believed, as text and as bytes, with headers of any kind", async () => {
    const good = { ok: true, id: "msg_1", event: { type: "escalation.decided" } };
    expect(await verify({})).toMatchObject(good);
    expect(await verify({ body: new TextEncoder().encode(BODY) })).toMatchObject(good);
    expect(await verify({ headers: new Headers(signed().headers) })).toMatchObject(good);
  });

  it("is believed with either secret while one replaces the other", async () => {
    expect(await verify({}, [OTHER, SECRET])).toMatchObject({ ok: true });
    const { headers } = signed();
    const both = `v1,${"A".repeat(43)}= ${headers["Webhook-Signature"]}`;
    expect(await verify({ headers: { ...headers, "Webhook-Signature": both } })).toMatchObject({ ok: true });
  });

  it.each([
    ["with another secret", signed(BODY, OTHER)],
    ["with another body", { body: BODY.replace("decided", "expired") }],
    ["with another id", { headers: { ...signed().headers, "Webhook-Id": "msg_2" } }],
    [
      "with a new time on an old signature",
      {
        now: AT.getTime() + 600_000,
        headers: { ...signed().headers, "Webhook-Timestamp": String(AT.getTime() / 1_000 + 600) },
      },
    ],
    ["that is six minutes old", { now: AT.getTime() + 360_000 }],
    ["that is six minutes ahead", { now: AT.getTime() - 360_000 }],
    ["without headers", { headers: {} }],
    ["with a header twice", { headers: { ...signed().headers, "webhook-id": "msg_1" } }],
    [
      "with a signature of another kind",
      { headers: { ...signed().headers, "Webhook-Signature": "v1a,AAAA" } },
    ],
    ["with half a signature", { headers: { ...signed().headers, "Webhook-Signature": "v1,AAAA v1,%%%" } }],
    ["with a time that is no number", { headers: { ...signed().headers, "Webhook-Timestamp": "1e9" } }],
    ["that is signed and no JSON", signed("not json")],
  ])("is not believed %s", async (_, received) => {
    expect(await verify(received)).toMatchObject({ ok: false, why: expect.any(String) });
  });

  it("cannot be checked with a secret that is none, and the error does not repeat it", async () => {
    await expect(verify({}, [])).rejects.toThrow(/signing secret/);
    await expect(verify({}, ["whsec_short"])).rejects.toThrow(/^(?!.*short)/);
  });
});

describe("what Holdpoint sends", () => {
  let house: Holdpoint;
  let server: Server;
  const received: { readonly headers: Readonly<Record<string, string>>; readonly body: string }[] = [];
  beforeEach(async () => {
    house = await startHoldpoint();
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      received.push({ headers: Object.fromEntries(headers), body: Buffer.concat(chunks).toString() });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    server.close();
    await house.end();
  });

  it("is believed", async () => {
    const agent = await house.agent();
    const { port } = server.address() as AddressInfo;
    const raised = await agent.escalate({ callback_url: `http://127.0.0.1:${port}/callbacks` });
    await house.settle();
    await house.sarah.press("Approve");
    await house.settle();
    const secrets = [agent.signingSecret];
    const believed = await Promise.all(
      received.map((one) => verifyCallback({ ...one, secrets, now: house.clock.now() })),
    );
    expect(believed.every(({ ok }) => ok)).toBe(true);
    expect(believed).toContainEqual({
      ...{ ok: true, id: expect.stringMatching(/^cb_/) },
      event: expect.objectContaining({
        type: "escalation.decided",
        data: expect.objectContaining({
          id: raised.body.id,
          decision: expect.objectContaining({ verdict: "approve" }),
        }),
      }),
    });
  });
});
