/** A thousand escalations at once for twenty owners in the loopback Slack, which keeps its limits; then all of them decided within a minute. */
import { openWorkplace } from "../load/clicks.ts";
import type { Row } from "../measure/row.ts";
import { prepareFleet } from "../processes/fleet.ts";
import { startServer } from "../processes/server.ts";
import { accountOf, agentsWithOwners, ownerOf } from "../processes/settings.ts";
import type { Bench } from "./bench.ts";

const OWNERS = 20;
const BURST = 1_000;
const MINUTE_S = 60;
/** "Not delayed", in seconds: what a post takes by itself. */
const AT_ONCE = 0.1;

export async function burst(bench: Bench): Promise<readonly Row[]> {
  const settings = agentsWithOwners(OWNERS);
  const numbers = Array.from({ length: OWNERS }, (_, at) => `bench-${String(at + 1).padStart(4, "0")}`);
  const fleet = await prepareFleet(settings, { signsIn: numbers.map(ownerOf) });
  const workplace = await openWorkplace(fleet.credentials.map(({ agent }) => accountOf(agent)));
  const env = { ...fleet.serve.env, ...workplace.env };
  const server = await startServer(fleet.serve.args, { ...fleet.serve, env });
  const count = bench.count(BURST);
  try {
    bench.say(`burst: ${count} escalations for ${OWNERS} owners`);
    const teams = fleet.credentials.map(({ agent, key }) => ({ agent, key, account: accountOf(agent) }));
    const told = await workplace.burst({ url: server.url, teams, count });
    bench.say(`${count} decisions in a minute`);
    const settled = await workplace.settle({
      url: server.url,
      decisions: told.raised.map((one) => ({ token: fleet.approval(one), by: numbers.indexOf(one.agent) })),
      signInPaths: fleet.signInPaths,
      seconds: bench.seconds(MINUTE_S),
    });
    const note = `${count} for ${OWNERS} owners, once`;
    return [
      {
        ...{ name: "burst: last owner informed", unit: "s", target: { most: 2 } },
        ...{ rounds: [told.lastInformed], note: `${note}; from the last 202 to the last message` },
      },
      {
        ...{ name: "burst: messages each", unit: "messages", target: { most: 2 } },
        ...{ rounds: [told.messagesEach], note: `${note}; the owner with the most` },
      },
      {
        ...{ name: "burst: refused by Slack", unit: "times", target: { most: 0 } },
        ...{ rounds: [told.refused], note: `${note}; 429s` },
      },
      {
        ...{ name: "burst: a lone one delayed", unit: "s", target: { most: AT_ONCE } },
        ...{ rounds: [told.lone], note: "before the burst; from its 202 to its message" },
      },
      {
        ...{
          name: "1,000 decisions in a minute: every card shows its outcome",
          unit: "s",
          target: { most: 60 },
        },
        rounds: [settled.seconds],
        note: `from the last of ${told.raised.length} decisions to the last card drawn anew; ${settled.left} messages still ask`,
      },
    ];
  } finally {
    await server.stop();
    workplace.stop();
    fleet.remove();
  }
}
