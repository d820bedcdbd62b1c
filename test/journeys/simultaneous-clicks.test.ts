/** Fifty clicks at once by two people who disagree: one decision, and everybody else is told who was quicker. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { read } from "../support/slack-person.ts";

let house: Holdpoint;
beforeEach(async () => {
  house = await startHoldpoint();
});
afterEach(() => house.end());

const EACH = 25;

describe("fifty simultaneous clicks", () => {
  it("make exactly one decision, and the forty-nine others hear who was quicker", async () => {
    const { slack, sarah, james } = house;
    const agent = await house.agent();
    const { id } = (await agent.escalate({ callback_url: house.receiver.url })).body;
    await house.settle();
    await sarah.fill("Reassign", { to: "james" });
    await house.settle();
    const form = await james.open("Reject");

    // Slack's client would send one form once: each of these is another person's hand on the same window.
    const rejections = Array.from({ length: EACH }, (_, at) =>
      slack.submitView(james.id, form.id, { "field:reason": `No, for reason ${at}.` }),
    );
    const approvals = Array.from({ length: EACH }, () => sarah.press("Approve"));
    const [rejected, approved] = await Promise.all([Promise.all(rejections), Promise.all(approvals)]);
    for (const answer of [...rejected, ...approved]) expect(answer.outcome).toBe("acknowledged");

    const { status, decision } = (await agent.follow(id)).body;
    expect(status).toBe("decided");
    const won = decision.verdict === "approve" ? "sarah" : "james";
    expect(decision.by.id).toBe(won);

    const toJames = rejected.flatMap(({ body }) => (body === undefined ? [] : [JSON.stringify(body)]));
    const losers = toJames.filter((words) => /was quicker|have already/.test(words)).length;
    const clear = toJames.filter((words) => words === '{"response_action":"clear"}').length;
    expect([losers, clear]).toEqual(won === "james" ? [EACH - 1, 1] : [EACH, 0]);
    const toSarah = () =>
      slack.ephemerals(sarah.id).filter((one) => /was quicker|have already/.test(read(one))).length;
    const awaited = won === "sarah" ? EACH - 1 : EACH;
    await slack.until(() => toSarah() === awaited, `${awaited} answers for Sarah`);

    const kinds = (await house.audit(id)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "escalation.decided")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "hold.released")).toHaveLength(1);
    await house.settle();
    expect(house.receiver.of("escalation.decided")).toMatchObject([{ data: { id, decision } }]);
    for (const { card } of [sarah, james]) {
      expect(read(card())).toContain(won === "sarah" ? "Approved by @U0SARAH" : "Rejected by @U0JAMES");
    }
  });
});
