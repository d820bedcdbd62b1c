/** Accepting escalations: beside the limit, and beside a bare server that commits each by itself. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Kind } from "../load/job.ts";
import { startLoad } from "../load/load.ts";
import { ratios, spreadOf } from "../measure/figures.ts";
import { figure } from "../measure/report.ts";
import type { Row, Target } from "../measure/row.ts";
import { type Fleet, prepareFleet } from "../processes/fleet.ts";
import { type Measured, takeTurns } from "../processes/rounds.ts";
import { startServer } from "../processes/server.ts";
import { AGENTS, manyAgents } from "../processes/settings.ts";
import type { Bench } from "./bench.ts";

export async function accept(bench: Bench): Promise<readonly Row[]> {
  const fleet = await prepareFleet(manyAgents(AGENTS));
  const load = startLoad(fleet.credentialsFile);
  const sides = [
    { name: "ours", server: await startServer(fleet.serve.args, fleet.serve) },
    { name: "limit, each", server: await startLimit(fleet, "each") },
    { name: "limit, turn", server: await startLimit(fleet, "turn") },
  ];
  const at = (kind: Kind, connections: number, seconds: number) =>
    takeTurns(load, sides, {
      job: { kind, connections, seconds: bench.seconds(seconds) },
      rounds: bench.rounds,
      warmUp: bench.seconds(bench.quick ? 0.7 : 3),
    });
  try {
    bench.say("accept: 64 connections");
    const [ours = [], each = [], turn = []] = await at("escalate", 64, bench.quick ? 1.2 : 4);
    bench.say("accept: 1 connection");
    const [ours1 = [], , turn1 = []] = await at("escalate", 1, bench.quick ? 0.7 : 2);
    bench.say("accept: signed, 64 connections");
    const [signed = [], , signedTurn = []] = await at("escalate signed", 64, bench.quick ? 1 : 3);
    return [
      rate("accept, group commit ÷ a transaction each", ours, each, { least: 4.5 }),
      rate("accept ÷ limit", ours, turn, { least: 0.8 }),
      rate("accept, signed ÷ limit", signed, signedTurn, { least: 0.8 }),
      {
        ...{ name: "accept, CPU ÷ limit", unit: "ratio", target: { most: 1.25 } },
        rounds: ratios(by(ours, "cpuMicros"), by(turn, "cpuMicros")),
        note: `${typical(ours, "cpuMicros")} µs with what follows ÷ ${typical(turn, "cpuMicros")} µs`,
      },
      {
        ...{ name: "accept, work left for later", unit: "s", target: "information" },
        rounds: by(ours, "afterwards"),
        note: "after the last 202, until the worker has published everything",
      },
      latency("accept, p50 at 1 connection ÷ limit", "p50", [ours1, turn1], { most: 1.3 }),
      latency("accept, p99 at 64 connections ÷ limit", "p99", [ours, turn], { most: 1.5 }),
    ];
  } finally {
    load.stop();
    for (const { server } of sides) await server.stop();
    fleet.remove();
  }
}

/** `states`: a file of every agent's answer to "may I act?". `sink`: who is told of decisions. */
export function startLimit(
  { folder, credentialsFile }: Pick<Fleet, "folder" | "credentialsFile">,
  commit: "each" | "turn" | "none" | "postgres",
  options: {
    readonly env?: NodeJS.ProcessEnv;
    readonly states?: string;
    readonly sink?: string;
    /** The URL of a database, instead of a file. */
    readonly postgres?: string;
  } = {},
) {
  const script = fileURLToPath(new URL("../limit/limit-server.ts", import.meta.url));
  const database = options.postgres ?? join(folder, `limit-${commit}.db`);
  const args = ["--commit", commit, "--database", database, "--credentials", credentialsFile];
  const { env = {}, states, sink } = options;
  const told = [...(states ? ["--states", states] : []), ...(sink ? ["--sink", sink] : [])];
  return startServer([script, ...args, ...told], { env });
}

/** Answers per second, divided. */
export function rate(
  name: string,
  ours: readonly Measured[],
  theirs: readonly Measured[],
  target: Target,
): Row {
  const busiest = Math.max(...by(ours, "busy"), ...by(theirs, "busy"));
  const warning = busiest > 0.95 ? "; the load generator was at its own limit" : "";
  return {
    ...{ name, unit: "ratio", target },
    rounds: ratios(by(ours, "perSecond"), by(theirs, "perSecond")),
    note: `${typical(ours, "perSecond")}/s ÷ ${typical(theirs, "perSecond")}/s${warning}`,
  };
}

function latency(
  name: string,
  percentile: "p50" | "p99",
  [ours, theirs]: readonly [readonly Measured[], readonly Measured[]],
  target: Target,
): Row {
  return {
    ...{ name, unit: "ratio", target },
    rounds: ratios(by(ours, percentile), by(theirs, percentile)),
    note: `${typical(ours, percentile)} ms ÷ ${typical(theirs, percentile)} ms`,
  };
}

type Figure = "perSecond" | "p50" | "p99" | "cpuMicros" | "afterwards" | "busy";

export function by(rounds: readonly Measured[], name: Figure): readonly number[] {
  return rounds.map((round) => round[name]);
}

/** The median of a figure, for people. */
export function typical(rounds: readonly Measured[], name: Figure): string {
  return figure(spreadOf(by(rounds, name)).median);
}
