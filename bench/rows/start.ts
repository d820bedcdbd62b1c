/** From the command to the line that it is ready, with Slack on; and what it holds in memory when nothing happens. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkplace } from "../load/clicks.ts";
import type { Row } from "../measure/row.ts";
import { startServer } from "../processes/server.ts";
import type { Bench } from "./bench.ts";

const ROOT = join(import.meta.dirname, "../..");
const PEOPLE = ["U0SARAH", "U0JAMES", "U0AMARA", "U0ELENA"];
const IDLE_MS = 1_500;

export async function start(bench: Bench): Promise<readonly Row[]> {
  const runs = bench.quick ? 3 : 5;
  bench.say(`start: ${runs} runs`);
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
  const workplace = await openWorkplace(PEOPLE);
  const env = {
    ...workplace.env,
    PORT: "0",
    DATABASE_URL: `sqlite:${join(folder, "holdpoint.db")}`,
    HOLDPOINT_CONFIG: join(ROOT, "examples/holdpoint.yaml"),
  };
  const ready: number[] = [];
  const resident: number[] = [];
  try {
    for (let run = 0; run <= runs; run++) {
      const server = await startServer(["--max-semi-space-size=8", join(ROOT, "bin/holdpoint.js"), "serve"], {
        env,
        cwd: folder,
      });
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      // The first run creates the database and fills Node's cache of compiled code.
      if (run > 0) {
        ready.push(server.readyMs / 1_000);
        resident.push(server.rssMb());
      }
      await server.stop();
    }
  } finally {
    workplace.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return [
    {
      ...{ name: "start, Slack on", unit: "s", target: { most: 0.8, later: "≤ 0.7" }, rounds: ready },
      note: "holdpoint serve, from the process to its line that it is ready, on one core",
    },
    {
      ...{
        name: "idle memory, Slack on",
        unit: "MB",
        target: { most: 150, later: "≤ 140" },
        rounds: resident,
      },
      note: `resident, ${IDLE_MS / 1_000} s after it was ready`,
    },
  ];
}
