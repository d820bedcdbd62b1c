/** Accepting on a disk whose syncs take a millisecond more: there a commit that many share is worth most. */
import { startLoad } from "../load/load.ts";
import type { Row } from "../measure/row.ts";
import { prepareFleet } from "../processes/fleet.ts";
import { takeTurns } from "../processes/rounds.ts";
import { startServer } from "../processes/server.ts";
import { AGENTS, manyAgents } from "../processes/settings.ts";
import { slowSync } from "../processes/slow-sync.ts";
import { rate, startLimit } from "./accept.ts";
import type { Bench } from "./bench.ts";

export async function slowDisk(bench: Bench): Promise<readonly Row[]> {
  const fleet = await prepareFleet(manyAgents(AGENTS));
  const env = slowSync(fleet.folder);
  if (env === undefined) {
    bench.say("slow disk: not measured, because there is no gcc");
    fleet.remove();
    return [];
  }
  const load = startLoad(fleet.credentialsFile);
  const sides = [
    {
      name: "ours",
      server: await startServer(fleet.serve.args, { ...fleet.serve, env: { ...fleet.serve.env, ...env } }),
    },
    { name: "limit, each", server: await startLimit(fleet, "each", { env }) },
    { name: "limit", server: await startLimit(fleet, "turn", { env }) },
  ];
  try {
    bench.say("slow disk: 64 connections");
    const [ours = [], each = [], turn = []] = await takeTurns(load, sides, {
      job: { kind: "escalate", connections: 64, seconds: bench.seconds(bench.quick ? 1.2 : 4) },
      rounds: bench.rounds,
      warmUp: bench.seconds(bench.quick ? 0.7 : 3),
    });
    return [
      rate("accept + 1 ms per sync, group commit ÷ a transaction each", ours, each, { least: 12 }),
      rate("accept + 1 ms per sync ÷ limit", ours, turn, "information"),
    ];
  } finally {
    load.stop();
    for (const { server } of sides) await server.stop();
    fleet.remove();
  }
}
