/** Webhooks of other systems, each as its sender sends it, and the answers that CrewAI and n8n wait for. */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { CloudEvent, HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { checkAllFetches } from "../support/openapi-check.ts";
import { read } from "../support/slack-person.ts";

const CREWAI_SECRET = "whsec_0123456789abcdef0123456789abcdef";

let house: Holdpoint;
let agent: AgentClient;
let answers: Awaited<ReturnType<typeof checkAllFetches>>;

beforeEach(async () => {
  house = await startHoldpoint({
    env: { HOLDPOINT_SENDER_SECRETS: `crewai/trial-nurture=${CREWAI_SECRET}` },
  });
  agent = await house.agent();
  answers = await checkAllFetches(house.url);
});
afterEach(async () => {
  const undocumented = answers.end();
  await house.end();
  expect(undocumented).toEqual([]);
});

function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
}

async function post(path: string, body: string, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`${house.url}/v1/hooks/${path}`, { method: "POST", body, headers });
  await house.settle();
  // biome-ignore lint/suspicious/noExplicitAny: senders read answers without our types.
  return { status: response.status, body: (await response.json()) as any };
}

const JSON_TYPE = { "content-type": "application/json" };
const bearer = () => ({ ...JSON_TYPE, authorization: `Bearer ${agent.key}` });
const stored = (id: string) => house.app.parts.store.escalations.find(id as never);

describe("who is let in at a hook", () => {
  const alert = JSON.stringify(fixture("oncall-alert"));

  it("is whoever has the agent's key or signs with its secret, and nobody else", async () => {
    expect((await post("trial-nurture/oncall", alert, bearer())).status).toBe(202);
    const at = new Date(house.clock.now());
    const signature = new Webhook(agent.signingSecret).sign("msg_1", at, alert);
    const signed = {
      ...JSON_TYPE,
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": signature,
    };
    expect((await post("trial-nurture/oncall", alert, signed)).status).toBe(200);
    expect((await post("trial-nurture/oncall", alert.replace("34", "35"), signed)).status).toBe(401);
    expect((await post("trial-nurture/oncall", alert, JSON_TYPE)).status).toBe(401);
    expect((await post("nobody/oncall", alert, JSON_TYPE)).status).toBe(401);
    const renewals = await house.agent("renewal-assistant");
    const foreign = { ...JSON_TYPE, authorization: `Bearer ${renewals.key}` };
    expect((await post("trial-nurture/oncall", alert, foreign)).status).toBe(403);
  });
});

describe("a CloudEvent", () => {
  const event = () =>
    new CloudEvent({
      id: "e-1",
      source: "/billing",
      type: "com.example.refund.requested",
      subject: "order-17",
      data: { message: "A refund of £900 was asked for.", amount: 900 },
    });

  it.each(["binary", "structured"] as const)(
    "in %s mode becomes one escalation, however often it comes",
    async (mode) => {
      const { headers, body } = HTTP[mode](event());
      const sent = { ...(headers as Record<string, string>), authorization: `Bearer ${agent.key}` };
      const heard = await post("trial-nurture/cloudevents", String(body), sent);
      expect(heard).toMatchObject({ status: 202, body: { status: "open" } });
      const again = await post("trial-nurture/cloudevents", String(body), sent);
      expect(again).toEqual({ status: 200, body: heard.body });
      expect(await stored(heard.body.id)).toMatchObject({
        trigger: "approval_required",
        request: {
          summary: "A refund of £900 was asked for.",
          subject: { type: "event", id: "order-17" },
          group: "com.example.refund.requested",
        },
      });
      expect(read(house.sarah.card())).toContain("A refund of £900 was asked for.");
    },
  );

  it("that carries a request of ours is that request, and is checked as one", async () => {
    const send = (id: string, data: object) => {
      const { headers, body } = HTTP.structured(new CloudEvent({ id, source: "/a", type: "t", data }));
      const sent = { ...(headers as Record<string, string>), authorization: `Bearer ${agent.key}` };
      return post("trial-nurture/cloudevents", String(body), sent);
    };
    const request = { trigger: "budget", summary: "Over budget", reason: "81 % is spent." };
    const heard = await send("1", request);
    expect(await stored(heard.body.id)).toMatchObject({ trigger: "budget", request });
    expect(await send("2", { ...request, sumary: "typo" })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/sumary" }] },
    });
  });

  it("takes its trigger from the subscription's URL", async () => {
    const { headers, body } = HTTP.binary(event());
    const sent = { ...(headers as Record<string, string>), authorization: `Bearer ${agent.key}` };
    const heard = await post("trial-nurture/cloudevents?trigger=compliance", String(body), sent);
    expect(await stored(heard.body.id)).toMatchObject({ trigger: "compliance", severity: "critical" });
    expect((await post("trial-nurture/cloudevents?trigger=whim", String(body), sent)).status).toBe(422);
  });

  it("without its required attributes is refused", async () => {
    const told = await post("trial-nurture/cloudevents", "{}", { ...bearer(), "ce-id": "1" });
    expect(told.status).toBe(422);
    expect(told.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      ...["/source", "/specversion", "/type"],
    ]);
  });
});

describe("a Grafana OnCall alert", () => {
  const alert = (changed: object = {}) => JSON.stringify({ ...fixture("oncall-alert"), ...changed });

  it("holds the agent, and is one question for as long as nobody has answered", async () => {
    const first = await post("trial-nurture/oncall", alert(), bearer());
    expect(await stored(first.body.id)).toMatchObject({
      trigger: "metric_deviation",
      request: {
        summary: "Conversion is 34 % below its baseline",
        links: [{ url: "https://monitor.example.com/alerts/17" }, { label: "Picture" }],
      },
    });
    expect((await agent.state()).body.state).toBe("held");
    const again = await post("trial-nurture/oncall", alert({ message: "Still." }), bearer());
    expect(again.body.id).toBe(first.body.id);
    await house.sarah.press("Dismiss");
    const anew = await post("trial-nurture/oncall", alert(), bearer());
    expect(anew.status).toBe(202);
    expect(anew.body.id).not.toBe(first.body.id);
  });

  it("that is over lifts nothing: that is for a person to say", async () => {
    await post("trial-nurture/oncall", alert(), bearer());
    const over = await post("trial-nurture/oncall", alert({ state: "ok" }), bearer());
    expect(over).toEqual({ status: 200, body: { id: null, status: "noted", follow: null } });
    expect((await agent.state()).body.state).toBe("held");
  });

  it("may leave out every field", async () => {
    expect((await post("trial-nurture/oncall", "{}", bearer())).status).toBe(202);
  });
});

describe("CrewAI's review webhook", () => {
  const review = (changed: object = {}) =>
    JSON.stringify({ ...fixture("crewai-new-request"), callback_url: house.receiver.url, ...changed });

  function signed(body: string, { secret = CREWAI_SECRET, at = house.clock.now() } = {}) {
    const timestamp = String(Math.floor(at / 1_000));
    const made = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
    return { ...JSON_TYPE, "x-crewai-signature": `sha256=${made}`, "x-crewai-timestamp": timestamp };
  }

  it("asks a person, and its flow gets the outcome they chose at its callback URL, once", async () => {
    const body = review();
    const heard = await post("trial-nurture/crewai", body, signed(body));
    expect(heard.status).toBe(202);
    const card = read(house.sarah.card());
    expect(card).toContain("May this offer go to the trial customers?");
    await house.sarah.fill("Answer", { option: "needs_revision", response: "Name the end date." });
    await house.settle();
    const [told, ...more] = house.receiver.callbacks;
    expect(JSON.parse(told?.body ?? "")).toEqual({
      feedback: "needs_revision: Name the end date.",
      source: "holdpoint",
    });
    expect(more).toEqual([]);
    expect((await post("trial-nurture/crewai", body, signed(body))).status).toBe(200);
  });

  it("offers nothing that approves by itself, and shows what is to be reviewed", async () => {
    const body = review();
    const heard = await post("trial-nurture/crewai", body, signed(body));
    expect(await stored(heard.body.id)).toMatchObject({
      allow: ["respond"],
      request: {
        options: [{ name: "approved" }, { name: "rejected" }, { name: "needs_revision" }],
        context: expect.arrayContaining([
          { label: "To be reviewed", value: expect.stringContaining("Twenty percent") },
        ]),
      },
    });
    expect(JSON.stringify(await stored(heard.body.id))).not.toContain("canary-response-token");
  });

  it("leaves it at that when somebody answered in CrewAI first", async () => {
    const body = review();
    const heard = await post("trial-nurture/crewai", body, signed(body));
    house.receiver.answerWith(409);
    await house.sarah.fill("Answer", { response: "Fine." });
    await house.settle();
    expect(house.receiver.callbacks).toHaveLength(1);
    expect((await agent.follow(heard.body.id)).body.delivery.callback).toBe("delivered");
  });

  it("asks the next people of the chain when its own deadline has passed", async () => {
    const body = review();
    const heard = await post("trial-nurture/crewai", body, signed(body));
    const before = (await stored(heard.body.id))?.asked.length ?? 0;
    const late = review({ event_type: "escalation" });
    expect((await post("trial-nurture/crewai", late, signed(late))).body.id).toBe(heard.body.id);
    expect((await stored(heard.body.id))?.asked.length).toBeGreaterThan(before);
  });

  it("is told nothing where nobody decided, and the operator sees that its flow still waits", async () => {
    const body = review();
    const heard = await post("trial-nurture/crewai", body, signed(body));
    await agent.withdraw(heard.body.id, "not needed");
    await house.settle();
    expect(house.receiver.callbacks).toEqual([]);
    expect((await agent.follow(heard.body.id)).body.delivery.callback).toBe("dead");
    const [dead] = (await house.admin("GET", "/v1/callbacks?state=dead")).body.callbacks;
    expect(dead.last_error).toContain("goes on waiting");
  });

  it("is refused with a bad signature, an old one, none, or without a secret of ours", async () => {
    const body = review();
    const told = [
      await post("trial-nurture/crewai", body, signed(body, { secret: "whsec_another" })),
      await post("trial-nurture/crewai", review({ id: "other" }), signed(body)),
      await post("trial-nurture/crewai", body, signed(body, { at: house.clock.now() - 301_000 })),
      await post("trial-nurture/crewai", body, signed(body, { at: house.clock.now() + 301_000 })),
      await post("trial-nurture/crewai", body, { ...signed(body), "x-crewai-timestamp": "1e9" }),
      await post("trial-nurture/crewai", body, JSON_TYPE),
      await post("renewal-assistant/crewai", body, signed(body)),
      await post("nobody/crewai", body, signed(body)),
    ];
    expect(told.map(({ status }) => status)).toEqual(told.map(() => 401));
    expect(told[6]?.body.detail).toContain("HOLDPOINT_SENDER_SECRETS");
    expect(house.sarah.cards()).toEqual([]);
    const near = signed(body, { at: house.clock.now() - 299_000 });
    expect((await post("trial-nurture/crewai", body, near)).status).toBe(202);
  });

  it("may not send answers to an address that callbacks may not reach", async () => {
    const body = review({ callback_url: "https://169.254.169.254/latest" });
    expect(await post("trial-nurture/crewai", body, signed(body))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/callback_url" }] },
    });
  });
});

describe("an n8n workflow", () => {
  const ask = (changed: object = {}) =>
    JSON.stringify({ ...fixture("n8n-ask"), resumeUrl: house.receiver.url, ...changed });
  const resumedWith = () => JSON.parse(house.receiver.callbacks.at(-1)?.body ?? "null");

  it("is resumed with flat JSON: approved, with the arguments as a person left them", async () => {
    const heard = await post("trial-nurture/n8n", ask(), bearer());
    await house.sarah.fill("Edit and approve", { arg1: 900 });
    await house.settle();
    expect(resumedWith()).toMatchObject({
      ...{ escalation: heard.body.id, status: "decided", verdict: "edit", approved: true },
      ...{ args: { list: "readers", size: 900 }, option: null, by: "Sarah Chen" },
    });
  });

  it("is resumed with a no and the reason that was chosen", async () => {
    await post("trial-nurture/n8n", ask(), bearer());
    await house.sarah.fill("Reject", { option: "price not final" });
    await house.settle();
    expect(resumedWith()).toMatchObject({ approved: false, verdict: "reject", option: "price not final" });
  });

  it("hears neither yes nor no where nobody decided", async () => {
    const heard = await post("trial-nurture/n8n", ask(), bearer());
    await agent.withdraw(heard.body.id, "not needed");
    await house.settle();
    expect(resumedWith()).toMatchObject({ approved: null, verdict: null, status: "withdrawn" });
  });
});
