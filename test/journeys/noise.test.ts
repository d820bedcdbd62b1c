/** Many requests to one person: like ones share a card, a crowd becomes one, a lone one never waits, and each is still decided by itself. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { consoleVisitor } from "../support/console-visitor.ts";
import { numbered, raiseCrowd, SHORT } from "../support/crowd.ts";
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
async function raise(request: Readonly<Record<string, unknown>> = {}, by = agent): Promise<string> {
  const { body } = await by.escalate(request);
  await house.settle();
  return String(body.id);
}

const raiseAll = (requests: Parameters<typeof raiseCrowd>[2]) => raiseCrowd(house, agent, requests);
const follow = async (id: string) => (await agent.follow(id)).body;

describe("like requests", () => {
  const like = { group: "pricing-page" };

  it("join the card of the first, where it stands, with a count; unlike ones get cards of their own", async () => {
    const first = await raise({ ...like, summary: "The first" });
    const card = house.sarah.card();
    await house.pass(2 * MINUTE);
    const second = await raise({ ...like, summary: "The second" });
    expect(house.sarah.cards().map(({ ts }) => ts)).toEqual([card.ts]);
    expect(read(house.sarah.card())).toContain("2 × Trial nurture asks: approve send_email?");
    expect(read(house.sarah.card())).toMatch(/“The first”[\s\S]*“The second”/);
    for (const id of [first, second]) expect((await follow(id)).delivery.card).toBe("shown");
    expect((await house.audit(second)).map(({ kind }) => kind)).toContain("card.shown");

    await house.pass(2 * MINUTE);
    await raise({ summary: "Something else" });
    await house.pass(2 * MINUTE);
    await raise({ ...like, trigger: "question", summary: "A question" });
    expect(house.sarah.cards()).toHaveLength(3);
  });

  it("leave the first one's context where it belongs: under the message that shows both now", async () => {
    const context = [{ label: "Plan", value: "Enterprise trial" }];
    await agent.escalate({ ...like, context });
    await house.app.worker.drain();
    await agent.escalate(like);
    await house.settle();
    const [card, reply, ...others] = house.slack.dm("U0SARAH");
    expect(others).toEqual([]);
    expect(read(card as never)).toContain("2 × ");
    expect(reply).toMatchObject({ threadTs: card?.ts });
  });

  it("that come later than ten minutes ring again, and so does a critical one at any time", async () => {
    await raise(like);
    await house.pass(11 * MINUTE);
    await raise(like);
    expect(house.sarah.cards()).toHaveLength(2);
    await house.pass(MINUTE);
    await raise({ ...like, severity: "critical" });
    expect(house.sarah.cards()).toHaveLength(3);
    await house.pass(MINUTE);
    await raise(like);
    expect(read(house.sarah.cards()[1] as never)).toContain("2 × ");
  });

  it("of high severity join in silence only a card that rang within the last minute", async () => {
    await raise({ ...like, severity: "high" });
    await house.pass(30 * SECOND);
    await raise({ ...like, severity: "high" });
    expect(house.sarah.cards()).toHaveLength(1);
    await house.pass(MINUTE);
    await raise({ ...like, severity: "high" });
    expect(house.sarah.cards()).toHaveLength(2);
  });

  it("do not join a card that is settled", async () => {
    await raise(like);
    await house.sarah.press("Approve");
    await house.pass(MINUTE);
    await raise(like);
    expect(house.sarah.cards()).toHaveLength(2);
  });
});

describe("a pair", () => {
  it("that comes at once stays two cards, one soon after the other", async () => {
    const replies = await Promise.all(numbered(2).map((request) => agent.escalate(request)));
    await house.settle();
    expect(house.sarah.cards().map((card) => read(card).includes("Why it stopped"))).toEqual([true, true]);
    for (const { body } of replies) expect((await follow(body.id)).delivery.card).toBe("shown");
  });
});

describe("a crowd", () => {
  it("of five within a minute: the fifth is a card that later ones join", async () => {
    for (let at = 0; at < 8; at++) {
      await raise({ summary: `Request ${at}`, ...SHORT });
      await house.pass(5 * SECOND);
    }
    expect(house.sarah.cards()).toHaveLength(5);
    expect(read(house.sarah.card())).toContain("4 × Trial nurture asks");
    expect(read(house.sarah.card())).toMatch(/“Request 4”[\s\S]*“Request 7”/);
  });

  it("that is over lets a lone request ring again, at once", async () => {
    await raiseAll(numbered(10));
    expect(house.sarah.cards()).toHaveLength(2);
    await house.pass(2 * MINUTE);
    const before = house.clock.now();
    const { body } = await agent.escalate({ summary: "Alone" });
    await house.app.worker.drain();
    expect(house.clock.now()).toBe(before);
    expect((await follow(body.id)).delivery.card).toBe("shown");
    expect(read(house.sarah.card())).toContain("Alone");
    expect(house.sarah.cards()).toHaveLength(3);
  });

  it("does not keep a critical request waiting, which has a card of its own before theirs", async () => {
    await raiseAll([...numbered(6), { severity: "critical", summary: "Now" }]);
    await house.pass(5 * SECOND);
    const cards = house.sarah.cards().map(read);
    expect(cards).toHaveLength(3);
    expect(cards[1]).toContain("Critical");
    expect(cards[2]).toContain("6 × ");
  });

  it("that goes on when everything on its card is settled gets another card", async () => {
    const ids = await raiseAll(numbered(6));
    for (const id of ids) await agent.withdraw(id, "No longer needed");
    await house.settle();
    await raise({ ...SHORT, summary: "One more" });
    expect(house.sarah.cards()).toHaveLength(3);
    expect(read(house.sarah.card())).toContain("One more");
  });

  it("costs no attempt while it is held back: what is posted once was tried once", async () => {
    const ids = await raiseAll(numbered(3));
    for (const id of ids) {
      const shown = (await house.audit(id)).find(({ kind }) => kind === "card.shown");
      expect(shown?.detail).toMatchObject({ attempts: 1 });
    }
  });

  it("for one person is none for another", async () => {
    const content = await house.agent("content-distribution");
    const [, other] = await Promise.all([raiseAll(numbered(10)), content.escalate()]);
    await house.settle();
    expect(house.sarah.cards()).toHaveLength(2);
    expect(read(house.james.card())).toContain("Content distribution asks: approve send_email?");
    expect((await content.follow(other.body.id)).body.delivery.card).toBe("shown");
  });

  it("lists the rest for whoever asks for it", async () => {
    await raiseAll(numbered(30));
    const [shown] = /“Request (\d+)”(?![\s\S]*“Request)/.exec(read(house.sarah.card()))?.slice(1) ?? [];
    const listed = Number(shown) + 1;
    expect(read(house.sarah.card())).toContain(`${30 - listed} more requests wait below these`);
    const next = await house.sarah.ask("Show the next");
    expect(next).toContain(`“Request ${listed}”`);
    expect(next).not.toContain(`“Request ${listed - 1}”`);
    const aside = house.slack.ephemerals("U0SARAH").at(-1);
    expect(await house.sarah.ask("Show the next", aside)).toContain(`“Request ${2 * listed}”`);
  });
});

describe("a row", () => {
  it("is opened and decided by itself, or approved from the line that shows all of it; the card says what became of each", async () => {
    const ids = await raiseAll(numbered(3));
    expect(await house.sarah.ask("holdpoint.show.2")).toContain("Why it stopped");
    await house.sarah.press("holdpoint.approve.1");
    await house.settle();
    expect((await follow(ids[0] ?? "")).decision).toMatchObject({ verdict: "approve" });
    expect(read(house.sarah.card())).toMatch(
      /2 × [\s\S]*Approved: Trial nurture, send_email by Sarah Chen · “Request 0”/,
    );
    expect(house.sarah.cards()).toHaveLength(2);
  });

  it("that can't be shown on a line, or is grave, is opened first", async () => {
    await raiseAll([
      { action: { name: "send_email", args: { to: "dana@example.com", body: "Of course. ".repeat(30) } } },
      { ...SHORT, severity: "high" },
    ]);
    expect(read(house.sarah.card())).toContain("2 × ");
    expect(read(house.sarah.card())).not.toContain("\nApprove\n");
  });

  it("that is decided on the console, withdrawn or expired is settled on the card too", async () => {
    const [first = "", second = "", third = ""] = await raiseAll(numbered(3));
    const visitor = consoleVisitor(house.url, PUBLIC_URL);
    await visitor.open(await house.app.parts.signIn.linkFor("james" as never));
    await visitor.send("Sign in");
    await visitor.open(`/escalations/${first}`);
    await visitor.send("Approve");
    await agent.withdraw(second, "No longer needed");
    await house.settle();
    const words = read(house.sarah.card());
    expect(words).toContain("Approved: Trial nurture, send_email by James Liu");
    expect(words).toContain("Withdrawn: Trial nurture, send_email");
    await visitor.open(`/escalations/${third}`);
    await visitor.send("Approve");
    await house.settle();
    expect(read(house.sarah.card())).toContain("All 3 requests are settled");
    expect(read(house.sarah.card())).toContain("2 approved by James Liu, 1 withdrawn.");
    expect(house.sarah.cards()).toHaveLength(2);
  });
});

describe("a queue card", () => {
  it.each([
    ["whose reply was lost", { kind: "reply-lost" }],
    ["that failed after it was done", { kind: "http-503", performed: true }],
    ["that failed before it was done", { kind: "http-503", performed: false }],
  ] as const)("with a post %s stands once, and shows everything", async (_, fault) => {
    await raise();
    house.slack.fault({ method: "chat.postMessage", ...fault });
    const replies = await Promise.all(numbered(5).map((request) => agent.escalate(request)));
    await house.pass(MINUTE);
    expect(house.sarah.cards()).toHaveLength(2);
    expect(read(house.sarah.card())).toContain("5 × ");
    for (const { body } of replies) expect((await follow(body.id)).delivery.card).toBe("shown");
  });

  it("that somebody deleted is posted anew while anything is open", async () => {
    const ids = await raiseAll(numbered(3));
    house.slack.removeMessage(house.sarah.card());
    await agent.withdraw(ids[0] ?? "", "No longer needed");
    await house.pass(MINUTE);
    expect(house.sarah.cards()).toHaveLength(2);
    expect(read(house.sarah.card())).toContain("2 × ");
  });

  it("that can no longer be changed keeps what it shows, and what it does not show goes elsewhere", async () => {
    await raise({ group: "a", summary: "The first" });
    house.slack.fault({ method: "chat.update", kind: "error", word: "edit_window_closed", times: 100 });
    const second = await raise({ group: "a", summary: "The second" });
    await house.pass(10 * SECOND);
    expect(house.sarah.cards()).toHaveLength(2);
    expect(read(house.sarah.card())).toContain("The second");
    expect((await follow(second)).delivery.card).toBe("shown");
  });

  it("that reaches nobody passes each of its requests on", async () => {
    const to = house.slack.dmId("U0SARAH");
    house.slack.fault({
      method: "chat.postMessage",
      channel: to,
      kind: "error",
      word: "restricted_action",
      times: 9,
    });
    const ids = await raiseAll(numbered(5));
    await house.pass(10 * SECOND);
    for (const id of ids) expect(await follow(id)).toMatchObject({ stage: 1, delivery: { card: "shown" } });
    expect(house.sarah.cards()).toEqual([]);
    expect(read(house.james.card())).toContain("5 × ");
  });

  it("is reminded of once for all of its requests, and the reminder ends with them", async () => {
    const ids = await raiseAll(numbered(9));
    await house.pass(2 * 60 * MINUTE + MINUTE);
    // The lone one has a card and a reminder of its own.
    expect(house.sarah.cards()).toHaveLength(4);
    const reminder = house.sarah
      .cards()
      .find((card) => read(card).includes("Reminder: 9 × Trial nurture asks"));
    expect(reminder).toBeDefined();
    await house.sarah.ask("Show them", reminder);
    expect(house.sarah.told()).toContain("“Request 0”");
    for (const id of ids) await agent.withdraw(id, "No longer needed");
    await house.settle();
    const words = house.sarah.cards().map(read);
    expect(words).toContainEqual(expect.stringMatching(/^All 9 requests are settled/));
    expect(words).toContainEqual(
      expect.stringContaining("Nothing to do any more. All 9 requests are settled."),
    );
  });

  it("goes on as one where the next stage is asked", async () => {
    await raiseAll(numbered(9));
    await house.pass(4 * 60 * MINUTE + 2 * MINUTE);
    expect(house.james.cards().length).toBeLessThanOrEqual(2);
    expect(read(house.james.card())).toMatch(/9 × |10 × /);
  });
});
