/** Something is wrong with Holdpoint itself: whoever runs it is told, once, where they look, and told when it is over. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { due } from "../../src/domain/job.ts";
import { AGENTS, type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { cardsIn, read } from "../support/slack-person.ts";

let house: Holdpoint;
const folders: string[] = [];
afterEach(async () => {
  await house.end();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const operators = (yaml: string) => `operators: "slack:${AGENTS}"\n${yaml}`;

/** A file that outlives a process, and that two can have. */
function inFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-alarms-"));
  folders.push(folder);
  return `sqlite:${join(folder, "holdpoint.db")}`;
}

const inChannel = () => cardsIn(house.slack.channel(AGENTS)).map(read);
const errors = () => house.log.filter(({ level }) => level === "error").map(({ words }) => words);
const alarms = async () =>
  (await house.app.parts.store.audit.latest(100)).filter(({ kind }) => kind === "operator.alarmed");

/** A request that is looked at again only days after its deadline, as if somebody had moved the clock. */
async function oversleep(): Promise<string> {
  const agent = await house.agent();
  const { id } = (await agent.escalate()).body;
  await house.settle();
  await wakeIn(10 * DAY, id);
  return id;
}

async function wakeIn(ms: number, id: string) {
  const { clock, app } = house;
  await app.parts.store.save({ jobs: [due("advance", id, clock.now() + ms)], audit: [] });
}

/** Looks until then: an alarm is not over before the whole trail is known, and another replica may be the one that draws it. */
async function untilChannelSays(words: readonly string[], { auditor } = house.app) {
  await vi.waitFor(
    async () => {
      await auditor.look();
      await house.settle();
      expect(inChannel()).toEqual(words.map((some) => expect.stringContaining(some)));
    },
    { timeout: 5_000 },
  );
}

describe("an alarm", () => {
  it("goes to the operators' channel, the log and the audit trail, and its message says when it is over", async () => {
    house = await startHoldpoint({ settings: operators });
    await house.app.auditor.look();
    expect(await alarms()).toEqual([]);
    const id = await oversleep();
    await house.app.auditor.look();
    await house.app.auditor.look();
    expect(await alarms()).toMatchObject([
      { actor: { kind: "system" }, detail: { why: "late_wake_up", late_wake_up: 1 } },
    ]);
    expect(errors()).toEqual([
      expect.stringContaining(`1 open request (${id}) would be looked at only after the deadline`),
    ]);
    await house.settle();
    expect(inChannel()).toEqual([expect.stringContaining("Holdpoint itself needs you: 1 flaw")]);
    await wakeIn(MINUTE, id);
    await house.app.auditor.look();
    await house.settle();
    expect(inChannel()).toHaveLength(1);
    expect(inChannel()[0]).toContain("This alarm is over");
  });

  it("is one message, whichever replica sees what is wrong and whichever sees that it is over", async () => {
    house = await startHoldpoint({ settings: operators, database: inFolder() });
    const other = await house.replica();
    const id = await oversleep();
    await Promise.all([house.app.auditor.look(), other.auditor.look()]);
    await house.app.auditor.look();
    expect(await alarms()).toHaveLength(1);
    await untilChannelSays(["Holdpoint itself needs you: 1 flaw"]);
    await wakeIn(MINUTE, id);
    await untilChannelSays(["This alarm is over"], other);
    await house.app.auditor.look();
    await wakeIn(10 * DAY, id);
    await Promise.all([house.app.auditor.look(), other.auditor.look()]);
    await untilChannelSays(["This alarm is over", "Holdpoint itself needs you: 1 flaw"]);
    await other.close();
  });

  it("is ended by the process that comes after the one that raised it", async () => {
    house = await startHoldpoint({ settings: operators, database: inFolder() });
    const id = await oversleep();
    await house.app.auditor.look();
    await untilChannelSays(["Holdpoint itself needs you: 1 flaw"]);
    house = await house.restart();
    await wakeIn(MINUTE, id);
    await untilChannelSays(["This alarm is over"]);
  });

  it("is raised again after an hour, while the same lasts", async () => {
    house = await startHoldpoint();
    await oversleep();
    await house.app.auditor.look();
    await house.pass(59 * MINUTE);
    await house.app.auditor.look();
    expect(await alarms()).toHaveLength(1);
    await house.pass(2 * MINUTE);
    await house.app.auditor.look();
    const [latest, first] = await alarms();
    expect(latest?.detail?.since).toBe(first?.detail?.since);
    expect(errors()).toHaveLength(2);
  });

  it("is counted for Prometheus, and 0 while all is well", async () => {
    house = await startHoldpoint();
    const metric = async () =>
      /^holdpoint_overdue (\d+)$/m.exec((await house.admin("GET", "/v1/metrics")).text)?.[1];
    await house.app.auditor.look();
    expect(await metric()).toBe("0");
    await oversleep();
    await house.app.auditor.look();
    expect(await metric()).toBe("1");
  });
});
