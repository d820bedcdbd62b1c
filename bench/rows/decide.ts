/** From a person's press in Slack to its acknowledgement, and to the agent that waits for it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { percentile } from "../measure/figures.ts";
import { figure } from "../measure/report.ts";
import type { Row } from "../measure/row.ts";
import { startClicking } from "../processes/clicking.ts";
import { nodeOn } from "../processes/cores.ts";
import type { Bench } from "./bench.ts";

const OPEN = 10_000;
const COMMITS = 3_000;
/** Milliseconds that a press may take beside its commits, at p99. */
const BESIDE = 5;

export async function decide(bench: Bench): Promise<readonly Row[]> {
  const waiting = bench.count(bench.quick ? 200 : 1_000);
  const open = bench.count(bench.quick ? 2_000 : OPEN);
  bench.say(`clicks in Slack: ${open} open, ${waiting} long-polls waiting`);
  const clicking = await startClicking(open);
  try {
    const commit = percentile(commitTimes(bench.count(COMMITS)), 0.99);
    const [, ...rounds] = await clicking.click(bench.rounds + 1, waiting); // the first warms up
    const of = (what: "acknowledged" | "answered", share: number) =>
      rounds.map((round) => percentile(round[what], share));
    const clicks = `${clicking.note}, with ${open.toLocaleString("en-GB")} open`;
    const polls = `${waiting} long-polls held; counted from the press, so more than from the commit`;
    const unit = { unit: "ms", target: "information" } as const;
    return [
      {
        ...{ name: "click → durable → acknowledged, p50", ...unit },
        ...{ rounds: of("acknowledged", 0.5), note: clicks },
      },
      {
        ...{ name: "click → acknowledged, p99 ÷ (3 × a commit's p99 + 5 ms)", unit: "ratio" },
        ...{ target: { most: 1 } },
        rounds: of("acknowledged", 0.99).map((p99) => p99 / (3 * commit + BESIDE)),
        note: `a commit: ${figure(commit)} ms, p99 of ${COMMITS} by themselves; ${clicks}`,
      },
      {
        ...{ name: "decision → long-poll answered, p50", ...unit },
        ...{ rounds: of("answered", 0.5), note: polls },
      },
      {
        ...{ name: "decision → long-poll answered, p99", unit: "ms", target: { most: 50 } },
        ...{ rounds: of("answered", 0.99), note: polls },
      },
    ];
  } finally {
    await clicking.end();
  }
}

/** On the core and the disk of the servers; sorted. */
function commitTimes(commits: number): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
  const script = fileURLToPath(new URL("../limit/commits.ts", import.meta.url));
  const args = [script, "--database", join(folder, "commits.db"), "--commits", String(commits)];
  try {
    const [command, all] = nodeOn("server", args);
    const times = JSON.parse(execFileSync(command, all, { encoding: "utf8" })) as readonly number[];
    return times.toSorted((a, b) => a - b);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
