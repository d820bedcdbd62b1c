/** Fifty clicks at once by two people who disagree: one decision, and everybody else is told who was quicker. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { AGENTS, type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { read } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
beforeEach(async () => {
  house = await startHoldpoint();
  agent = await house.agent();
});
afterEach(() => house.end());

const EACH = 25;
const LATE = /was quicker|have already/;

/** James has a card as well, and the window of `label` open in front of him; answers with its id. */
async function atTheSameTime(label: string): Promise<string> {
  await house.settle();
  await house.sarah.fill("Reassign", { to: "james" });
  await house.settle();
  return (await house.james.open(label)).id;
}

/** Sarah presses and James sends, each as often, all at once. Answers with who was first, once everybody has heard. */
async function clickAll(pressed: string, form: string, field: string): Promise<"sarah" | "james"> {
  const { slack, sarah, james } = house;
  // Over connections that stand already, fifty requests arrive in one turn of the loop: else each would find the one before done.
  await Promise.all(Array.from({ length: 2 * EACH }, () => slack.verifyUrl()));
  // Slack's client would send one form once: each of these is another person's hand on the same window.
  const sent = Array.from({ length: EACH }, (_, at) =>
    slack.submitView(james.id, form, { [field]: `These are words number ${at}.` }),
  );
  const presses = Array.from({ length: EACH }, () => sarah.press(pressed));
  const [toJames, toSarah] = await Promise.all([Promise.all(sent), Promise.all(presses)]);
  for (const { outcome } of [...toJames, ...toSarah]) expect(outcome).toBe("acknowledged");

  const words = toJames.map(({ body }) => JSON.stringify(body));
  const late = words.filter((one) => LATE.test(one)).length;
  const first = late === EACH ? "sarah" : "james";
  expect([late, words.filter((one) => one === '{"response_action":"clear"}').length]).toEqual(
    first === "sarah" ? [EACH, 0] : [EACH - 1, 1],
  );
  const heard = () => slack.ephemerals(sarah.id).filter((one) => LATE.test(read(one))).length;
  const awaited = first === "sarah" ? EACH - 1 : EACH;
  await slack.until(() => heard() === awaited, `${awaited} answers for Sarah`);
  return first;
}

async function countOf(id: string, kind: string): Promise<number> {
  return (await house.audit(id)).filter((line) => line.kind === kind).length;
}

describe("fifty simultaneous clicks", () => {
  it("make exactly one decision, and the forty-nine others hear who was quicker", async () => {
    const { id } = (await agent.escalate({ callback_url: house.receiver.url })).body;
    const form = await atTheSameTime("Reject");
    const first = await clickAll("Approve", form, "field:reason");

    const { status, decision } = (await agent.follow(id)).body;
    const verdict = first === "sarah" ? "approve" : "reject";
    expect({ status, decision }).toMatchObject({
      status: "decided",
      decision: { verdict, by: { id: first } },
    });
    expect(await countOf(id, "escalation.decided")).toBe(1);
    expect(await countOf(id, "hold.released")).toBe(1);
    await house.settle();
    expect(house.receiver.of("escalation.decided")).toMatchObject([{ data: { id, decision } }]);
    for (const { card } of [house.sarah, house.james]) {
      expect(read(card())).toContain(first === "sarah" ? "Approved by @U0SARAH" : "Rejected by @U0JAMES");
    }
  });

  it("make exactly one decision where nothing is held, so that nothing but the revision tells them apart", async () => {
    const oliver = house.person("U0OLIVER");
    await house.slack.slash("U0OLIVER", "/agent", "flag trial-nurture", AGENTS);
    await house.slack.until(() => oliver.view() !== undefined, "the form");
    await oliver.send({ severity: "low", what: "The greeting is odd." });
    const form = await atTheSameTime("Answer");
    const first = await clickAll("Dismiss", form, "field:response");

    const [flag] = (await house.admin("GET", "/v1/escalations?agent=trial-nurture")).body.escalations;
    expect((await agent.follow(flag.id)).body.decision).toMatchObject({
      ...{ verdict: first === "sarah" ? "dismiss" : "respond", by: { id: first } },
    });
    expect(await countOf(flag.id, "escalation.decided")).toBe(1);
  });
});
