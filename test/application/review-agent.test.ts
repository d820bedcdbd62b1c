/** What comes of a review that nobody signs: one hold for it, however often its time is said to be over. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import type { AgentId } from "../../src/domain/ids.ts";
import { openParts, type Parts } from "../../src/parts.ts";
import { createReviews } from "../../src/reviews.ts";
import { type MovableClock, movableClock } from "../support/slack-workspace/index.ts";

const DAY = 86_400_000;
const AGENT = "trial-nurture" as AgentId;
const WEEKLY = "weekly:channel:slack:C0REVIEW:Europe/London:Mon 10:00";

const yaml = readFileSync(new URL("../../examples/holdpoint.yaml", import.meta.url), "utf8").replace(
  'weekly: "Mon 10:00", monthly',
  'weekly: "Mon 10:00", unsigned: { hold_after: 3d }, monthly',
);

let parts: Parts;
let reviews: ReturnType<typeof createReviews>;
let report: string;
let clock: MovableClock;

beforeEach(async () => {
  clock = movableClock();
  const env = { DATABASE_URL: "sqlite::memory:", HOLDPOINT_CONFIG: "holdpoint.yaml" };
  parts = await openParts(
    readConfig(env, () => yaml),
    clock,
  );
  reviews = createReviews(parts);
  clock.advance(Date.parse("2026-11-16T10:00Z") + 7 * DAY - clock.now());
  await reviews.make.fallDue(WEEKLY, clock.now());
  const [made] = await parts.store.digests.page({ limit: 1 });
  report = `${made?.id}/${AGENT}`;
});
afterEach(() => parts.close());

const holds = () => parts.store.holds.activeOf(AGENT);

describe("a review that nobody has signed in time", () => {
  it("asks for its time to be looked at when it is sent, for the agents whose charters say so", async () => {
    expect(await parts.store.jobs.dueAt(`review:${report}`)).toBe(clock.now() + 3 * DAY);
    const other = report.replace(AGENT, "renewal-assistant");
    expect(await parts.store.jobs.dueAt(`review:${other}`)).toBeUndefined();
  });

  it("holds the agent once", async () => {
    await reviews.agent.fallDue(report);
    await reviews.agent.fallDue(report);
    expect(await holds()).toMatchObject([{ scope: { kind: "agent" }, placedBy: { name: "Holdpoint" } }]);
  });

  it("holds nobody under a charter that no longer says so, and nobody that is not in it", async () => {
    const agent = await parts.store.agents.find(AGENT);
    if (!agent) throw new Error("there is no agent");
    const { unsigned: _, ...review } = agent.charter.review;
    const settings = { id: AGENT, environment: agent.environment, charter: { ...agent.charter, review } };
    await parts.applyCharter({ settings, by: { id: "sarah", name: "Sarah Chen" } });
    await reviews.agent.fallDue(report);
    await reviews.agent.fallDue(`${report}-of-nobody`);
    await reviews.agent.fallDue(`digest_none/${AGENT}`);
    expect(await holds()).toEqual([]);
  });
});

describe("the budget an agent reports", () => {
  const at = (spent: number) => ({ budget: { spent, cap: 100, currency: "GBP" } });

  it("is known at once, is written down later, and survives the process", async () => {
    reviews.budgets.saw(AGENT, at(10), 1);
    reviews.budgets.saw(AGENT, at(20), 2);
    reviews.budgets.saw(AGENT, {}, 3);
    reviews.budgets.saw(AGENT, undefined, 4);
    expect(await reviews.budgets.of(AGENT)).toEqual({ spent: 20, cap: 100, currency: "GBP", at: 2 });
    expect(await createReviews(parts).budgets.of(AGENT)).toBeNull();
    await reviews.budgets.flush();
    expect(await createReviews(parts).budgets.of(AGENT)).toMatchObject({ spent: 20, at: 2 });
  });

  it("is the latest that any replica has written down", async () => {
    const other = createReviews(parts).budgets;
    reviews.budgets.saw(AGENT, at(10), 1);
    other.saw(AGENT, at(30), 5);
    await other.flush();
    expect(await reviews.budgets.of(AGENT)).toMatchObject({ spent: 30, at: 5 });
    reviews.budgets.saw(AGENT, at(40), 9);
    expect(await reviews.budgets.of(AGENT)).toMatchObject({ spent: 40, at: 9 });
  });
});
