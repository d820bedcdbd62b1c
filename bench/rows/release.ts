/** From a person's decision to the agent's callback: one after the other, and two thousand at once. */

import { signIn } from "../load/console.ts";
import { type Deciding, startReleases } from "../load/deciding.ts";
import { escalation } from "../load/escalation.ts";
import { percentile, ratios, spreadOf } from "../measure/figures.ts";
import { figure } from "../measure/report.ts";
import type { Row } from "../measure/row.ts";
import { type Fleet, prepareFleet } from "../processes/fleet.ts";
import { startServer } from "../processes/server.ts";
import { AGENTS, manyAgents } from "../processes/settings.ts";
import { startLimit } from "./accept.ts";
import type { Bench } from "./bench.ts";

const SINGLE = 100;
const BURST = 2_000;
const RAISING = 16;

type Decisions = Deciding["decisions"];
type Raised = { readonly id: string; readonly action_digest: string | null };

export async function release(bench: Bench): Promise<readonly Row[]> {
  const fleet = await prepareFleet(manyAgents(AGENTS), { signsIn: ["sarah"] });
  const releases = await startReleases();
  const ours = await startServer(fleet.serve.args, fleet.serve);
  const limit = await startLimit(fleet, "turn", { sink: releases.sink });
  const person = await signIn(ours.url, fleet.signInPaths[0] ?? "");
  const burst = bench.count(bench.quick ? BURST / 4 : BURST);
  const sides = [
    {
      server: ours,
      decision: (raised: Raised) => {
        const { csrf, cookie } = person;
        const body = new URLSearchParams({ token: fleet.approval(raised), csrf, back: "/" }).toString();
        return message(ours.url, "/press", body, {
          ...{ cookie, origin: ours.url, "sec-fetch-site": "same-origin" },
          "content-type": "application/x-www-form-urlencoded",
        });
      },
    },
    {
      server: limit,
      decision: ({ id }: Raised) =>
        message(limit.url, `/decide/${id}`, "{}", {
          authorization: `Bearer ${fleet.credentials[0]?.key}`,
          "content-type": "application/json",
        }),
    },
  ] as const;
  const p50: [number[], number[]] = [[], []];
  const perSecond: [number[], number[]] = [[], []];
  try {
    bench.say(`release: ${SINGLE} one by one, then ${burst} at once`);
    for (let round = -1; round < bench.rounds; round++) {
      for (const [at, { server, decision }] of sides.entries()) {
        const raised = await raise(fleet, server.url, releases.sink, bench.count(SINGLE) + burst);
        await server.idle();
        const decisions: Decisions = raised.map((one) => ({ id: one.id, request: decision(one) }));
        const { url } = server;
        const single = await releases.run({ url, decisions: decisions.slice(burst), connections: 1 });
        await server.idle();
        const all = await releases.run({ url, decisions: decisions.slice(0, burst), connections: 64 });
        await server.idle();
        if (round < 0) continue;
        p50[at]?.push(
          percentile(
            single.times.toSorted((a, b) => a - b),
            0.5,
          ),
        );
        perSecond[at]?.push(burst / all.seconds);
      }
    }
  } finally {
    releases.stop();
    for (const { server } of sides) await server.stop();
    fleet.remove();
  }
  const typical = (rounds: readonly number[]) => figure(spreadOf(rounds).median);
  return [
    {
      ...{ name: "decision → callback received, p50 ÷ limit", unit: "ratio", target: { most: 2 } },
      rounds: ratios(p50[0], p50[1]),
      note: `${typical(p50[0])} ms ÷ ${typical(p50[1])} ms, from a press on the console to the agent`,
    },
    {
      ...{ name: `release, ${BURST.toLocaleString("en-GB")} decisions at once ÷ limit`, unit: "ratio" },
      ...{ target: { least: 0.6 }, rounds: ratios(perSecond[0], perSecond[1]) },
      note: `${typical(perSecond[0])} released/s ÷ ${typical(perSecond[1])}/s, ${burst} of them, to the last callback`,
    },
  ];
}

/** By agents in turn, each with a callback. */
async function raise(fleet: Fleet, url: string, sink: string, count: number): Promise<readonly Raised[]> {
  const raised: Raised[] = [];
  let next = 0;
  const one = async () => {
    while (next < count) {
      const credential = fleet.credentials[next++ % fleet.credentials.length];
      if (credential === undefined) throw new Error("the fleet has no agents");
      const answer = await fetch(`${url}/v1/escalations`, {
        method: "POST",
        headers: { authorization: `Bearer ${credential.key}`, "content-type": "application/json" },
        body: JSON.stringify({ ...escalation(credential.agent), callback_url: sink }),
      });
      if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
      raised.push((await answer.json()) as Raised);
    }
  };
  await Promise.all(Array.from({ length: RAISING }, one));
  return raised;
}

function message(url: string, path: string, body: string, headers: Readonly<Record<string, string>>): string {
  const all = { host: new URL(url).host, ...headers, "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}
