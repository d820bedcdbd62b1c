/** One escalation from the webhook to the release, over real HTTP and real clicks. */
import { afterEach, describe, expect, it } from "vitest";
import { ACTION, type AgentClient } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { read } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
afterEach(() => house.end());

async function begin() {
  house = await startHoldpoint();
  agent = await house.agent();
}

describe("an escalation", () => {
  it("holds the agent, asks its owner, is decided once, and lets the agent go with what was approved", async () => {
    await begin();
    expect((await agent.state()).body).toMatchObject({ state: "running", holds: [] });

    const raised = await agent.escalate({ callback_url: house.receiver.url, state: { step: 7 } });
    expect(raised.status).toBe(202);
    const { id, action_digest: digest } = raised.body;
    expect(raised.body).toMatchObject({
      ...{ status: "open", agent: "trial-nurture", severity: "medium" },
      ...{ owner: { id: "sarah", name: "Sarah Chen" }, hold: { scope: "agent" } },
      url: `https://holdpoint.example.com/escalations/${id}`,
    });
    expect((await agent.state()).body).toMatchObject({ state: "held", holds: [{ escalation: id }] });

    await house.settle();
    const asked = read(house.sarah.card());
    expect(asked).toContain("Trial nurture asks: approve send_email?");
    expect(asked).toContain(shown(digest));
    for (const value of Object.values(ACTION.args)) expect(asked).toContain(String(value));
    expect((await agent.follow(id)).body).toMatchObject({ status: "open", delivery: { card: "shown" } });

    const waiting = agent.follow(id, 30);
    await house.somebodyWaits();
    const clickedAt = house.clock.now();
    expect(await house.sarah.press("Approve")).toMatchObject({ outcome: "acknowledged", via: "http" });
    const decision = {
      verdict: "approve",
      by: { id: "sarah", name: "Sarah Chen" },
      surface: "slack",
      args: ACTION.args,
      action_digest: digest,
      at: new Date(clickedAt).toISOString(),
    };
    expect((await waiting).body).toMatchObject({ id, status: "decided", decision, state: { step: 7 } });
    expect((await agent.state()).body).toMatchObject({ state: "running", holds: [] });

    await house.settle();
    const decided = read(house.sarah.card());
    expect(decided).toContain("Approved: Trial nurture, send_email");
    expect(decided).toContain("Approved by @U0SARAH");
    expect(decided).toContain(shown(digest));
    expect(house.sarah.cards()).toHaveLength(1);
    const [callback, ...others] = house.receiver.of("escalation.decided");
    expect(callback?.data).toMatchObject({ id, status: "decided", decision, state: { step: 7 } });
    expect(others).toEqual([]);
    expect((await agent.follow(id)).body).toMatchObject({
      delivery: { card: "shown", callback: "delivered" },
    });
  });
});

/** A card names the first eight digits. */
function shown(digest: string): string {
  return digest.replace("sha256:", "").slice(0, 8);
}
