/** Stages that count business time: nights, week-ends, holidays, changed clocks; and what of low severity waits for the morning. */
import { afterEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { AGENTS, type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { cardsIn, read } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
afterEach(() => house.end());

/** The three agents, with more in the ownership of the first. Its clock stands at the given instant. */
async function begin(ownership: string, at: string) {
  house = await startHoldpoint({
    // Without digests: what is counted here are the cards and reminders of requests.
    settings: (yaml) =>
      yaml
        .replaceAll(/(daily|weekly|monthly): "[^"]*", /g, "")
        .replace("      ends:\n", `        ${ownership}\n      ends:\n`),
  });
  house.clock.advance(Date.parse(at) - house.clock.now());
  agent = await house.agent();
}
async function raise(request: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { id } = (await agent.escalate(request)).body;
  await house.settle();
  return id;
}
const until = (at: string) => house.pass(Date.parse(at) - house.clock.now());
const due = async (id: string) => (await agent.follow(id)).body.due_at;
const stage = async (id: string) => (await agent.follow(id)).body.stage;
/** Cards and reminders of sarah, james, elena and the channel. */
const counts = () => [
  ...[house.sarah, house.james, house.elena].map((one) => one.cards().length),
  cardsIn(house.slack.channel(AGENTS)).length,
];
const OFFICE = "hours: { from: '09:00', to: '17:30', holidays: ['2026-12-25', '2026-12-28'] }";

describe("a stage in business hours", () => {
  it("raised on Friday evening runs on Monday: reminders, then every stage in order, each once", async () => {
    await begin(OFFICE, "2026-11-20T17:00:00Z");
    const id = await raise();
    expect(await due(id)).toMatch(/^2026-11-23T12:30/);
    expect(read(house.sarah.card())).toContain("(4 h of business hours to answer)");
    expect(counts()).toEqual([1, 0, 0, 0]);
    await until("2026-11-23T08:59:00Z");
    expect(counts()).toEqual([1, 0, 0, 0]);
    await until("2026-11-23T12:29:00Z");
    expect(counts()).toEqual([3, 0, 0, 0]);
    await until("2026-11-23T12:31:00Z");
    expect([await stage(id), counts()]).toEqual([1, [3, 1, 0, 0]]);
    expect(read(house.james.card())).toContain("Sarah Chen did not answer in 4 h of business hours");
    await until("2026-11-23T16:31:00Z");
    expect([await stage(id), counts()]).toEqual([2, [3, 3, 1, 0]]);
    await until("2026-11-24T08:59:00Z");
    expect(counts()).toEqual([3, 3, 1, 0]);
    await until("2026-11-24T12:01:00Z");
    expect([await stage(id), counts()]).toEqual([3, [3, 3, 3, 1]]);
  });

  it("passes holidays and the week-end between them", async () => {
    await begin(OFFICE, "2026-12-24T16:30:00Z");
    expect(await due(await raise())).toMatch(/^2026-12-29T12:00/);
  });

  it.each([
    ["New York", "America/New_York", "2027-03-12T21:00:00Z", "2027-03-15T15:30"],
    ["London", "Europe/London", "2027-10-29T15:00:00Z", "2027-11-01T11:30"],
    ["Lord Howe", "Australia/Lord_Howe", "2027-10-01T05:30:00Z", "2027-10-04T00:30"],
  ])(
    "over the week-end in which %s changes its clocks ends at the same time of day",
    async (_, zone, at, end) => {
      await begin(`hours: { timezone: ${zone}, from: '09:00', to: '17:30' }`, at);
      const id = await raise();
      expect(await due(id)).toMatch(new RegExp(`^${end}`));
      await until(`${end}:59Z`);
      expect(await stage(id)).toBe(1);
      expect(counts()).toEqual([3, 1, 0, 0]);
    },
  );

  it("is not one for critical requests, whose time always counts, unless the charter says so", async () => {
    await begin(OFFICE, "2026-11-21T12:00:00Z");
    const id = await raise({ severity: "critical" });
    expect(await due(id)).toMatch(/^2026-11-21T12:15/);
    await house.pass(16 * 60_000);
    expect(counts()).toEqual([3, 1, 0, 0]);
  });
});

describe("quiet hours", () => {
  const QUIET = "quiet: { from: '20:00', to: '08:00' }";

  it("keep what is of low severity until they end, and its time stands still meanwhile", async () => {
    await begin(QUIET, "2026-11-20T23:00:00Z");
    const id = await raise({ severity: "low" });
    expect(counts()).toEqual([0, 0, 0, 0]);
    expect((await agent.state()).body.state).toBe("held");
    await until("2026-11-21T07:59:00Z");
    expect(counts()).toEqual([0, 0, 0, 0]);
    await until("2026-11-21T08:00:10Z");
    expect(counts()).toEqual([1, 0, 0, 0]);
    // Twelve hours of a day count; the reminder at half of them is due when the next quiet hours begin, and waits.
    await until("2026-11-22T07:59:00Z");
    expect([await stage(id), counts()]).toEqual([0, [1, 0, 0, 0]]);
    await until("2026-11-22T08:00:10Z");
    expect(counts()).toEqual([2, 0, 0, 0]);
    await until("2026-11-22T20:00:10Z");
    expect(await stage(id)).toBe(1);
    expect(counts()).toEqual([3, 0, 0, 0]);
    await until("2026-11-23T08:00:10Z");
    expect(counts()).toEqual([3, 1, 0, 0]);
    await house.james.press("Approve");
    expect((await agent.state()).body.state).toBe("running");
  });

  it("change nothing for anything graver", async () => {
    await begin(QUIET, "2026-11-20T23:00:00Z");
    const id = await raise();
    expect(counts()).toEqual([1, 0, 0, 0]);
    expect(await due(id)).toMatch(/^2026-11-21T03:00/);
  });

  it("wake nobody for what was settled in them", async () => {
    await begin(QUIET, "2026-11-20T23:00:00Z");
    const id = await raise({ severity: "low" });
    await agent.withdraw(id, "found the answer myself");
    await house.pass(24 * 3_600_000);
    expect(counts()).toEqual([0, 0, 0, 0]);
    expect((await agent.state()).body.state).toBe("running");
  });

  it("are everything outside business hours where the charter names only these", async () => {
    await begin(OFFICE, "2026-11-21T12:00:00Z");
    await raise({ severity: "low" });
    await raise({ severity: "medium", summary: "Not that low" });
    expect(house.sarah.cards().map(read).join()).toContain("Not that low");
    expect(counts()).toEqual([1, 0, 0, 0]);
    await until("2026-11-23T09:00:10Z");
    expect(counts()).toEqual([2, 0, 0, 0]);
  });
});
