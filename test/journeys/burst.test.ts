/** A thousand requests in ten seconds: nobody is flooded, nothing is lost, and everything can be decided from the cards. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AgentClient, agentClient } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { describeOnPostgres } from "../support/postgres.ts";
import { read } from "../support/slack-person.ts";

const OWNERS = Array.from({ length: 20 }, (_, at) => ({
  slack: `U0OWNER${String(at).padStart(2, "0")}`,
  id: `owner-${at}`,
  agent: `agent-${at}`,
}));

/** Twenty people, each of whom owns one agent. */
const SETTINGS = [
  "people:",
  ...OWNERS.map(({ id, slack }, at) => `  - { id: ${id}, name: Owner ${at}, slack: ${slack} }`),
  "agents:",
  ...OWNERS.flatMap(({ id, agent }, at) => [
    `  - id: ${agent}`,
    `    name: Agent ${at}`,
    "    charter:",
    "      goal: { outcome: Answer customers }",
    "      actions: { may: [send_email] }",
    "      constraints: {}",
    "      triggers: {}",
    "      review: { timezone: Europe/London }",
    `      ownership: { owner: ${id} }`,
  ]),
].join("\n");

const STEP = 100;
const EACH = 50;

let house: Holdpoint;
let agents: readonly AgentClient[];
const TWENTY = {
  settings: () => SETTINGS,
  slack: { users: OWNERS.map(({ slack }) => ({ id: slack, name: slack.toLowerCase() })), channels: [] },
};
beforeEach(async () => {
  house = await startHoldpoint(TWENTY);
  agents = await Promise.all(OWNERS.map(({ agent }) => house.agent(agent)));
});
afterEach(() => house.end());

/** Fifty requests to each owner, spread over ten seconds; answers with their ids. */
async function burst(severityOf: (at: number) => string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let at = 0; at < EACH * OWNERS.length; at += 10) {
    const asked = Array.from({ length: 10 }, (_, more) => {
      const number = at + more;
      const agent = agents[number % OWNERS.length];
      const request = { summary: `Request ${number}`, severity: severityOf(number) };
      return agent?.escalate(request);
    });
    ids.push(...(await Promise.all(asked)).map((reply) => String(reply?.body.id)));
    await house.app.worker.drain();
    house.clock.advance(STEP);
  }
  return ids;
}

const cardsOf = (slack: string) => house.person(slack).cards();

async function deliveries(ids: readonly string[]): Promise<readonly string[]> {
  const { store } = house.app.parts;
  const states = ids.map(async (id) => (await store.copies.of(id as never)).map(({ state }) => state));
  return [...new Set((await Promise.all(states)).flat())];
}

describe("a thousand requests for twenty owners in ten seconds", () => {
  it("make two messages for each of them, lose nothing, and are all decided from there", async () => {
    const began = house.clock.now();
    const ids = await burst(() => "medium");
    await house.pass(2_000);
    for (const { slack } of OWNERS) {
      const [first, second, ...others] = cardsOf(slack);
      expect(others).toEqual([]);
      expect(Number(first?.ts) * 1_000 - began).toBeLessThan(1_000);
      expect(Number(second?.ts) * 1_000 - began).toBeLessThan(4_000);
    }
    await house.pass(60_000);
    expect(await deliveries(ids)).toEqual(["shown"]);
    for (const { slack } of OWNERS) {
      const [first, queue] = cardsOf(slack);
      expect(read(first as never)).toContain("Agent");
      expect(read(queue as never)).toContain("49 × ");
    }

    for (const { slack } of OWNERS) await house.person(slack).press("Approve", cardsOf(slack)[0]);
    for (let round = 0; round < 3; round++) {
      await Promise.all(
        OWNERS.map(async ({ slack }) => {
          const owner = house.person(slack);
          const queue = owner.card();
          const label = /Decide all \d+/.exec(read(queue))?.[0];
          if (label === undefined) return;
          expect(await owner.fill(label, { verdict: "approve", sure: true }, queue)).toEqual({});
        }),
      );
      await house.pass(60_000);
    }
    // Two forms of twenty leave nine, and the third decides them.
    expect(await house.app.parts.store.escalations.countOpen()).toBe(0);
    for (const { slack } of OWNERS) {
      expect(cardsOf(slack)).toHaveLength(2);
      expect(read(house.person(slack).card())).toContain("All 49 requests are settled");
    }
  }, 120_000);

  it("make three where a critical one is among them, which goes alone and first", async () => {
    // The sixth and later of each owner's: by then others already wait for their turn.
    await burst((number) => (Math.floor(number / OWNERS.length) === 6 ? "critical" : "high"));
    await house.pass(2_000);
    for (const { slack } of OWNERS) {
      const cards = cardsOf(slack);
      expect(cards.length).toBeLessThanOrEqual(3);
      expect(cards.filter((card) => read(card).includes("Critical"))).toHaveLength(1);
    }
  }, 120_000);
});

await describeOnPostgres("two replicas that draw at the same time", (newDatabase) => {
  it("put every request on one card, and none on two", async () => {
    await house.end();
    const database = await newDatabase();
    house = await startHoldpoint({ ...TWENTY, database: database.url });
    const other = await house.replica();
    const first = await house.agent("agent-0");
    const { key, signingSecret } = first;
    const second = agentClient(other.url, key, signingSecret);
    const drain = () => Promise.all([house.app.worker.drain(), other.worker.drain()]);
    try {
      for (let round = 1; round <= 3; round++) {
        const asked = Array.from({ length: 40 }, (_, at) => (at % 2 ? first : second).escalate());
        const ids = (await Promise.all(asked)).map(({ body }) => String(body.id));
        for (let turn = 0; turn < 20; turn++) {
          await drain();
          house.clock.advance(500);
        }
        expect(await deliveries(ids)).toEqual(["shown"]);
        const copies = await Promise.all(ids.map((id) => house.app.parts.store.copies.of(id as never)));
        expect(copies.map((one) => one.length)).toEqual(ids.map(() => 1));
        expect(cardsOf("U0OWNER00").length).toBeLessThanOrEqual(2 * round);
        house.clock.advance(11 * 60_000);
      }
    } finally {
      await other.close();
      await house.end();
      await database.drop();
      house = await startHoldpoint(TWENTY);
    }
  }, 120_000);
});
