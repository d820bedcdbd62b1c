/** Somebody is away: their deputy is asked for what is new and for what already waits, and nothing is taken back. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { AGENTS, type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { cardsIn, read } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
// Without digests: what is counted here are the cards and reminders of requests.
const settings = (yaml: string) => yaml.replaceAll(/(daily|weekly|monthly): "[^"]*", /g, "");
beforeEach(async () => {
  house = await startHoldpoint({ settings });
  agent = await house.agent();
});
afterEach(() => house.end());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function raise(request: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { id } = (await agent.escalate(request)).body;
  await house.settle();
  return id;
}
async function asked(id: string): Promise<readonly string[]> {
  const { body } = await agent.follow(id);
  return (body.asked as readonly { readonly id: string }[]).map((one) => one.id);
}
/** Cards that sarah, james, amara and elena have by now. */
const counts = () => [house.sarah, house.james, house.amara, house.elena].map((one) => one.cards().length);
const trail = async (kind: string) =>
  (await house.app.parts.store.audit.latest(50)).filter((line) => line.kind === kind);

describe("what is new", () => {
  it("asks the deputy, says for whom and until when, and lets them decide it and nothing more", async () => {
    const words = await house.sarah.agent("out until Friday deputy @amara");
    expect(words).toMatch(/You are out until Friday \d+ \w+, 00:00 Europe\/London/);
    expect(words).toContain("Amara Okafor is asked instead");
    const id = await raise();
    expect(counts()).toEqual([0, 0, 1, 0]);
    expect(await asked(id)).toEqual(["amara"]);
    expect(read(house.amara.card())).toMatch(/asked: @U0AMARA \(for Sarah Chen, away until /);
    expect(await house.amara.agent("resume trial-nurture")).toContain("Only the owner (Sarah Chen)");
    expect(await house.amara.ask("Reassign")).toContain("not yours");
    await house.amara.press("Approve");
    expect((await agent.follow(id)).body).toMatchObject({
      status: "decided",
      decision: { by: { id: "amara" } },
    });
    expect((await agent.state()).body.state).toBe("running");

    expect(await trail("absence.declared")).toMatchObject([
      { actor: { id: "sarah" }, detail: { person: "sarah", deputy: "amara" } },
    ]);
    expect((await trail("escalation.opened"))[0]).toMatchObject({
      detail: { asked: ["amara"], instead: [{ person: "amara", for: "sarah" }] },
    });
  });

  it("asks the people themselves again once they are back, by date or by word", async () => {
    await house.sarah.agent("out for 2h deputy @amara");
    await house.pass(2 * HOUR - MINUTE);
    expect(await asked(await raise({ summary: "Before" }))).toEqual(["amara"]);
    await house.pass(MINUTE);
    expect(await asked(await raise({ summary: "After" }))).toEqual(["sarah"]);
    await house.sarah.agent("out until tomorrow deputy @amara");
    expect(await house.sarah.agent("back")).toContain("You are back");
    expect(await asked(await raise({ summary: "By word" }))).toEqual(["sarah"]);
    expect(await trail("absence.ended")).toMatchObject([{ detail: { person: "sarah", deputy: "amara" } }]);
  });

  it("asks nobody twice: a deputy who let it pass for somebody else is not asked again for themselves", async () => {
    await house.sarah.agent("out until Friday deputy @james");
    const id = await raise();
    expect(await asked(id)).toEqual(["james"]);
    await house.pass(4 * HOUR + MINUTE);
    expect(await asked(id)).toEqual(["james", "cmo"]);
    expect(read(house.elena.card())).toContain("James Liu did not answer in 4 h; @U0ELENA is asked now.");
  });
});

describe("what already waits", () => {
  it("is handed over at once: the deputy has a card, and the earlier copy says who is asked now", async () => {
    const id = await raise();
    const due = (await agent.follow(id)).body.due_at;
    await house.pass(3 * HOUR);
    await house.sarah.press("I'm on it", house.sarah.cards()[0]);
    expect(counts()).toEqual([2, 0, 0, 0]);
    expect(await house.sarah.agent("out until Friday deputy @amara")).toContain(
      "1 request that waited is handed over now",
    );
    await house.settle();
    // One card, and no reminder of a time when nobody had asked them.
    expect(counts()).toEqual([2, 0, 1, 0]);
    const [first] = house.sarah.cards();
    expect(read(first ?? house.sarah.card())).toMatch(/asked: @U0AMARA \(for Sarah Chen, away until /);
    expect((await agent.follow(id)).body).toMatchObject({ stage: 0, due_at: due, acknowledged: null });
    expect(await trail("escalation.handed_over")).toMatchObject([
      { detail: { asked: ["amara"], instead: [{ person: "amara", for: "sarah" }] } },
    ]);
    // The stage goes on as it was: the second reminder is for whoever is asked now.
    await house.pass(15 * MINUTE);
    expect(counts()).toEqual([2, 0, 2, 0]);
    await house.pass(HOUR);
    expect(await asked(id)).toEqual(["sarah", "amara", "james"]);
  });

  it("stays with the deputy when the person is back, and both may decide it", async () => {
    const first = await raise({ summary: "First" });
    await house.sarah.agent("out until Friday deputy @amara");
    await house.settle();
    await house.sarah.agent("back");
    await house.settle();
    expect(await asked(first)).toEqual(["sarah", "amara"]);
    await house.amara.press("Approve");
    expect((await agent.follow(first)).body).toMatchObject({ decision: { by: { id: "amara" } } });
  });

  it("goes on to the deputy's deputy when they go away too, and is found in the queue of whoever has it", async () => {
    const id = await raise();
    await house.sarah.agent("out until Friday deputy @amara");
    await house.settle();
    expect(await house.amara.agent("queue")).toMatch(
      /1 request for you[\s\S]*You stand in for Sarah Chen until/,
    );
    await house.amara.agent("out until tomorrow deputy @elena");
    await house.settle();
    expect(await asked(id)).toEqual(["sarah", "amara", "cmo"]);
    expect(read(house.elena.card())).toContain("(for Sarah Chen, away until ");
    expect(await house.elena.agent("queue")).toContain("1 request for you");
    expect(await house.sarah.agent("owner trial-nurture")).toMatch(
      /owned by @?\S*(U0SARAH|Sarah Chen), away until .*; Elena Rossi stands in/,
    );
  });

  it("is handed over when an absence begins that was said before", async () => {
    const words = await house.sarah.agent("out from 12:00 until Friday deputy @amara");
    expect(words).toMatch(/out from Monday \d+ \w+, 12:00 Europe\/London until Friday/);
    const id = await raise();
    expect(await asked(id)).toEqual(["sarah"]);
    await house.pass(3 * HOUR - MINUTE);
    expect(await asked(id)).toEqual(["sarah"]);
    await house.pass(MINUTE);
    expect(await asked(id)).toEqual(["sarah", "amara"]);
  });
});

describe("a deputy who is away too", () => {
  it("ends in a circle: the next people of the chain are asked, for what is new and for what waits", async () => {
    const waiting = await raise({ summary: "Waiting" });
    await house.james.agent("out until Friday deputy @sarah");
    const words = await house.sarah.agent("out until Friday deputy @james");
    expect(words).toContain("James Liu is away as well and nobody stands in");
    await house.settle();
    expect(await asked(waiting)).toEqual(["sarah", "cmo"]);
    await house.pass(30 * MINUTE);
    const id = await raise({ summary: "New" });
    expect(await asked(id)).toEqual(["cmo"]);
    expect(counts()).toEqual([1, 0, 0, 2]);
    expect(read(house.elena.card())).not.toContain("did not answer");
    // The last stage is the channel; nobody of the circle is asked on the way.
    await house.pass(5 * HOUR);
    expect(cardsIn(house.slack.channel(AGENTS)).map(read).join()).toMatch(/Waiting[\s\S]*New/);
    expect(counts()).toEqual([1, 0, 0, 6]);
    expect((await agent.state()).body.state).toBe("held");
  });

  it("asks them all the same where nobody at all is there", async () => {
    await house.admin("PUT", "/v1/agents/alone", {
      charter: {
        goal: { outcome: "x" },
        ...{ actions: {}, constraints: {}, triggers: {}, review: {} },
        ownership: { owner: "sarah" },
      },
    });
    agent = await house.agent("alone");
    await house.james.agent("out until Friday deputy @sarah");
    await house.sarah.agent("out until Friday deputy @james");
    expect(await asked(await raise())).toEqual(["sarah"]);
    expect(counts()).toEqual([1, 0, 0, 0]);
  });
});

describe("who says it, and how", () => {
  it("is the person themselves, or an administrator for anybody", async () => {
    expect(await house.amara.agent("out @james until Friday deputy @amara")).toContain(
      "Only James Liu or an administrator can say when James Liu is away",
    );
    expect(await house.sarah.agent("out james until Friday deputy amara")).toContain(
      "James Liu is out until",
    );
    expect(await house.amara.agent("back @james")).toContain("Only James Liu or an administrator");
    expect(await house.elena.agent("out")).toMatch(/James Liu until .*; Amara Okafor stands in/);
    expect(await house.sarah.agent("back james")).toContain("James Liu is back");
    expect(await house.elena.agent("out")).toContain("Nobody is away");
    const oliver = house.person("U0OLIVER");
    expect(await oliver.agent("out until Friday deputy @james", AGENTS)).toContain("does not know your");
    for (const words of ["out", "back", "out until Friday deputy @james"])
      expect(await house.person("U0GUEST").agent(words, AGENTS)).toContain("for members of the workspace");
  });

  it("is told what to type where the words are not clear, and then nothing is changed", async () => {
    const says = (words: string) => house.sarah.agent(words);
    expect(await says("out deputy @james")).toContain("Until when? Write out until Friday deputy @name");
    expect(await says("out until Friday")).toContain("Who stands in?");
    expect(await says("out until someday deputy @james")).toContain("Friday, tomorrow, 27 Nov, 2026-11-27");
    expect(await says("out until 2020-01-01 deputy @james")).toContain("still to come");
    expect(await says("out until 2199-01-01 deputy @james")).toContain("more than a year away");
    expect(await says("out until Friday deputy @nobody")).toContain("I know nobody called");
    expect(await says("out until Friday deputy @sarah")).toContain("stand in for themselves");
    expect(await says("back")).toContain("Sarah Chen is not away");
    expect(await says("out")).toContain("Nobody is away");
  });

  it("may be said again: what is said last counts", async () => {
    await house.sarah.agent("out until Friday deputy @james");
    await house.sarah.agent("out until tomorrow deputy @amara");
    expect(await asked(await raise())).toEqual(["amara"]);
    expect(await house.sarah.agent("back")).toContain("You are back");
    expect(await house.sarah.agent("out")).toContain("Nobody is away");
  });
});

it("is remembered over a restart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-absence-"));
  try {
    await house.end();
    house = await startHoldpoint({ settings, database: `sqlite:${join(folder, "holdpoint.db")}` });
    await house.sarah.agent("out until Friday deputy @amara");
    house = await house.restart();
    agent = await house.agent();
    expect(await asked(await raise())).toEqual(["amara"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
