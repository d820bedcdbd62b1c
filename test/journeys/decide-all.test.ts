/** Deciding many requests together: what is listed is what is decided, each by the one door, and what went another way is told. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { consoleVisitor } from "../support/console-visitor.ts";
import { numbered, raiseCrowd, SHORT } from "../support/crowd.ts";
import { AGENTS, type Holdpoint, PUBLIC_URL, startHoldpoint } from "../support/holdpoint.ts";
import { cardsIn, read, readView } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
beforeEach(async () => {
  house = await startHoldpoint();
  agent = await house.agent();
});
afterEach(() => house.end());

const raiseAll = (requests: Parameters<typeof raiseCrowd>[2]) => raiseCrowd(house, agent, requests);
const follow = async (id: string) => (await agent.follow(id)).body;

describe("deciding all", () => {
  it("lists what is decided, wants a tick, and decides each as it was listed", async () => {
    const ids = await raiseAll(numbered(12, { callback_url: house.receiver.url }));
    await house.sarah.open("Decide all 12");
    const listed = readView(house.sarah.view());
    for (let at = 0; at < 12; at++) expect(listed).toContain(`“Request ${at}”`);
    expect(listed).toContain("dana@example.com");
    expect(await house.sarah.send({ verdict: "approve" })).toMatchObject({
      "field:sure": "Read the list, and tick this.",
    });
    expect((await follow(ids[0] ?? "")).status).toBe("open");
    expect(await house.sarah.send({ verdict: "approve", sure: true })).toEqual({});
    await house.settle();
    for (const id of ids)
      expect((await follow(id)).decision).toMatchObject({ verdict: "approve", by: { name: "Sarah Chen" } });
    expect(house.receiver.of("escalation.decided")).toHaveLength(12);
    expect(read(house.sarah.card())).toContain("12 approved by Sarah Chen.");
    expect(house.slack.calls("chat.update").length).toBeLessThanOrEqual(3);
  });

  it("rejects all with one reason, which every agent is told, and not without", async () => {
    const ids = await raiseAll(numbered(3));
    await house.sarah.open("Decide all 3");
    expect(await house.sarah.send({ verdict: "reject", sure: true })).toMatchObject({
      "field:words": expect.stringContaining("Say why"),
    });
    await house.sarah.send({ verdict: "reject", words: "Not this quarter.", sure: true });
    for (const id of ids) expect((await follow(id)).decision).toMatchObject({ reason: "Not this quarter." });
  });

  it("passes over what was decided or changed meanwhile, and says so", async () => {
    const [first = "", second = ""] = await raiseAll(numbered(4, { trigger: "low_confidence" }));
    await house.sarah.open("Decide all 4");
    const visitor = consoleVisitor(house.url, PUBLIC_URL);
    await visitor.open(await house.app.parts.signIn.linkFor("james" as never));
    await visitor.send("Sign in");
    await visitor.open(`/escalations/${first}`);
    await visitor.send("Approve");
    await agent.withdraw(second, "No longer needed");
    await house.sarah.send({ verdict: "approve", sure: true });
    expect(readView(house.sarah.view())).toContain(
      "You approved 2 requests. 1 was decided already by James Liu. 1 was withdrawn or expired meanwhile.",
    );
  });

  it("counts as one approval each where several are needed, and refuses what somebody has changed since", async () => {
    const renewal = await house.agent("renewal-assistant");
    const request = {
      ...SHORT,
      trigger: "approval_required",
      action: { name: "offer_terms", args: { percent: 9 } },
    };
    await renewal.escalate();
    await house.app.worker.drain();
    const replies = [await renewal.escalate(request), await renewal.escalate(request)];
    await house.settle();
    const [first] = replies.map(({ body }) => String(body.id));
    await house.amara.open("Decide all 2");
    const visitor = consoleVisitor(house.url, PUBLIC_URL);
    await visitor.open(await house.app.parts.signIn.linkFor("sarah" as never));
    await visitor.send("Sign in");
    await visitor.open(`/escalations/${first}`);
    await visitor.send("Approve these", { "f.arg0": "12" });
    await house.amara.send({ verdict: "approve", sure: true });
    expect(readView(house.amara.view())).toContain(
      "Your approval counts for 1 that somebody else must approve too. 1 has changed since the list was made",
    );
  });

  it("is the same on the console, of everything that waits for whoever looks", async () => {
    const ids = await raiseAll(numbered(4));
    const visitor = consoleVisitor(house.url, PUBLIC_URL);
    await visitor.open(await house.app.parts.signIn.linkFor("sarah" as never));
    await visitor.send("Sign in");
    await visitor.open("/");
    expect((await visitor.send("Decide several at once")).text).toMatch(
      /1\. .*The lone one.* 5\. .*Request 3/,
    );
    const again = await visitor.send("Decide all 5", { "f.verdict": "approve" });
    expect(again.text).toContain("Read the list, and tick this.");
    const done = await visitor.send("Decide all 5", {
      "f.verdict": "approve",
      tick: "sure",
      "f.sure": "true",
    });
    expect(done.text).toContain("You approved 5 requests.");
    for (const id of ids) expect((await follow(id)).decision).toMatchObject({ verdict: "approve" });
  });

  it("offers nobody what is not theirs to decide", async () => {
    await house.end();
    house = await startHoldpoint({
      settings: (yaml) => yaml.replace("owner: sarah", 'owner: sarah\n        ask_in: "slack:C0AGENTS"'),
    });
    agent = await house.agent();
    await raiseAll(numbered(2));
    const card = cardsIn(house.slack.channel(AGENTS)).at(-1);
    expect(await house.amara.ask("Decide all 2", card)).toContain("not yours to decide");
    expect(await house.person("U0OLIVER").ask("Decide all 2", card)).toContain("does not know your slack");
    expect(await house.person("U0GUEST").ask("Decide all 2", card)).toContain("members of the workspace");
    expect((await house.sarah.open("Decide all 2", card)).id).toBeDefined();
  });
});
