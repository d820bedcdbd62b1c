/** npm run bench: runs every subject, prints each row beside its target, and keeps the results. */
import { parseArgs } from "node:util";
import { load, machine } from "./measure/machine.ts";
import { keep, table } from "./measure/report.ts";
import { judge } from "./measure/row.ts";
import { coreOf } from "./processes/cores.ts";
import { accept } from "./rows/accept.ts";
import type { Bench, Subject } from "./rows/bench.ts";
import { decide } from "./rows/decide.ts";
import { kept } from "./rows/kept.ts";
import { read } from "./rows/read.ts";
import { start } from "./rows/start.ts";
import { waiters } from "./rows/waiters.ts";

const SUBJECTS: Readonly<Record<string, Subject>> = { accept, read, decide, waiters, start, kept };

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const { quick, check, only } = values;
const bench: Bench = {
  quick,
  rounds: quick ? 3 : 5,
  say: (words) => console.error(`… ${words}`),
};
const subjects = Object.entries(SUBJECTS).filter(([name]) => only === undefined || only === name);
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
if (only === undefined) keep({ at: new Date().toISOString(), quick, machine: facts, seconds, rows: judged });

const missed = judged.filter(({ verdict }) => verdict === "missed");
if (check && missed.length > 0) {
  console.error(`missed: ${missed.map(({ name }) => name).join("; ")}`);
  process.exitCode = 1;
}
process.exit();
