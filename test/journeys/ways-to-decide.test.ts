/** Every way a request can end by a person's hand, each through buttons and forms in the workspace. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { read, readView } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
beforeEach(async () => {
  house = await startHoldpoint();
  agent = await house.agent();
});
afterEach(() => house.end());

/** Raises a request and shows its card; answers with its id. */
async function ask(request: Readonly<Record<string, unknown>> = {}, by = agent): Promise<string> {
  const raised = await by.escalate({ callback_url: house.receiver.url, ...request });
  expect(raised.status).toBe(202);
  await house.settle();
  return raised.body.id;
}

async function isRunning(by = agent): Promise<boolean> {
  return (await by.state()).body.state === "running";
}

describe("edit and approve", () => {
  const args_schema = {
    type: "object",
    properties: {
      to: { type: "string", format: "email" },
      subject: { type: "string", minLength: 3 },
      percent: { type: "integer", minimum: 0, maximum: 15 },
      urgent: { type: "boolean" },
      tone: { enum: ["warm", "plain"] },
    },
    required: ["to", "subject", "percent"],
    additionalProperties: false,
  };

  it("asks with typed fields, says beside the field what does not fit, and releases what was edited", async () => {
    const id = await ask({ args_schema });
    const errors = await house.sarah.fill("Edit and approve", { arg0: "nobody", arg2: 12 });
    expect(errors).toEqual({ "field:arg0": expect.stringMatching(/email/i) });
    expect(readView(house.sarah.view())).toContain("warm");
    expect((await agent.follow(id)).body.status).toBe("open");

    expect(await house.sarah.send({ arg0: "dana@example.com", arg3: true, arg4: "1" })).toEqual({});
    const args = {
      to: "dana@example.com",
      subject: "Data processing agreement",
      percent: 12,
      urgent: true,
      tone: "plain",
    };
    const { decision, action_digest } = (await agent.follow(id)).body;
    expect(decision).toMatchObject({ verdict: "edit", by: { id: "sarah" }, args });
    expect(decision.action_digest).not.toBe(action_digest);
    expect(await isRunning()).toBe(true);
    await house.settle();
    expect(house.receiver.of("escalation.decided")).toMatchObject([{ data: { id, decision } }]);
    const card = read(house.sarah.card());
    expect(card).toContain("Edited and approved");
    expect(card).toContain(decision.action_digest.slice("sha256:".length, "sha256:".length + 8));
  });
});

describe("reject", () => {
  it("asks for a reason and tells it to the agent, which runs again", async () => {
    const id = await ask();
    expect(await house.sarah.fill("Reject", { reason: "  " })).toEqual({
      "field:reason": expect.stringContaining("say why"),
    });
    await house.sarah.send({ reason: "She asked us not to write before Friday." });
    expect((await agent.follow(id)).body.decision).toMatchObject({
      verdict: "reject",
      reason: "She asked us not to write before Friday.",
    });
    expect((await agent.follow(id)).body.decision.args).toBeUndefined();
    expect(await isRunning()).toBe(true);
    await house.settle();
    expect(read(house.sarah.card())).toContain("She asked us not to write before Friday.");
  });

  it("takes one of the agent's options instead of words", async () => {
    const options = [{ name: "too_early", title: "Too early" }, { name: "wrong_person" }];
    const id = await ask({ options });
    await house.sarah.fill("Reject", { option: "too_early" });
    expect((await agent.follow(id)).body.decision).toMatchObject({ verdict: "reject", option: "too_early" });
  });

  it("keeps the agent paused when asked to, until its owner resumes it", async () => {
    const id = await ask();
    await house.sarah.fill("Reject, keep paused", { reason: "Look at the template first." });
    expect((await agent.follow(id)).body.decision).toMatchObject({ verdict: "reject", kept_held: true });
    expect((await agent.state()).body).toMatchObject({
      state: "held",
      holds: [{ placed_by: { id: "sarah" }, reason: "Look at the template first.", escalation: null }],
    });
    await house.settle();
    expect(read(house.sarah.card())).toContain("stays paused");
    expect(await house.sarah.agent("resume trial-nurture")).toContain("Trial nurture is running again");
    expect(await isRunning()).toBe(true);
  });
});

describe("respond, dismiss, acknowledge", () => {
  it("gives the agent a person's own words", async () => {
    const id = await ask({
      trigger: "question",
      summary: "Does the trial include the audit log?",
      reason: "The documentation does not say.",
      action: undefined,
      signal: undefined,
    });
    expect((await agent.state()).body.state).toBe("running");
    expect((await agent.state({ subject: "contact:dana-17" })).body.state).toBe("held");
    await house.sarah.fill("Answer", { response: "Yes, from the team plan on." });
    expect((await agent.follow(id)).body.decision).toMatchObject({
      verdict: "respond",
      response: "Yes, from the team plan on.",
    });
    expect((await agent.state({ subject: "contact:dana-17" })).body.state).toBe("running");
  });

  it("dismisses without words", async () => {
    const id = await ask();
    await house.sarah.press("Dismiss");
    expect((await agent.follow(id)).body).toMatchObject({
      status: "decided",
      decision: { verdict: "dismiss" },
    });
    expect(await isRunning()).toBe(true);
  });

  it("shows on every copy who is on it, and stops the reminders but not the deadline", async () => {
    const id = await ask();
    const { due_at } = (await agent.follow(id)).body;
    await house.sarah.press("I'm on it");
    await house.settle();
    expect((await agent.follow(id)).body).toMatchObject({ acknowledged: { by: { id: "sarah" } }, due_at });
    expect(read(house.sarah.card())).toMatch(/Sarah Chen is on it|@U0SARAH is on it|on it/);
    await house.pass(3.9 * 3_600_000);
    expect(house.sarah.cards()).toHaveLength(1);
    await house.pass(0.2 * 3_600_000);
    expect((await agent.follow(id)).body).toMatchObject({ stage: 1, acknowledged: null, breached: true });
  });
});

describe("reassign", () => {
  it("gives somebody else a card and the right to decide, and redraws the first card", async () => {
    const id = await ask();
    expect(house.elena.cards()).toEqual([]);
    await house.sarah.fill("Reassign", { to: "cmo" });
    await house.settle();
    expect((await agent.follow(id)).body.asked).toEqual([{ id: "sarah" }, { id: "cmo" }]);
    await house.elena.press("Approve");
    expect((await agent.follow(id)).body.decision).toMatchObject({ verdict: "approve", by: { id: "cmo" } });
    await house.settle();
    for (const { card } of [house.sarah, house.elena]) expect(read(card())).toContain("Approved by @U0ELENA");
  });
});

describe("two approvals", () => {
  const offer = {
    trigger: "approval_required",
    action: { name: "offer_terms", args: { percent: 8, months: 12 } },
    signal: undefined,
  };

  it("count for the same arguments by two people; the first sees who is missing", async () => {
    const renewal = await house.agent("renewal-assistant");
    const id = await ask(offer, renewal);
    await house.amara.press("Approve");
    await house.settle();
    expect((await renewal.follow(id)).body).toMatchObject({
      status: "open",
      approvals: { needed: 2, given: [{ id: "amara" }] },
    });
    expect(await house.amara.ask("Approve")).toContain("already counts");

    expect(await house.james.agent("queue")).toContain("Renewal assistant asks: approve offer_terms?");
    expect(await house.james.ask("Open", house.james.aside())).toContain("1 of 2 approvals: Amara Okafor");
    await house.james.press("Approve", house.james.aside());
    expect((await renewal.follow(id)).body).toMatchObject({
      status: "decided",
      decision: { verdict: "approve" },
    });
    await house.settle();
    expect(read(house.amara.card())).toContain("Approved by Amara Okafor and James Liu");
    expect(house.receiver.of("escalation.decided")).toHaveLength(1);
  });

  it("count anew when one of them edits, and a card that still shows the old ones decides nothing", async () => {
    const renewal = await house.agent("renewal-assistant");
    const id = await ask(offer, renewal);
    await house.amara.fill("Reassign", { to: "james" });
    await house.settle();
    await house.amara.press("Approve");
    await house.settle();
    // Amara's card is late to show the change.
    house.slack.fault({
      method: "chat.update",
      channel: house.slack.dmId("U0AMARA"),
      kind: "ratelimited",
      retryAfter: 60,
    });
    await house.james.fill("Edit and approve", { arg0: 5 });
    await house.settle();
    expect(await house.amara.ask("Approve")).toContain(
      "The arguments have changed since this card was drawn",
    );
    await house.pass(60_000);
    expect(read(house.amara.card())).toContain("Changed from what the agent asked for");
    const { decision, approvals } = (await renewal.follow(id)).body;
    expect(decision).toBeNull();
    expect(approvals).toEqual({ needed: 2, given: [{ id: "james", name: "James Liu" }] });

    await house.amara.press("Approve");
    expect((await renewal.follow(id)).body.decision).toMatchObject({
      verdict: "edit",
      by: { id: "amara" },
      args: { percent: 5, months: 12 },
    });
  });
});

describe("the agent itself", () => {
  it("withdraws: cards say so, the hold goes, a late click is told", async () => {
    const id = await ask();
    const before = house.sarah.card();
    expect((await agent.withdraw(id, "The customer has written again.")).status).toBe(200);
    expect(await isRunning()).toBe(true);
    expect(await house.sarah.ask("Approve", before)).toContain("withdrawn");
    await house.settle();
    expect(read(house.sarah.card())).toContain("Withdrawn by Trial nurture");
    expect((await agent.follow(id)).body).toMatchObject({ status: "withdrawn", decision: null });
    expect(house.receiver.of("escalation.withdrawn")).toMatchObject([{ data: { id, status: "withdrawn" } }]);
  });

  it("reports what became of a decision, which then stands on the card", async () => {
    const id = await ask();
    expect((await agent.report(id, { executed: true })).status).toBe(409);
    await house.sarah.press("Approve");
    await agent.report(id, { executed: true, detail: "Sent at noon." });
    await house.settle();
    expect(read(house.sarah.card())).toContain("The agent reports that it was done");
    expect(read(house.sarah.card())).toContain("Sent at noon.");
    expect((await agent.follow(id)).body.outcome).toMatchObject({ executed: true, detail: "Sent at noon." });
  });

  it("confirms that it has stopped; else the card says after a minute that nobody knows", async () => {
    await ask();
    expect(read(house.sarah.card())).not.toContain("not confirmed");
    await house.pass(61_000);
    expect(read(house.sarah.card())).toContain("not confirmed by the agent");
    const { version } = (await agent.state()).body;
    expect((await agent.confirm(version)).status).toBe(200);
    await house.settle();
    expect(read(house.sarah.card())).toContain("the agent has confirmed that it stopped");
  });
});
