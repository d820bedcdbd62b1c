/** The same work on Postgres: beside `pg` itself with the four rows, and state beside the Map server. */
import { fileURLToPath } from "node:url";
import { startLoad } from "../load/load.ts";
import type { Row } from "../measure/row.ts";
import { prepareFleet } from "../processes/fleet.ts";
import { openPostgres, type PostgresServer } from "../processes/postgres.ts";
import { takeTurns } from "../processes/rounds.ts";
import { startServer } from "../processes/server.ts";
import { AGENTS, manyAgents } from "../processes/settings.ts";
import { rate, startLimit } from "./accept.ts";
import type { Bench } from "./bench.ts";
import { holdSome, statesOf } from "./read.ts";

export async function postgres(bench: Bench): Promise<readonly Row[]> {
  const server = await openPostgres();
  if ("missing" in server) {
    bench.say(`Postgres: not measured, because there is no server: ${server.missing}`);
    return [];
  }
  try {
    return await onServer(bench, server);
  } finally {
    await server.stop();
  }
}

async function onServer(bench: Bench, server: PostgresServer): Promise<readonly Row[]> {
  const fleet = await prepareFleet(manyAgents(bench.count(AGENTS)), {
    postgres: await server.database("holdpoint"),
  });
  const load = startLoad(fleet.credentialsFile);
  const ours = await startServer(fleet.serve.args, fleet.serve);
  await holdSome(fleet, ours.url);
  const raw = await startLimit(fleet, "postgres", { postgres: await server.database("raw") });
  const mapServer = fileURLToPath(new URL("../limit/map-server.ts", import.meta.url));
  const map = await startServer([mapServer, fleet.credentialsFile, await statesOf(fleet, ours.url)]);
  const plan = { rounds: bench.rounds, warmUp: bench.seconds(bench.quick ? 0.7 : 3) };
  const seconds = bench.seconds(bench.quick ? 1.2 : 4);
  try {
    bench.say("Postgres: accept, then state, 64 connections");
    const acceptSides = [
      { name: "ours", server: ours },
      { name: "raw", server: raw },
    ];
    const [accepts = [], raws = []] = await takeTurns(load, acceptSides, {
      ...plan,
      job: { kind: "escalate", connections: 64, seconds },
    });
    const stateSides = [
      { name: "ours", server: ours },
      { name: "map", server: map },
    ];
    const [states = [], mapped = []] = await takeTurns(load, stateSides, {
      ...plan,
      job: { kind: "state", connections: 64, seconds },
    });
    return [
      rate("Postgres: accept ÷ raw pg", accepts, raws, { least: 0.7 }),
      rate("Postgres: state ÷ Map server", states, mapped, { least: 0.7 }),
    ];
  } finally {
    load.stop();
    for (const one of [ours, raw, map]) await one.stop();
    fleet.remove();
  }
}
