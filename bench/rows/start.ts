/** From the command to serving, with nothing and with a hundred thousand open; and what it holds in memory. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkplace } from "../load/clicks.ts";
import type { Row } from "../measure/row.ts";
import { prepareFleet } from "../processes/fleet.ts";
import { seed } from "../processes/seed.ts";
import { startServer } from "../processes/server.ts";
import { AGENTS, manyAgents } from "../processes/settings.ts";
import type { Bench } from "./bench.ts";

const ROOT = join(import.meta.dirname, "../..");
const PEOPLE = ["U0SARAH", "U0JAMES", "U0AMARA", "U0ELENA"];
const IDLE_MS = 1_500;
const OPEN = 100_000;

/** Of a bot that nobody has registered: nothing is asked of Microsoft until somebody writes. */
const TEAMS = {
  MicrosoftAppId: "00000000-0000-4000-8000-000000000001",
  MicrosoftAppPassword: "never sent",
  MicrosoftAppTenantId: "00000000-0000-4000-8000-000000000002",
  MicrosoftAppType: "SingleTenant",
};

interface Start {
  /** Seconds from the process to the first answer of the 200s. */
  readonly served: number[];
  /** Seconds to its line that it is ready. */
  readonly ready: number[];
  /** MB, a moment later. */
  readonly resident: number[];
}

export async function start(bench: Bench): Promise<readonly Row[]> {
  const workplace = await openWorkplace(PEOPLE);
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
  const env = (database: string) => ({
    ...workplace.env,
    PORT: "0",
    DATABASE_URL: `sqlite:${join(folder, database)}`,
    HOLDPOINT_CONFIG: join(ROOT, "examples/holdpoint.yaml"),
  });
  const idle = `resident, ${IDLE_MS / 1_000} s after it was ready`;
  const both = async (): Promise<Row> => ({
    ...{ name: "idle memory, Slack and Teams on", unit: "MB", target: { most: 200 }, note: idle },
    rounds: (await runs(bench, { ...env("both.db"), ...TEAMS }, folder)).resident,
  });
  try {
    bench.say("start: Slack, then Slack and Teams");
    const slack = await runs(bench, env("slack.db"), folder);
    return [
      {
        ...{ name: "start, Slack on", unit: "s", target: { most: 0.7 }, rounds: slack.ready },
        note: "holdpoint serve, from the process to its line that it is ready, on one core",
      },
      {
        name: "idle memory, Slack on",
        unit: "MB",
        target: { most: 140 },
        rounds: slack.resident,
        note: idle,
      },
      ...(bench.quick ? [] : [await both(), ...(await withManyOpen(bench))]),
    ];
  } finally {
    workplace.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withManyOpen(bench: Bench): Promise<readonly Row[]> {
  const open = bench.count(OPEN);
  bench.say(`start: ${open} open`);
  const [few, many] = [await prepareFleet(manyAgents(AGENTS)), await prepareFleet(manyAgents(AGENTS))];
  try {
    await seed(few, 1, "open");
    await seed(many, open, "open");
    const fewRuns = await runs(bench, few.serve.env, few.folder);
    const manyRuns = await runs(bench, many.serve.env, many.folder);
    const words = `${open.toLocaleString("en-GB")} open`;
    return [
      {
        ...{ name: "boot with 100,000 open, to the first 2xx", unit: "s", target: { most: 1 } },
        ...{ rounds: manyRuns.served, note: `${words}, of ${AGENTS} agents whose charters are read as well` },
      },
      {
        ...{ name: "memory per open escalation", unit: "B", target: { most: 500 } },
        rounds: manyRuns.resident.map((mb, run) => ((mb - (fewRuns.resident[run] ?? mb)) * 1024 ** 2) / open),
        note: `resident with ${words}, less that with 2`,
      },
    ];
  } finally {
    for (const fleet of [few, many]) fleet.remove();
  }
}

/** One run that counts for nothing, which creates the database and fills Node's cache of compiled code; then those that count. */
async function runs(bench: Bench, env: NodeJS.ProcessEnv, cwd: string): Promise<Start> {
  const measured: Start = { served: [], ready: [], resident: [] };
  for (let run = 0; run <= bench.rounds; run++) {
    const began = performance.now();
    const args = ["--max-semi-space-size=8", join(ROOT, "bin/holdpoint.js"), "serve"];
    const server = await startServer(args, { env, cwd });
    const answer = await fetch(`${server.url}/healthz`);
    const served = performance.now() - began;
    if (!answer.ok) throw new Error(`the first answer was ${answer.status}`);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    if (run > 0) {
      measured.served.push(served / 1_000);
      measured.ready.push(server.readyMs / 1_000);
      measured.resident.push(server.rssMb());
    }
    await server.stop();
  }
  return measured;
}
