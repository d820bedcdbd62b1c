/** Slack and agents fail in every way they can: nothing is lost, nothing stands twice, and nobody waits for somebody else's trouble. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { consoleVisitor } from "../support/console-visitor.ts";
import { type Holdpoint, PUBLIC_URL, startHoldpoint } from "../support/holdpoint.ts";
import { read } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
beforeEach(async () => {
  house = await startHoldpoint();
  agent = await house.agent();
});
afterEach(() => house.end());

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

async function raise(by = agent): Promise<string> {
  const { id } = (await by.escalate({ callback_url: house.receiver.url })).body;
  await house.settle();
  return id;
}

async function kindsOf(id: string): Promise<readonly string[]> {
  return (await house.audit(id)).map(({ kind }) => kind);
}

describe("a post that nobody answers", () => {
  it.each([
    ["whose reply was lost", { kind: "reply-lost" }],
    ["that failed after it was done", { kind: "http-503", performed: true }],
    ["that failed before it was done", { kind: "http-503", performed: false }],
  ] as const)("%s leaves exactly one card, which decides", async (_, fault) => {
    house.slack.fault({ method: "chat.postMessage", ...fault });
    const id = await raise();
    await house.pass(35 * SECOND);
    expect(house.sarah.cards()).toHaveLength(1);
    expect((await agent.follow(id)).body.delivery.card).toBe("shown");
    await house.sarah.press("Approve");
    await house.settle();
    expect(read(house.sarah.card())).toContain("Approved by @U0SARAH");
    expect(house.sarah.cards()).toHaveLength(1);
  });

  it("is known by a click on it: one card, shown once, and none is posted again", async () => {
    house.slack.fault({ method: "chat.postMessage", kind: "reply-lost" });
    const blind = house.slack.fault({
      ...{ method: "conversations.history", kind: "http-503", times: 1_000 },
    });
    const id = await raise();
    await house.sarah.press("I'm on it");
    await house.settle();
    blind.clear();
    await house.pass(2 * MINUTE);
    await house.sarah.press("Approve");
    await house.settle();
    expect(house.sarah.cards().map(read)).toEqual([expect.stringContaining("Approved by @U0SARAH")]);
    expect((await kindsOf(id)).filter((kind) => kind === "card.shown")).toHaveLength(1);
  });

  it("and cannot be looked for leaves two at most; a click on either is good, and both say what was decided", async () => {
    house.slack.fault({ method: "chat.postMessage", kind: "reply-lost" });
    house.slack.fault({
      method: "conversations.history",
      kind: "error",
      word: "missing_scope",
      times: 1_000,
    });
    const id = await raise();
    await house.pass(2 * MINUTE);
    const [unrecorded, recorded, ...others] = house.sarah.cards();
    expect(others).toEqual([]);
    expect(recorded).toBeDefined();
    expect(await kindsOf(id)).toContain("card.duplicate_possible");
    await house.sarah.press("Approve", unrecorded);
    await house.settle();
    expect((await agent.follow(id)).body.decision).toMatchObject({ verdict: "approve" });
    expect(house.sarah.cards().map(read)).toEqual([
      expect.stringContaining("Approved by @U0SARAH"),
      expect.stringContaining("Approved by @U0SARAH"),
    ]);
    expect(house.receiver.of("escalation.decided")).toHaveLength(1);
  });

  it("and is found by a click only after the decision is redrawn then", async () => {
    house.slack.fault({ method: "chat.postMessage", kind: "reply-lost" });
    house.slack.fault({
      method: "conversations.history",
      kind: "error",
      word: "missing_scope",
      times: 1_000,
    });
    await raise();
    await house.pass(2 * MINUTE);
    const [unrecorded, recorded] = house.sarah.cards();
    await house.sarah.press("Approve", recorded);
    await house.settle();
    expect(await house.sarah.ask("Approve", unrecorded)).toContain("You have already approved this");
    await house.settle();
    for (const card of house.sarah.cards()) expect(read(card)).toContain("Approved by @U0SARAH");
  });
});

describe("Slack's limits", () => {
  it("on one conversation delay no other", async () => {
    const content = await house.agent("content-distribution");
    const to = house.slack.dmId("U0SARAH");
    house.slack.fault({ method: "chat.postMessage", channel: to, kind: "ratelimited", retryAfter: 30 });
    const before = house.clock.now();
    const [id] = await Promise.all([raise(), raise(content)]);
    expect(house.clock.now() - before).toBeLessThan(2 * SECOND);
    expect(house.james.cards()).toHaveLength(1);
    expect(house.sarah.cards()).toEqual([]);
    await house.pass(30 * SECOND);
    expect(house.sarah.cards()).toHaveLength(1);
    expect((await agent.follow(id)).body).toMatchObject({ stage: 0, delivery: { card: "shown" } });
  });

  it("on messages are kept when many requests come at once: they share a card", async () => {
    const ids = await Promise.all(
      Array.from(
        { length: 8 },
        async (_, at) => (await agent.escalate({ summary: `Request ${at}` })).body.id,
      ),
    );
    await house.pass(10 * SECOND);
    expect(house.sarah.cards().length).toBeLessThanOrEqual(2);
    for (const id of ids) expect((await agent.follow(id)).body.delivery.card).toBe("shown");
  });
});

describe("Slack down for minutes", () => {
  it("loses nothing: the hold stands, the console decides, and the card says so once Slack is back", async () => {
    const outage = (["chat.postMessage", "conversations.open", "conversations.history"] as const).map(
      (method) => house.slack.fault({ method, kind: "http-503", times: 10_000 }),
    );
    const id = await raise();
    await house.pass(5 * MINUTE);
    expect((await agent.follow(id)).body).toMatchObject({ status: "open", delivery: { card: "pending" } });
    expect((await agent.state()).body.state).toBe("held");

    const visitor = consoleVisitor(house.url, PUBLIC_URL);
    await visitor.open(await house.app.parts.signIn.linkFor("sarah" as never));
    await visitor.send("Sign in");
    await visitor.open(`/escalations/${id}`);
    await visitor.send("Approve");
    await house.settle();
    expect((await agent.state()).body.state).toBe("running");
    expect(house.receiver.of("escalation.decided")).toHaveLength(1);

    for (const fault of outage) fault.clear();
    await house.pass(2 * MINUTE);
    expect(house.sarah.cards().map(read)).toEqual([expect.stringContaining("Approved by @U0SARAH")]);
  });

  it("and then for hours is tried less and less often, and the first to be asked still gets the card", async () => {
    const outage = (["chat.postMessage", "conversations.open"] as const).map((method) =>
      house.slack.fault({ method, kind: "http-503", times: 10_000 }),
    );
    const id = await raise();
    await house.pass(90 * MINUTE);
    expect(house.slack.calls("conversations.open").length).toBeLessThan(200);
    expect((await agent.follow(id)).body).toMatchObject({ stage: 0, delivery: { card: "pending" } });
    for (const fault of outage) fault.clear();
    await house.pass(MINUTE);
    expect(house.sarah.cards()).toHaveLength(1);
  });

  it("and back in time still asks the owner, with one card", async () => {
    const outage = house.slack.fault({ method: "chat.postMessage", kind: "http-500", times: 10_000 });
    const id = await raise();
    await house.pass(5 * MINUTE);
    outage.clear();
    await house.pass(MINUTE);
    expect(house.sarah.cards()).toHaveLength(1);
    expect((await agent.follow(id)).body).toMatchObject({ stage: 0, delivery: { card: "shown" } });
  });

  it("for good, because the token was revoked, passes through the chain and tells the operator", async () => {
    house.slack.fault({ method: "chat.postMessage", kind: "error", word: "account_inactive", times: 10_000 });
    house.slack.fault({
      method: "conversations.open",
      kind: "error",
      word: "account_inactive",
      times: 10_000,
    });
    const id = await raise();
    expect((await agent.follow(id)).body).toMatchObject({
      status: "open",
      stage: 3,
      delivery: { card: "undeliverable" },
    });
    expect((await agent.state()).body.state).toBe("held");
    expect(
      house.log.some(({ level, words }) => level === "error" && /decide in the console/.test(words)),
    ).toBe(true);
  });
});

describe("a card", () => {
  it("that Slack refuses is shown in its shortest form at once, and decides", async () => {
    house.slack.fault({ method: "chat.postMessage", kind: "error", word: "invalid_blocks" });
    const id = await raise();
    expect(read(house.sarah.card())).toContain("The details do not fit in Slack");
    await house.sarah.press("Approve");
    expect((await agent.follow(id)).body.decision).toMatchObject({ verdict: "approve" });
    await house.settle();
    expect(read(house.sarah.card())).toContain("Approved by @U0SARAH");
  });

  it("that somebody deleted is posted anew while a decision is wanted, and not afterwards", async () => {
    const id = await raise();
    house.slack.removeMessage(house.sarah.card());
    await house.pass(61 * SECOND);
    expect(house.sarah.cards()).toHaveLength(1);
    const anew = house.sarah.card();
    house.slack.fault({ method: "chat.update", kind: "ratelimited", retryAfter: 20 });
    await house.sarah.press("Approve", anew);
    house.slack.removeMessage(anew);
    await house.pass(MINUTE);
    expect(house.sarah.cards()).toEqual([]);
    expect((await agent.follow(id)).body).toMatchObject({ status: "decided" });
  });

  it("that can no longer be changed is tried once: the decision stands, and nothing is posted in its place", async () => {
    const id = await raise();
    house.slack.fault({ method: "chat.update", kind: "error", word: "edit_window_closed", times: 100 });
    await house.sarah.press("Approve");
    await house.pass(10 * MINUTE);
    expect(house.slack.calls("chat.update")).toHaveLength(1);
    expect(house.sarah.cards()).toHaveLength(1);
    expect((await agent.follow(id)).body.status).toBe("decided");
    expect((await agent.state()).body.state).toBe("running");
  });
});

describe("an agent's own address", () => {
  it("that fails, or loses its answer, gets the same callback again: one id, one body, later timestamps", async () => {
    const id = await raise();
    house.receiver.answerWith(500, null, 302);
    await house.sarah.press("Approve");
    await house.pass(MINUTE);
    const sent = house.receiver.of("escalation.decided");
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map((one) => `${one.id} ${one.body}`)).size).toBe(1);
    expect(sent.map(({ timestamp }) => timestamp)).toEqual(
      sent.map(({ timestamp }) => timestamp).toSorted((a, b) => a - b),
    );
    expect(new Set(sent.map(({ timestamp }) => timestamp)).size).toBe(4);
    expect((await agent.follow(id)).body.delivery.callback).toBe("delivered");
  });

  it("that wants no more is left alone, and polling still tells", async () => {
    const id = await raise();
    house.receiver.answerWith(410);
    await house.sarah.press("Approve");
    await house.pass(10 * MINUTE);
    expect(house.receiver.of("escalation.decided")).toHaveLength(1);
    expect((await agent.follow(id)).body).toMatchObject({
      status: "decided",
      delivery: { callback: "dead" },
    });
  });
});

describe("an agent that asks again", () => {
  it("with the same key gets the same escalation, and with another body none", async () => {
    const first = await agent.escalate({}, "key-1");
    const again = await agent.escalate({}, "key-1");
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect((await agent.escalate({ summary: "Something else" }, "key-1")).status).toBe(422);
    await house.settle();
    expect(house.sarah.cards()).toHaveLength(1);
  });
});
