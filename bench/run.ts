/** npm run bench: runs every subject, prints each row beside its target, and keeps the results. */
import { parseArgs } from "node:util";
import { load, machine } from "./measure/machine.ts";
import { keep, table } from "./measure/report.ts";
import { judge } from "./measure/row.ts";
import { coreOf } from "./processes/cores.ts";
import { accept } from "./rows/accept.ts";
import type { Bench, Subject } from "./rows/bench.ts";
import { beside } from "./rows/beside.ts";
import { burst } from "./rows/burst.ts";
import { decide } from "./rows/decide.ts";
import { digest } from "./rows/digest.ts";
import { growth } from "./rows/growth.ts";
import { kept } from "./rows/kept.ts";
import { postgres } from "./rows/postgres.ts";
import { read } from "./rows/read.ts";
import { release } from "./rows/release.ts";
import { slowDisk } from "./rows/slow-disk.ts";
import { start } from "./rows/start.ts";
import { waiters } from "./rows/waiters.ts";

/** In the order in which they run. */
const SUBJECTS = {
  ...{ accept, slowDisk, read, beside, decide, release, waiters },
  ...{ growth, digest, start, burst, postgres, kept },
} as const satisfies Readonly<Record<string, Subject>>;

/** What `--quick` leaves out: what fills databases, waits for Slack's pace, starts another server, or just takes its time. */
const ONLY_IN_FULL: readonly (keyof typeof SUBJECTS)[] = [
  ...(["slowDisk", "beside", "release", "waiters"] as const),
  ...(["growth", "digest", "burst", "postgres"] as const),
];

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    only: { type: "string" },
    scale: { type: "string", default: "1" },
  },
});
const { quick, check, only } = values;
const scale = Number(values.scale);
if (!(scale > 0 && scale <= 1)) throw new Error("--scale takes a number above 0, and 1 at most");
const bench: Bench = {
  quick,
  rounds: scale < 1 ? 1 : quick ? 3 : 5,
  count: (size) => Math.max(1, Math.round(size * scale)),
  seconds: (length) => (scale < 1 ? Math.min(length, 0.5) : length),
  say: (words) => console.error(`… ${words}`),
};
const subjects = Object.entries(SUBJECTS).filter(([name]) =>
  only === undefined ? !(quick && ONLY_IN_FULL.some((one) => one === name)) : only === name,
);
if (subjects.length === 0) throw new Error(`--only takes one of ${Object.keys(SUBJECTS).join(", ")}`);

const began = performance.now();
const facts = { ...machine(), serverCore: coreOf("server") ?? "any", loadCore: coreOf("load") ?? "any" };
console.log(JSON.stringify(facts, null, 2));
const loadBefore = load();
const rows = [];
for (const [, subject] of subjects) rows.push(...(await subject(bench)));
const judged = rows.map(judge);
const seconds = Math.round((performance.now() - began) / 1_000);

console.log(`\n${table(judged)}\n\nload average ${loadBefore} before, ${load()} after; ${seconds} s`);
if (only === undefined && scale === 1) {
  keep({ at: new Date().toISOString(), quick, machine: facts, seconds, rows: judged });
}

const missed = judged.filter(({ verdict }) => verdict === "missed");
if (check && missed.length > 0) {
  console.error(`missed: ${missed.map(({ name }) => name).join("; ")}`);
  process.exitCode = 1;
}
process.exit();
