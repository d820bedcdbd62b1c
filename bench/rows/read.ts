/** What is asked all the time and stores nothing: may I act, and does the charter mind. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startLoad } from "../load/load.ts";
import { ratios } from "../measure/figures.ts";
import type { Row } from "../measure/row.ts";
import { type Fleet, prepareFleet } from "../processes/fleet.ts";
import { takeTurns } from "../processes/rounds.ts";
import { startServer } from "../processes/server.ts";
import { AGENTS, manyAgents } from "../processes/settings.ts";
import { by, rate, startLimit, typical } from "./accept.ts";
import type { Bench } from "./bench.ts";

/** Agents that are held, of the thousand: as many as an administrator may pause at once. */
const HELD = 400;

export async function read(bench: Bench): Promise<readonly Row[]> {
  const fleet = await prepareFleet(manyAgents(AGENTS));
  const load = startLoad(fleet.credentialsFile);
  const ours = await startServer(fleet.serve.args, fleet.serve);
  await holdSome(fleet, ours.url);
  const mapServer = fileURLToPath(new URL("../limit/map-server.ts", import.meta.url));
  const map = await startServer([mapServer, fleet.credentialsFile, await statesOf(fleet, ours.url)]);
  const bare = await startLimit(fleet, "none");
  const plan = { rounds: bench.rounds, warmUp: bench.seconds(bench.quick ? 0.7 : 3) };
  const seconds = bench.seconds(bench.quick ? 1.2 : 3);
  try {
    bench.say("state: 64 connections");
    const stateSides = [
      { name: "ours", server: ours },
      { name: "map", server: map },
    ];
    const [state = [], mapped = []] = await takeTurns(load, stateSides, {
      ...plan,
      job: { kind: "state", connections: 64, seconds },
    });
    bench.say("signals that proceed: 64 connections");
    const signalSides = [
      { name: "ours", server: ours },
      { name: "bare", server: bare },
    ];
    const [signals = [], bareSignals = []] = await takeTurns(load, signalSides, {
      ...plan,
      job: { kind: "signal", connections: 64, seconds },
    });
    return [
      rate("state ÷ Map server", state, mapped, { least: 0.7 }),
      {
        ...{ name: "state, CPU ÷ Map server", unit: "ratio", target: "information" },
        rounds: ratios(by(state, "cpuMicros"), by(mapped, "cpuMicros")),
        note: `${typical(state, "cpuMicros")} µs ÷ ${typical(mapped, "cpuMicros")} µs`,
      },
      rate("signals that proceed ÷ bare server", signals, bareSignals, { least: 0.75 }),
    ];
  } finally {
    load.stop();
    for (const server of [ours, map, bare]) await server.stop();
    fleet.remove();
  }
}

export async function holdSome({ credentials, adminKey }: Fleet, url: string): Promise<void> {
  for (const { agent } of credentials.slice(0, HELD)) {
    const answer = await fetch(`${url}/v1/agents/${agent}/holds`, {
      method: "POST",
      headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
      body: JSON.stringify({ reason: "Paused while the new price list is checked." }),
    });
    if (answer.status !== 201)
      throw new Error(`${agent} was not held: ${answer.status} ${await answer.text()}`);
  }
}

/** Every agent's state as it is answered now, in a file for the Map server: the same bytes from both. */
export async function statesOf({ credentials, folder }: Fleet, url: string): Promise<string> {
  const states: Record<string, string> = {};
  for (const { agent, key } of credentials) {
    const answer = await fetch(`${url}/v1/state`, { headers: { authorization: `Bearer ${key}` } });
    states[agent] = await answer.text();
  }
  const file = join(folder, "states.json");
  writeFileSync(file, JSON.stringify(states));
  return file;
}
