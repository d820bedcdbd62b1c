/** Asking the charter first: what may go on, what is held, and what is asked only once. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { read } from "../support/slack-person.ts";
import { buttonsOn } from "../support/slack-workspace/index.ts";

let house: Holdpoint;
let agent: AgentClient;
beforeEach(async () => {
  house = await startHoldpoint();
  agent = await house.agent();
});
afterEach(() => house.end());

const DAY = 24 * 3_600_000;
const dana = { type: "contact", id: "dana-17" };
const PROCEED = { status: 200, body: { verdict: "proceed", charter_version: 1 } };

const labels = () => buttonsOn(house.sarah.card().blocks).map(({ text }) => text);

describe("a signal", () => {
  it("that meets no rule lets the agent go on, and asks nobody", async () => {
    expect(await agent.signal({ signal: { confidence: 0.9, sentiment: 0.2 } })).toMatchObject(PROCEED);
    await house.settle();
    expect(house.sarah.cards()).toEqual([]);
    expect((await agent.state()).body.state).toBe("running");
  });

  it("that meets one holds the agent, with the rule on the card in our words", async () => {
    const asked = await agent.signal({ signal: { confidence: 0.5 }, subject: dana });
    expect(asked).toMatchObject({ status: 202, body: { verdict: "hold", rule: "confidence below 70 %" } });
    expect((await agent.state()).body).toMatchObject({
      state: "held",
      holds: [{ escalation: asked.body.escalation.id }],
    });
    await house.settle();
    expect(read(house.sarah.card())).toContain("Why it stopped: confidence below 70 %.");
    await house.sarah.press("Carry on");
    expect((await agent.state()).body.state).toBe("running");
  });

  it("joins the open question it would ask again, and asks anew about somebody else", async () => {
    const ask = (subject: object) => agent.signal({ signal: { confidence: 0.5 }, subject });
    const first = (await ask(dana)).body.escalation.id;
    expect((await ask(dana)).body.escalation.id).toBe(first);
    const second = (await ask({ type: "contact", id: "erin-4" })).body.escalation.id;
    expect(second).not.toBe(first);
    await house.settle();
    expect(house.sarah.cards()).toHaveLength(2);
    expect((await agent.state()).body.holds).toHaveLength(2);
  });

  it("repeated with its key gets the stored answer", async () => {
    const send = () => agent.signal({ signal: { confidence: 0.5 } }, "signal-1");
    const first = await send();
    const again = await send();
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
  });
});

describe("the budget", () => {
  const spend = (spent: number) =>
    agent.signal({ signal: { budget: { spent, cap: 8_000, currency: "GBP" } } });

  it("is asked about at 80 %, then not again until 100 %, and anew next month", async () => {
    expect(await spend(6_400)).toMatchObject(PROCEED);
    expect(await spend(6_500)).toMatchObject({ status: 202, body: { rule: "budget above 80 %" } });
    await house.settle();
    expect(read(house.sarah.card())).toContain("81.25 % used: £6,500 of £8,000");
    await house.sarah.press("Carry on");
    expect(await spend(7_900)).toMatchObject(PROCEED);
    expect(await spend(8_000)).toMatchObject({ status: 202, body: { rule: "budget at 100 %" } });
    await house.settle();
    await house.sarah.press("Carry on");
    expect(await spend(8_100)).toMatchObject(PROCEED);
    await house.pass(20 * DAY);
    expect(await spend(6_500)).toMatchObject({ status: 202, body: { rule: "budget above 80 %" } });
  });

  it("stays a question when the answer was no", async () => {
    await spend(6_500);
    await house.settle();
    await house.sarah.fill("Reject", { reason: "Wait for the new month." });
    expect(await spend(6_500)).toMatchObject({ status: 202 });
  });
});

describe("an action", () => {
  const sends = (subject: object) =>
    agent.signal({ signal: {}, subject, action: { name: "send_email", args: { text: "Hello" } } });

  it("goes on as often as the charter says, for each subject, within its window", async () => {
    for (const _ of [1, 2, 3]) expect(await sends(dana)).toMatchObject(PROCEED);
    const fourth = await sends(dana);
    expect(fourth).toMatchObject({ status: 202, body: { rule: "send_email more than 3 times in 7 d" } });
    expect(await sends({ type: "contact", id: "erin-4" })).toMatchObject(PROCEED);
    await agent.withdraw(fourth.body.escalation.id, "It can wait a week.");
    await house.pass(7 * DAY - 1_000);
    expect(await sends(dana)).toMatchObject({ status: 202 });
    await house.pass(2_000);
    expect(await sends(dana)).toMatchObject(PROCEED);
  });

  it("on the ask-first list waits only where its conditions say so, and only that action is held", async () => {
    const discount = (percent: number) =>
      agent.signal({ signal: {}, subject: dana, action: { name: "discount", args: { percent } } });
    expect(await discount(10)).toMatchObject(PROCEED);
    const asked = await discount(20);
    expect(asked.status).toBe(202);
    expect(asked.body.escalation).toMatchObject({ trigger: "approval_required" });
    expect((await agent.state()).body).toMatchObject({ state: "running", narrower: 1 });
    await house.settle();
    await house.sarah.fill("Edit and approve", { arg0: 12 });
    const { decision } = (await agent.follow(asked.body.escalation.id)).body;
    expect(decision).toMatchObject({ verdict: "edit", args: { percent: 12 } });
    expect((await agent.state()).body).toMatchObject({ narrower: 0 });
  });

  it("the charter never allows can be approved by nobody, whoever asks", async () => {
    const action = { name: "change_pricing", args: { to: 99 } };
    const asked = await agent.signal({ signal: {}, action });
    expect(asked.status).toBe(202);
    await house.settle();
    expect(labels()).not.toContain("Approve");
    expect(labels()).not.toContain("Edit and approve");
    expect(labels()).toContain("Reject");
    await house.pass(2_000);
    await agent.escalate({ trigger: "approval_required", action, signal: undefined, allow: ["approve"] });
    await house.settle();
    expect(house.sarah.cards()).toHaveLength(2);
    expect(labels()).not.toContain("Approve");
    expect(labels()).toContain("Reject");
  });
});

describe("a text", () => {
  it("with a phrase of the charter is a matter of compliance, critical, and quoted as it was", async () => {
    const text = "Before we sign: is this covered by <HIPAA>? <!channel>";
    const asked = await agent.signal({ signal: {}, subject: dana, text });
    expect(asked.body).toMatchObject({
      rule: "the text says “HIPAA”",
      escalation: { trigger: "compliance", severity: "critical", hold: { scope: "agent" } },
    });
    await house.settle();
    const { sarah, slack } = house;
    const thread = slack.dm(sarah.id).filter(({ threadTs }) => threadTs === sarah.card().ts);
    expect(thread.map(read).join("\n")).toContain(text);
  });

  it("in which the customer asks for a person holds only that customer, as this charter says", async () => {
    const text = "Could I please talk to a human?";
    const asked = await agent.signal({ signal: {}, subject: dana, text });
    expect(asked.body).toMatchObject({
      escalation: { trigger: "human_requested", hold: { scope: "subject:contact:dana-17" } },
    });
    expect((await agent.state()).body.state).toBe("running");
    expect((await agent.state({ subject: "contact:dana-17" })).body.state).toBe("held");
  });
});
