/** The promise behind every 202: the process is killed under full load, and whatever it had accepted is there again. */
import { startLoad } from "../load/load.ts";
import type { Row } from "../measure/row.ts";
import { type Fleet, prepareFleet } from "../processes/fleet.ts";
import { startServer } from "../processes/server.ts";
import { AGENTS, manyAgents } from "../processes/settings.ts";
import type { Bench } from "./bench.ts";

const SECONDS = 10;
/** The process is killed somewhere between, and never at the end of the load. */
const KILLED_AFTER_MS = [700, 1_700] as const;
/** Requests at once while looking. */
const LOOKING = 32;

export async function kept(bench: Bench): Promise<readonly Row[]> {
  const fleet = await prepareFleet(manyAgents(AGENTS));
  const load = startLoad(fleet.credentialsFile);
  const lost: number[] = [];
  let accepted = 0;
  try {
    for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
      bench.say("kept: kill -9 under load");
      const server = await startServer(fleet.serve.args, fleet.serve);
      const job = {
        kind: "escalate",
        url: server.url,
        connections: 64,
        seconds: SECONDS,
        collectIds: true,
      } as const;
      const running = load.runToTheEnd(job);
      const [from, to] = KILLED_AFTER_MS;
      await new Promise((resolve) => setTimeout(resolve, from + Math.random() * (to - from)));
      await server.kill();
      const { ids } = await running;
      if (ids.length === 0) throw new Error("nothing was accepted before the process was killed");
      const again = await startServer(fleet.serve.args, fleet.serve);
      lost.push(ids.length - (await countFound(again.url, fleet, ids)));
      accepted += ids.length;
      await again.stop();
    }
  } finally {
    load.stop();
    fleet.remove();
  }
  const note = `of ${accepted.toLocaleString("en-GB")} answered with 202 before kill -9, after a restart`;
  return [{ name: "accepted and lost", unit: "lost", target: { most: 0 }, rounds: lost, note }];
}

/** Administrators may follow any escalation, and reading is not limited. */
async function countFound(url: string, { adminKey }: Fleet, ids: readonly string[]): Promise<number> {
  const left = ids[Symbol.iterator]();
  let found = 0;
  const look = async () => {
    for (const id of left) {
      const response = await fetch(`${url}/v1/escalations/${id}`, {
        headers: { authorization: `Bearer ${adminKey}` },
      });
      const { status } = (await response.json()) as { readonly status: unknown };
      if (response.status === 200 && status === "open") found++;
    }
  };
  await Promise.all(Array.from({ length: LOOKING }, look));
  return found;
}
