/** Two apps on one database and one clock: whatever falls due happens once, whoever of them sees it first. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { type Running, start } from "../../src/main.ts";
import { AGENTS, type Holdpoint, PUBLIC_URL, startHoldpoint } from "../support/holdpoint.ts";
import { describeOnPostgres } from "../support/postgres.ts";
import { cardsIn } from "../support/slack-person.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SETTINGS = readFileSync(new URL("../../examples/holdpoint.yaml", import.meta.url), "utf8").replaceAll(
  /(daily|weekly|monthly): "[^"]*", /g,
  "",
);
const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** The story, told on a database of either engine. */
async function onTwo(database: string, story: (house: Holdpoint, other: Running) => Promise<void>) {
  const env = { HOLDPOINT_SECRET: randomBytes(32).toString("base64") };
  const house = await startHoldpoint({ database, env, settings: () => SETTINGS });
  const { slack } = house;
  const other = await start(
    readConfig(
      {
        ...{ ...env, PORT: "0", DATABASE_URL: database, HOLDPOINT_CONFIG: "holdpoint.yaml" },
        ...{ HOLDPOINT_PUBLIC_URL: PUBLIC_URL, SLACK_API_URL: slack.apiUrl },
        ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_SIGNING_SECRET: slack.signingSecret },
      },
      () => SETTINGS,
    ),
    house.clock,
    silent,
  );
  try {
    await story(house, other);
  } finally {
    await other.close();
    await house.end();
  }
}

/**
 * When the next job can be claimed, once neither is at work any more. Each hears of the other's commits over the network, and
 * may begin something after it was idle: a clock moved then would end the lease of what is under way.
 */
async function idle({ app }: Holdpoint, other: Running): Promise<number | undefined> {
  let before: number | undefined = Number.NaN;
  for (let same = 0; same < 2; ) {
    await Promise.all([app.worker.drain(), other.worker.drain()]);
    const next = await app.parts.store.jobs.nextDue();
    same = next === before ? same + 1 : 0;
    before = next;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return before;
}

/** Lets time pass on both at once, each doing what it gets hold of first. */
async function pass(house: Holdpoint, other: Running, ms: number) {
  const { clock } = house;
  const end = clock.now() + ms;
  for (;;) {
    const next = await idle(house, other);
    if (next === undefined || next > end) break;
    clock.advance(Math.max(0, next - clock.now()));
  }
  clock.advance(end - clock.now());
}

async function everyStageOnce(house: Holdpoint, other: Running) {
  const agent = await house.agent();
  const { id } = (await agent.escalate()).body;
  await pass(house, other, 17 * HOUR);
  const { sarah, james, elena, slack } = house;
  expect(
    [...[sarah, james, elena].map((one) => one.cards()), cardsIn(slack.channel(AGENTS))].map(
      (one) => one.length,
    ),
  ).toEqual([3, 3, 3, 4]);
  const kinds = (await house.audit(id))
    .map(({ kind }) => kind)
    .filter((kind) => kind.startsWith("escalation."));
  expect(kinds).toEqual([
    "escalation.opened",
    ...[1, 2, 3, 4].flatMap(() =>
      ["reminded", "reminded", "stage_advanced"].map((kind) => `escalation.${kind}`),
    ),
  ]);
  expect((await agent.follow(id)).body).toMatchObject({ status: "open", stage: 3 });
}

async function handedOverOnce(house: Holdpoint, other: Running) {
  const agent = await house.agent();
  const ids = await Promise.all(
    [1, 2, 3].map(async (n) => (await agent.escalate({ summary: `Request ${n}` })).body.id),
  );
  await pass(house, other, MINUTE);
  await house.sarah.agent("out until Friday deputy @amara");
  await pass(house, other, MINUTE);
  for (const id of ids) {
    const kinds = (await house.audit(id)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "escalation.handed_over")).toHaveLength(1);
    expect((await agent.follow(id)).body.asked).toEqual([{ id: "sarah" }, { id: "amara" }]);
  }
}

describe("two apps on one SQLite file", () => {
  it.each([
    ["ask every stage in its order, each once", everyStageOnce],
    ["hand over what waits once", handedOverOnce],
  ])("%s", async (_, story) => {
    const folder = mkdtempSync(join(tmpdir(), "holdpoint-two-"));
    await onTwo(`sqlite:${join(folder, "holdpoint.db")}`, story).finally(() =>
      rmSync(folder, { recursive: true }),
    );
  });
});

await describeOnPostgres("two replicas on Postgres", (newDatabase) => {
  it.each([
    ["ask every stage in its order, each once", everyStageOnce],
    ["hand over what waits once", handedOverOnce],
    [
      "know of each other's absences before the next request",
      async (house: Holdpoint, other: Running) => {
        await house.sarah.agent("out until Friday deputy @amara");
        await vi.waitFor(() => expect(other.parts.context.absences.standing()).toHaveLength(1), 5_000);
        await house.sarah.agent("back");
        await vi.waitFor(() => expect(other.parts.context.absences.standing()).toEqual([]), 5_000);
      },
    ],
  ])("%s", async (_, story) => {
    const database = await newDatabase();
    await onTwo(database.url, story).finally(() => database.drop());
  });
});
