/** A thousand agents that hold a long-poll each: what one costs in memory, and how soon one commit wakes them all. */
import { Agent, request } from "node:http";
import { percentile } from "../measure/figures.ts";
import type { Row } from "../measure/row.ts";
import { prepareFleet } from "../processes/fleet.ts";
import { startServer } from "../processes/server.ts";
import { manyAgents } from "../processes/settings.ts";
import type { Bench } from "./bench.ts";

const WAITING = 1_000;
const SETTLES_MS = 1_500;

export async function waiters(bench: Bench): Promise<readonly Row[]> {
  bench.say(`${WAITING} agents holding a long-poll each`);
  const fleet = await prepareFleet(manyAgents(WAITING));
  const ours = await startServer(fleet.serve.args, fleet.serve);
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const call = (path: string, key: string, body?: object) => answered(agent, ours.url + path, key, body);
  const [growth, p50, p99]: number[][] = [[], [], []];
  try {
    for (let round = 0; round <= bench.rounds; round++) {
      // Connections are there before memory is read: what is counted is the waiting, as an agent that polls already does.
      await Promise.all(fleet.credentials.map(({ key }) => call("/v1/state", key)));
      await pause(SETTLES_MS);
      const before = ours.rssMb();
      const waits = fleet.credentials.map(({ key }) => call("/v1/state?wait=60", key));
      await pause(SETTLES_MS);
      const perWaiter = ((ours.rssMb() - before) * 1_024) / WAITING;
      const began = performance.now();
      const stop = { reason: "the bench stops the fleet", for: "90s" };
      const [placed, ...ends] = await Promise.all([
        call("/v1/agents/all/holds", fleet.adminKey, stop),
        ...waits,
      ]);
      const times = ends.map((end) => end.at - began).toSorted((a, b) => a - b);
      // Memory is taken once and kept: only the first round shows what it costs.
      if (round === 0) growth?.push(perWaiter);
      else {
        p50?.push(percentile(times, 0.5));
        p99?.push(percentile(times, 0.99));
      }
      const { id } = JSON.parse(placed?.body ?? "{}");
      await answered(agent, `${ours.url}/v1/agents/all/holds/${id}`, fleet.adminKey, undefined, "DELETE");
    }
  } finally {
    agent.destroy();
    await ours.kill();
    fleet.remove();
  }
  const note = `${WAITING} agents on GET /v1/state?wait=60, woken by one fleet stop; counted from its request`;
  return [
    { name: "waking them all, p50", unit: "ms", target: "information", rounds: p50 ?? [], note },
    { name: "waking them all, p99", unit: "ms", target: { most: 300 }, rounds: p99 ?? [], note },
    {
      ...{ name: "memory per held long-poll", unit: "KB", target: { most: 16 } },
      ...{ rounds: growth ?? [], note: "resident, over the same connections idle" },
    },
  ];
}

function answered(agent: Agent, url: string, key: string, body?: object, method = body ? "POST" : "GET") {
  return new Promise<{ readonly at: number; readonly body: string }>((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body ? { "content-type": "application/json" } : {}),
    };
    const sent = request(url, { agent, method, headers }, (answer) => {
      const at = performance.now();
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      answer.on("end", () => resolve({ at, body: text }));
    });
    sent.on("error", reject).end(body && JSON.stringify(body));
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
