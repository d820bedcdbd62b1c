/** What grows with the months: the same work with many open, and with a long history. */
import { copyFileSync, rmSync } from "node:fs";
import { type Load, startLoad } from "../load/load.ts";
import { percentile, ratios, spreadOf } from "../measure/figures.ts";
import { figure } from "../measure/report.ts";
import type { Row, Target } from "../measure/row.ts";
import { startClicking } from "../processes/clicking.ts";
import { type Fleet, prepareFleet } from "../processes/fleet.ts";
import { seed } from "../processes/seed.ts";
import { type ServerProcess, startServer } from "../processes/server.ts";
import { AGENTS, manyAgents } from "../processes/settings.ts";
import type { Bench } from "./bench.ts";

const OPEN = { few: 100, many: 100_000 };
const HISTORY = 1_000_000;
const READS = 2_000;

export async function growth(bench: Bench): Promise<readonly Row[]> {
  return [...(await growingOpen(bench)), ...(await clicksAmongOpen(bench)), ...(await growingHistory(bench))];
}

async function growingOpen(bench: Bench): Promise<readonly Row[]> {
  const few = await grown(bench.count(OPEN.few), "open");
  const many = await grown(bench.count(OPEN.many), "open");
  bench.say(`growth: ${many.words} ÷ ${few.words}`);
  const [ofMany, ofFew] = await inTurns(bench, many, few);
  const behind = `${many.words} ÷ ${few.words}`;
  return [
    row("growth, open: accept/s", ofMany.accepts, ofFew.accepts, { least: 0.9 }, "/s", behind),
    row("growth, open: state p99", ofMany.stateP99, ofFew.stateP99, { most: 1.2 }, " ms", behind),
  ];
}

async function growingHistory(bench: Bench): Promise<readonly Row[]> {
  const long = await grown(bench.count(HISTORY), "decided");
  const empty = await grown(0, "decided");
  bench.say(`growth: ${long.words} ÷ none`);
  const [ofLong, ofEmpty] = await inTurns(bench, long, empty);
  const behind = `${long.words} ÷ none; the limit's own is 0.87 at a million`;
  return [row("growth, history: accept/s", ofLong.accepts, ofEmpty.accepts, { least: 0.8 }, "/s", behind)];
}

async function clicksAmongOpen(bench: Bench): Promise<readonly Row[]> {
  const [few, many] = [bench.count(OPEN.few), bench.count(OPEN.many)];
  bench.say(`growth: clicks with ${many} open ÷ with ${few}`);
  const sides = [await startClicking(many), await startClicking(few)] as const;
  const p50: [number[], number[]] = [[], []];
  try {
    for (let round = -1; round < bench.rounds; round++) {
      for (const [at, side] of sides.entries()) {
        const [times] = await side.click(1, 0);
        if (round >= 0) p50[at]?.push(percentile(times?.acknowledged ?? [], 0.5));
      }
    }
  } finally {
    for (const side of sides) await side.end();
  }
  const behind = `${sides[0].note}; ${many} open ÷ ${few}`;
  return [row("growth, open: click p50", p50[0], p50[1], { most: 1.2 }, " ms", behind)];
}

/** A fleet whose database is filled, and put back to that before each round where a round would change it. */
interface Grown {
  readonly words: string;
  readonly load: Load;
  start(): Promise<ServerProcess>;
  remove(): void;
}

async function grown(count: number, kind: "open" | "decided"): Promise<Grown> {
  const fleet = await prepareFleet(manyAgents(AGENTS), { signsIn: ["sarah"] });
  if (count > 0) await seed(fleet, count, kind);
  const load = startLoad(fleet.credentialsFile);
  // Of many, a few more make no difference, and a copy of gigabytes would be written back while the next round runs.
  const putBack = count < 10_000 ? keeping(fleet) : () => {};
  return {
    words: `${count.toLocaleString("en-GB")} ${kind}`,
    load,
    start() {
      putBack();
      return startServer(fleet.serve.args, fleet.serve);
    },
    remove() {
      load.stop();
      fleet.remove();
    },
  };
}

function keeping({ database }: Fleet): () => void {
  const kept = `${database}.kept`;
  copyFileSync(database, kept);
  return () => {
    for (const suffix of ["-wal", "-shm"]) rmSync(database + suffix, { force: true });
    copyFileSync(kept, database);
  };
}

interface Figures {
  readonly accepts: number[];
  readonly stateP99: number[];
}

async function inTurns(
  bench: Bench,
  ...sides: readonly [Grown, Grown]
): Promise<readonly [Figures, Figures]> {
  const none = (): Figures => ({ accepts: [], stateP99: [] });
  const figures = [none(), none()] as const;
  const seconds = bench.seconds(3);
  try {
    for (let round = 0; round < bench.rounds; round++) {
      for (const [at, side] of sides.entries()) {
        const server = await side.start();
        const { url } = server;
        await server.idle();
        await side.load.run({ kind: "escalate", url, connections: 64, seconds: seconds / 2 });
        await server.idle();
        const accepted = await side.load.run({ kind: "escalate", url, connections: 64, seconds });
        await server.idle();
        const read = await side.load.run({ kind: "state", url, connections: 16, seconds, perSecond: READS });
        await server.stop();
        figures[at]?.accepts.push(accepted.perSecond);
        figures[at]?.stateP99.push(read.p99);
      }
    }
  } finally {
    for (const side of sides) side.remove();
  }
  return figures;
}

function row(
  name: string,
  ours: readonly number[],
  theirs: readonly number[],
  target: Target,
  unit: string,
  behind: string,
): Row {
  const typical = (rounds: readonly number[]) => figure(spreadOf(rounds).median) + unit;
  return {
    ...{ name, unit: "ratio", target, rounds: ratios(ours, theirs) },
    note: `${typical(ours)} ÷ ${typical(theirs)}: ${behind}`,
  };
}
