/** The weekly digest: made from counts that grow with the days and not with the requests, beside a long history. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import Database from "better-sqlite3";
import { readConfig } from "../../src/config.ts";
import type { Actor } from "../../src/domain/people.ts";
import { openParts, type Parts } from "../../src/parts.ts";
import { createReviews } from "../../src/reviews.ts";
import { ratios } from "../measure/figures.ts";
import type { Row } from "../measure/row.ts";
import type { Bench } from "./bench.ts";

const AGENTS = 20;
const DAYS = 182;
const HISTORY = 1_000_000;
const OPEN = 1_000;
const NOW = Date.UTC(2027, 5, 28, 9);
const DAY = 86_400_000;

export async function digest(bench: Bench): Promise<readonly Row[]> {
  const long = bench.count(HISTORY);
  const short = Math.ceil(long / 10);
  bench.say(`digest: ${long.toLocaleString("en-GB")} escalations and a tenth of them`);
  const many = await measured(bench, long);
  const few = await measured(bench, short);
  const about = `${AGENTS} agents, ${OPEN} open, ${many.counts.toLocaleString("en-GB")} counts; first ${many.first.toFixed(1)} ms`;
  return [
    {
      ...{ name: `weekly digest over ${long.toLocaleString("en-GB")}`, unit: "ms", target: { most: 20 } },
      ...{ rounds: many.took, note: about },
    },
    {
      ...{ name: "weekly digest: the loop blocked for", unit: "ms", target: { most: 50 } },
      ...{ rounds: many.blocked, note: "the longest pause while one is made" },
    },
    {
      ...{ name: "weekly digest: ÷ with a tenth of the history", unit: "ratio", target: { most: 1.3 } },
      ...{
        rounds: ratios(many.took, few.took),
        note: `heap after ${many.took.length} of them: ${many.heapMb.toFixed(1)} MB more`,
      },
    },
  ];
}

interface Figures {
  readonly took: readonly number[];
  readonly blocked: readonly number[];
  /** Of a process that has just started. */
  readonly first: number;
  readonly counts: number;
  readonly heapMb: number;
}

/** What a process makes first is not counted among the rounds: its code is not yet compiled. */
const WARM_UP = 5;

async function measured(bench: Bench, history: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-digest-"));
  const path = join(folder, "holdpoint.db");
  try {
    await (await open(path)).close();
    const counts = fill(path, history);
    const parts = await open(path);
    const make = async () => {
      const begun = performance.now();
      const { make: made } = createReviews(parts);
      const { agents } = await made.forPerson(WHOEVER, "weekly", await parts.store.agents.all());
      const opened = agents.reduce((sum, { period }) => sum + period.opened, 0);
      const expected = Math.floor((history * 7) / DAYS);
      if (Math.abs(opened - expected) > AGENTS) throw new Error(`${opened} were counted and not ${expected}`);
      return performance.now() - begun;
    };
    const first = await make();
    for (let round = 0; round < WARM_UP; round++) await make();
    const before = process.memoryUsage().heapUsed;
    const [took, blocked]: [number[], number[]] = [[], []];
    for (let round = 0; round < bench.rounds; round++) {
      const pauses = monitorEventLoopDelay({ resolution: 1 });
      pauses.enable();
      took.push(await make());
      // The pause that is under way is noted when it is over.
      await new Promise((resolve) => setTimeout(resolve, 5));
      pauses.disable();
      blocked.push(pauses.max / 1e6);
    }
    const heapMb = (process.memoryUsage().heapUsed - before) / 2 ** 20;
    await parts.close();
    return { took, blocked, first, counts, heapMb };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const WHOEVER: Actor = {
  ...{ surface: "console", account: "console:operator", name: "Operator", standing: "member", person: null },
};

function open(path: string): Promise<Parts> {
  const agents = Array.from({ length: AGENTS }, (_, at) => ({
    id: `agent-${at}`,
    charter: {
      goal: { outcome: "Answer whoever asks" },
      actions: { may: ["send_email"], ask_first: ["discount"] },
      ...{ constraints: {}, triggers: {} },
      review: { weekly: "Mon 10:00", channel: "slack:C0REVIEW" },
      ownership: { owner: "operator" },
    },
  }));
  const env = { DATABASE_URL: `sqlite:${path}`, HOLDPOINT_CONFIG: "holdpoint.yaml" };
  const config = readConfig(env, () => JSON.stringify({ agents }));
  return openParts(config, { now: () => NOW });
}

/** Escalations evenly over half a year, the counts that follow from them, and some that are open; answers with how many counts. */
function fill(path: string, history: number): number {
  const database = new Database(path);
  // Nothing is promised while it is filled; what is measured opens it anew.
  database.pragma("synchronous = OFF");
  const request = JSON.stringify({
    trigger: "approval_required",
    summary: "A discount",
    reason: "x".repeat(1_500),
  });
  const body = `{"allow":["approve"],"chain":"${"y".repeat(600)}","breached":false}`;
  const insert = (from: number, to: number, open: boolean) =>
    database
      .prepare(
        `with recursive n(i) as (select ${from} union all select i + 1 from n where i < ${to})
         insert into escalations (id, revision, agent, charter_version, status, trigger, severity, rule, created_at, due_at, settled_at, alike, request, body)
         select printf('esc_%026d', i), 2, 'agent-' || (i % ${AGENTS}), 1, ${open ? "'open'" : "'decided'"},
           case i % 5 when 0 then 'low_confidence' when 1 then 'budget' else 'approval_required' end, 'medium', null,
           ${instant(history)}, ${instant(history)} + 14400000, ${open ? "null" : `${instant(history)} + 600000 + (i * 7919) % 14000000`}, null, ?, ?
         from n`,
      )
      .run(request, body);
  database.transaction(() => {
    insert(1, history, false);
    insert(history + 1, history + OPEN, true);
    const decision = JSON.stringify({
      verdict: "approve",
      by: { id: "operator", name: "Operator" },
      at: NOW,
    });
    database
      .prepare(
        "insert into decisions (escalation, verdict, by_id, at, decision) select id, 'approve', 'operator', settled_at, ? from escalations where status = 'decided'",
      )
      .run(decision);
    // As the steps themselves count: by day and trigger, by verdict, by bucket of time, by band of confidence.
    const dayIn = (more: string) => `strftime('%Y-%m-%d', created_at / 1000, 'unixepoch'${more})`;
    const [day, monday] = [dayIn(""), dayIn(", 'weekday 0', '-6 days'")];
    // Of one agent's, the how manieth: a hundred in a row differ.
    const place = `(cast(substr(id, 5) as integer) / ${AGENTS})`;
    for (const [what, trigger, of] of [
      ["opened", "trigger", "case when trigger = 'approval_required' then 'discount' else '' end"],
      ["decided", "trigger", `case ${place} % 9 when 0 then 'reject' when 1 then 'edit' else 'approve' end`],
      ["decided_in", "''", `'' || (28 + ${place} % 30)`],
      ["reacted_in", "''", `'' || (24 + ${place} % 24)`],
      ["settled", "trigger", `case ${place} % 10 when 0 then 'late' else 'in time' end`],
      ["approve_action", "''", "'discount'"],
      ["band", "''", `(${place} % 20) || case ${place} % 6 when 0 then ' changed' else ' unchanged' end`],
      ["group", "''", `'group ' || (${place} % 40)`],
    ]) {
      database.exec(
        `insert into daily_counts (agent, day, what, trigger, of, n)
         select agent, ${what === "band" ? monday : day}, '${what}', ${trigger}, ${of}, count(*) from escalations where status = 'decided' group by 1, 2, 4, 5`,
      );
    }
  })();
  database.exec("analyze");
  const counts = database.prepare<[], { n: number }>("select count(*) as n from daily_counts").get()?.n ?? 0;
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
  return counts;
}

/** The i-th of them: the last one yesterday, just before midnight. */
function instant(history: number): string {
  const midnight = Math.floor(NOW / DAY) * DAY;
  return `${midnight} - 1 - cast((${history} - min(i, ${history})) * ${(DAYS * DAY) / history} as integer)`;
}
