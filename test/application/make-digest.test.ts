/** Two processes on one database make one digest of each date, whoever of them is quicker. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createHoldIndex } from "../../src/application/hold-index.ts";
import type { CallbackSender } from "../../src/application/ports.ts";
import { readConfig } from "../../src/config.ts";
import { openParts } from "../../src/parts.ts";
import { createReviews } from "../../src/reviews.ts";
import { createUseCases } from "../../src/use-cases.ts";
import { createWorker } from "../../src/worker.ts";
import { describeOnPostgres } from "../support/postgres.ts";
import { movableClock } from "../support/slack-workspace/index.ts";

const YAML = readFileSync(new URL("../../examples/holdpoint.yaml", import.meta.url), "utf8");
const SCHEDULE = "daily:person:sarah:Europe/London:09:00";
const log = { info: () => {}, warn: () => {}, error: () => {} };

const nobody: CallbackSender = {
  send: async () => {
    throw new Error("no callback is due here");
  },
};

type Process = Awaited<ReturnType<typeof openProcess>>;
type Clock = ReturnType<typeof movableClock>;

async function openProcess(url: string, clock: Clock) {
  const env = {
    ...{ DATABASE_URL: url, HOLDPOINT_CONFIG: "holdpoint.yaml" },
    ...{ HOLDPOINT_SECRET: Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString("base64") },
    // A platform that is on, so that digests have somewhere to go.
    ...{ SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "0123456789abcdef" },
  };
  const parts = await openParts(
    readConfig(env, () => YAML),
    clock,
    log,
  );
  const jobs = await parts.planDigests(await parts.store.agents.all());
  if (jobs.length > 0) await parts.store.save({ jobs, audit: [] });
  const useCases = createUseCases(parts, await createHoldIndex(parts.store), nobody);
  const worker = createWorker({ ...parts.context }, useCases.handlers([]));
  return { parts, worker, make: createReviews(parts).make };
}

function onOneDatabase(newUrl: () => Promise<{ readonly url: string; remove(): Promise<void> }>) {
  let database: Awaited<ReturnType<typeof newUrl>>;
  let both: readonly Process[] = [];
  const clock = movableClock();
  afterEach(async () => {
    for (const { parts } of both) await parts.close();
    await database.remove();
  });
  async function begin() {
    database = await newUrl();
    both = [await openProcess(database.url, clock), await openProcess(database.url, clock)];
    const [first, second] = both;
    if (!first || !second) throw new Error("there are not two");
    return [first, second] as const;
  }
  const made = async ({ parts }: Process) => {
    const all = await parts.store.digests.page({ limit: 200 });
    const ours = all.filter(({ schedule }) => schedule === SCHEDULE);
    const copies = await Promise.all(all.map(({ id }) => parts.store.copies.ofDigest(id)));
    return { dates: ours.map(({ date }) => date), all: all.length, copies: copies.flat().length };
  };

  it("that look at their jobs at the same time", async () => {
    const [first, second] = await begin();
    for (let day = 0; day < 3; day++) {
      clock.advance(24 * 3_600_000);
      await Promise.all([first.worker.drain(), second.worker.drain()]);
    }
    const { dates, all, copies } = await made(first);
    expect(new Set(dates).size).toBe(3);
    expect(dates).toHaveLength(3);
    // Three owners on three days, one address each; and the week's on Monday at ten, which came too late to be sent.
    expect(all).toBe(10);
    expect(copies).toBe(9);
  });

  it("that both believe it is theirs to make, five times over", async () => {
    const [first, second] = await begin();
    clock.advance(24 * 3_600_000);
    const now = clock.now();
    const tries = [first, second, first, second, first].map(({ make }) => make.fallDue(SCHEDULE, now));
    const answers = await Promise.all(tries);
    expect(new Set(answers.map((answer) => answer?.again))).toEqual(new Set([answers[0]?.again]));
    const { dates, copies } = await made(second);
    expect(dates).toHaveLength(1);
    expect(copies).toBe(1);
  });
}

describe("two processes on one SQLite file make one digest", () => {
  onOneDatabase(async () => {
    const folder = mkdtempSync(join(tmpdir(), "holdpoint-two-"));
    return {
      url: `sqlite:${join(folder, "holdpoint.db")}`,
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

await describeOnPostgres("two processes on one Postgres make one digest", (newDatabase) => {
  onOneDatabase(async () => {
    const { url, drop } = await newDatabase();
    return { url, remove: drop };
  });
});
