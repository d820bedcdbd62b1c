/** Nobody answers: reminders, the next people, the fallback channel, and in the end the hold still stands. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { AGENTS, type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { cardsIn, read } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
afterEach(() => house.end());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function begin(options: Parameters<typeof startHoldpoint>[0] = {}) {
  // Without digests: what is counted here are the cards and reminders of requests.
  const quiet = (yaml: string) => yaml.replaceAll(/(daily|weekly|monthly|quarterly): "[^"]*", /g, "");
  house = await startHoldpoint({
    ...options,
    settings: (yaml) => quiet(options.settings ? options.settings(yaml) : yaml),
  });
  agent = await house.agent();
}

async function raise(request: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { id } = (await agent.escalate({ callback_url: house.receiver.url, ...request })).body;
  await house.settle();
  return id;
}

/** How many cards and reminders each has, in the order of asking. */
function counts(): readonly number[] {
  const { sarah, james, elena } = house;
  return [
    ...[sarah, james, elena].map((one) => one.cards().length),
    cardsIn(house.slack.channel(AGENTS)).length,
  ];
}

async function kindsOf(id: string): Promise<readonly string[]> {
  const kinds = (await house.audit(id)).map(({ kind }) => kind);
  return kinds.filter((kind) => kind.startsWith("escalation."));
}

describe("silence", () => {
  it("reminds at half and four fifths of the time, then asks deputies, then leaders, then the channel, each once", async () => {
    await begin();
    const raisedAt = house.clock.now();
    const id = await raise();
    const at = async (ms: number) => {
      await house.pass(raisedAt + ms - house.clock.now());
      return counts();
    };
    expect(await at(2 * HOUR - MINUTE)).toEqual([1, 0, 0, 0]);
    expect(await at(2 * HOUR + MINUTE)).toEqual([2, 0, 0, 0]);
    expect(read(house.sarah.card())).toContain("Reminder: Trial nurture asks");
    expect(await at(3.2 * HOUR + MINUTE)).toEqual([3, 0, 0, 0]);
    expect(await at(4 * HOUR + MINUTE)).toEqual([3, 1, 0, 0]);
    expect((await agent.follow(id)).body).toMatchObject({
      stage: 1,
      breached: true,
      asked: [{ id: "sarah" }, { id: "james" }],
    });
    expect(await at(8 * HOUR + MINUTE)).toEqual([3, 3, 1, 0]);
    expect(await at(12 * HOUR + 2 * MINUTE)).toEqual([3, 3, 3, 1]);
    expect(read(cardsIn(house.slack.channel(AGENTS))[0] ?? house.sarah.card())).toContain(
      "asked: this channel",
    );

    // The last stage is asked again and again, and nothing is released.
    expect(await at(16 * HOUR + 3 * MINUTE)).toEqual([3, 3, 3, 4]);
    expect(await at(20 * HOUR + 4 * MINUTE)).toEqual([3, 3, 3, 5]);
    // From now on its latest message says in its place how often: nobody is rung up for ever.
    expect(await at(24 * HOUR + 5 * MINUTE)).toEqual([3, 3, 3, 5]);
    const standing = () => read(cardsIn(house.slack.channel(AGENTS)).at(-1) ?? house.sarah.card());
    expect(standing()).toContain("Asked for the 4th time: Trial nurture asks");
    expect(await at(32 * HOUR + 6 * MINUTE)).toEqual([3, 3, 3, 5]);
    expect(standing()).toContain("Asked for the 5th time");
    expect((await agent.follow(id)).body).toMatchObject({ status: "open", stage: 3 });
    expect((await agent.state()).body.state).toBe("held");
    expect(await kindsOf(id)).toEqual([
      "escalation.opened",
      ...[1, 2, 3, 4].flatMap(() =>
        ["reminded", "reminded", "stage_advanced"].map((kind) => `escalation.${kind}`),
      ),
      ...[2, 3, 4].map(() => "escalation.stage_advanced"),
    ]);

    // A reminder stays as it was shown: each round changes only the cards.
    expect(house.slack.calls("chat.update").length).toBeLessThan(60);

    // Whoever was asked may still answer, and then every copy everywhere says so.
    const [first] = house.elena.cards();
    await house.elena.press("Approve", first);
    await house.pass(MINUTE);
    const { sarah, james, elena, slack } = house;
    const all = [...sarah.cards(), ...james.cards(), ...elena.cards(), ...cardsIn(slack.channel(AGENTS))].map(
      read,
    );
    expect(all.filter((card) => card.includes("Approved by @U0ELENA"))).toHaveLength(4);
    expect(all.filter((card) => card.includes("Nothing to do any more"))).toHaveLength(all.length - 4);
    expect(await at(60 * HOUR)).toEqual(counts());
  });

  it("while Holdpoint was away over several deadlines moves one stage, which gets its full time from then on", async () => {
    await begin();
    const id = await raise();
    house.clock.advance(30 * HOUR);
    await house.settle();
    expect((await agent.follow(id)).body).toMatchObject({
      stage: 1,
      due_at: new Date(house.clock.now() + 4 * HOUR).toISOString(),
    });
    expect(counts()).toEqual([1, 1, 0, 0]);
  });

  it("never approves: where the charter says so the request expires, is told as expired, and the hold stands", async () => {
    await begin();
    const { charter } = (await house.admin("GET", "/v1/agents/trial-nurture")).body;
    const ownership = { ...charter.ownership, on_silence: "expire", respond_within: { medium: "30m" } };
    const put = await house.admin("PUT", "/v1/agents/trial-nurture", {
      name: "Trial nurture",
      charter: {
        ...written(charter),
        ownership: { ...written(ownership), respond_within: { medium: "30m" } },
      },
    });
    expect(put.status, put.text).toBe(200);
    const id = await raise();
    await house.pass(2 * HOUR + 5 * MINUTE);
    expect((await agent.follow(id)).body).toMatchObject({ status: "expired", decision: null });
    expect(house.receiver.of("escalation.expired")).toMatchObject([
      { data: { id, status: "expired", decision: null } },
    ]);
    expect((await agent.state()).body).toMatchObject({ state: "held", holds: [{ escalation: id }] });
    const [card] = house.sarah.cards();
    expect(read(card ?? house.sarah.card())).toContain("Expired: nobody decided in time");
    await house.slack.press("U0SARAH", card ?? house.sarah.card(), "Approve", { stale: true });
    await house.slack.until(() => /has expired/.test(house.sarah.told()), "words for Sarah");
    expect((await agent.state()).body.state).toBe("held");
    expect(await house.sarah.agent("resume trial-nurture")).toContain("running again");
    expect((await agent.state()).body.state).toBe("running");
  });
});

describe("an owner who cannot be reached", () => {
  it("has no Slack account: the deputy is asked at once, and the operator told", async () => {
    await begin({ settings: (yaml) => yaml.replace("slack: U0SARAH, ", "") });
    const raisedAt = house.clock.now();
    const id = await raise();
    expect(house.clock.now() - raisedAt).toBeLessThan(MINUTE);
    expect(house.sarah.cards()).toEqual([]);
    expect(read(house.james.card())).toContain("Trial nurture asks");
    expect((await agent.follow(id)).body).toMatchObject({
      stage: 1,
      breached: false,
      delivery: { card: "shown" },
    });
    expect(warnings(id)).toEqual([expect.stringContaining("nobody of this stage can be reached")]);
    await house.james.press("Approve");
    expect((await agent.state()).body.state).toBe("running");
  });

  it("was deactivated: likewise, within a minute", async () => {
    await begin();
    house.slack.putUser({ id: "U0SARAH", name: "sarah", deleted: true });
    const raisedAt = house.clock.now();
    const id = await raise({ summary: "Another one" });
    expect(house.clock.now() - raisedAt).toBeLessThan(MINUTE);
    expect(read(house.james.card())).toContain("Another one");
    expect(warnings(id).join()).toContain("nobody of this stage can be reached");
    expect((await house.audit(id)).map(({ kind }) => kind)).toContain("card.undeliverable");
  });

  it("and nobody else either: the hold stands, the agent is told, the operator alarmed", async () => {
    await begin({
      settings: (yaml) =>
        yaml.replaceAll(/, slack: U0\w+/g, "").replaceAll(/ *fallback: "slack:C0AGENTS"\n/g, "\n"),
    });
    const id = await raise();
    expect((await agent.follow(id)).body).toMatchObject({
      status: "open",
      delivery: { card: "undeliverable" },
    });
    expect((await agent.state()).body.state).toBe("held");
    expect(warnings(id).join()).toContain("decide in the console");
  });

  it("is no longer in the people list: the fallback channel is asked, and nobody decides by accident", async () => {
    const folder = mkdtempSync(join(tmpdir(), "holdpoint-time-"));
    try {
      await begin({ database: `sqlite:${join(folder, "holdpoint.db")}` });
      const { charter } = (await house.admin("GET", "/v1/agents/trial-nurture")).body;
      const ownership = { owner: "cmo", fallback: `slack:${AGENTS}` };
      await house.admin("PUT", "/v1/agents/orphan", {
        charter: { ...written(charter), triggers: {}, ownership },
      });
      house = await house.restart((yaml) =>
        yaml.replace(/.*id: cmo.*\n/, "").replaceAll(/, escalate_to: \[cmo\]| *escalate_to: \[cmo\]\n/g, ""),
      );
      agent = await house.agent("orphan");
      const id = await raise();
      expect((await house.audit(id)).map(({ kind }) => kind)).toContain("operator.alarmed");
      const [card] = cardsIn(house.slack.channel(AGENTS));
      if (!card) throw new Error("the channel has no card");
      for (const person of [house.sarah, house.elena]) {
        expect(await person.ask("Approve", card)).toMatch(
          /names nobody who can be reached|does not know your/,
        );
      }
      expect((await agent.state()).body.state).toBe("held");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a pause", () => {
  it.each([
    ["an hour is skipped", "2027-03-28T00:30:00Z"],
    ["an hour comes twice", "2027-10-31T00:30:00Z"],
  ])(
    "for two hours lasts two hours in the night in which %s, and ends because a person said so",
    async (_, at) => {
      await begin();
      house.clock.advance(Date.parse(at) - house.clock.now());
      await house.sarah.agent("pause trial-nurture for 2h the clocks are changed");
      await house.pass(2 * HOUR - 1_000);
      expect((await agent.state()).body.state).toBe("held");
      await house.pass(1_000);
      expect((await agent.state()).body.state).toBe("running");
      const [line] = (await house.app.parts.store.audit.latest(20)).filter(
        ({ kind }) => kind === "hold.released",
      );
      expect(line?.actor.name).toContain("Sarah Chen, who set the end when pausing");
    },
  );

  it("without an end waits for a person, however long, and so does every other hold", async () => {
    await begin();
    await house.sarah.agent("pause content-distribution until I am back");
    await raise();
    await house.sarah.fill("Reject, keep paused", { reason: "not before we have talked" });
    await house.pass(400 * 24 * HOUR);
    for (const id of ["trial-nurture", "content-distribution"])
      expect((await (await house.agent(id)).state()).body.state, id).toBe("held");
  });
});

function warnings(id: string): readonly string[] {
  return house.log
    .filter(({ level, facts }) => level !== "info" && facts.escalation === id && facts.copy === undefined)
    .map(({ words }) => words);
}

/** A charter as it is read has durations in milliseconds; as it is written, only what differs from the defaults matters here. */
function written<Part extends object>(part: Part): Part {
  const {
    triggers: _triggers,
    constraints: _constraints,
    respond_within: _within,
    ...rest
  } = part as Record<string, unknown>;
  return { ...rest, ...("goal" in part ? { triggers: {}, constraints: {} } : {}) } as Part;
}
