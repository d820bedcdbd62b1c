/** Asking "may I act?" while thousands of escalations are accepted: reading waits for no writing. */
import { startLoad } from "../load/load.ts";
import { ratios, spreadOf } from "../measure/figures.ts";
import { figure } from "../measure/report.ts";
import type { Row } from "../measure/row.ts";
import { prepareFleet } from "../processes/fleet.ts";
import { startServer } from "../processes/server.ts";
import { AGENTS, manyAgents } from "../processes/settings.ts";
import { startLimit } from "./accept.ts";
import type { Bench } from "./bench.ts";
import { holdSome, statesOf } from "./read.ts";

const ACCEPTS = 5_000;
const READS = 2_000;

export async function beside(bench: Bench): Promise<readonly Row[]> {
  const fleet = await prepareFleet(manyAgents(AGENTS));
  const [accepts, reads] = [startLoad(fleet.credentialsFile), startLoad(fleet.credentialsFile)];
  const ours = await startServer(fleet.serve.args, fleet.serve);
  await holdSome(fleet, ours.url);
  const limit = await startLimit(fleet, "turn", { states: await statesOf(fleet, ours.url) });
  const sides = [ours, limit] as const;
  const p99: [number[], number[]] = [[], []];
  const accepted: [number[], number[]] = [[], []];
  const measure = async (url: string, seconds: number) => {
    const [writing, reading] = await Promise.all([
      accepts.run({ kind: "escalate", url, connections: 64, seconds, perSecond: ACCEPTS }),
      reads.run({ kind: "state", url, connections: 16, seconds, perSecond: READS }),
    ]);
    return { accepted: writing.perSecond, p99: reading.p99 };
  };
  try {
    bench.say(`state: ${READS} reads a second beside ${ACCEPTS} accepts a second`);
    for (let round = -1; round < bench.rounds; round++) {
      for (const [at, server] of sides.entries()) {
        const measured = await measure(server.url, bench.seconds(bench.quick ? 1.5 : 4));
        await server.idle();
        // The first round warms up.
        if (round < 0) continue;
        p99[at]?.push(measured.p99);
        accepted[at]?.push(measured.accepted);
      }
    }
  } finally {
    for (const load of [accepts, reads]) load.stop();
    for (const server of sides) await server.stop();
    fleet.remove();
  }
  const typical = (rounds: readonly number[]) => figure(spreadOf(rounds).median);
  return [
    {
      ...{ name: "state beside accepts, p99 ÷ limit", unit: "ratio", target: { most: 1.5 } },
      rounds: ratios(p99[0], p99[1]),
      note: `${typical(p99[0])} ms ÷ ${typical(p99[1])} ms, from the intended start; beside ${typical(accepted[0])} and ${typical(accepted[1])} accepts/s of ${figure(ACCEPTS)}`,
    },
  ];
}
