/** From a person's press in Slack to its acknowledgement, and to the agent that waits for it. */
import { openWorkplace } from "../load/clicks.ts";
import { percentile } from "../measure/figures.ts";
import type { Row, Target } from "../measure/row.ts";
import { prepareFleet } from "../processes/fleet.ts";
import { startServer } from "../processes/server.ts";
import { accountOf, agentsWithOwners } from "../processes/settings.ts";
import type { Bench } from "./bench.ts";

/** Conversations that Slack lets us open at once (its tier 3). The last agent is never decided about: it waits. */
const OWNERS = 40;
const PER_SECOND = 20;

export async function decide(bench: Bench): Promise<readonly Row[]> {
  const waiting = bench.quick ? 200 : 1_000;
  const fleet = await prepareFleet(agentsWithOwners(OWNERS));
  const [idle, ...deciding] = fleet.credentials;
  if (idle === undefined) throw new Error("nobody is there to wait");
  const workplace = await openWorkplace(fleet.credentials.map(({ agent }) => accountOf(agent)));
  const ours = await startServer(fleet.serve.args, {
    ...fleet.serve,
    env: { ...fleet.serve.env, ...workplace.env },
  });
  try {
    bench.say(`clicks in Slack: ${PER_SECOND} a second, ${waiting} long-polls waiting`);
    const times = await workplace.click({
      url: ours.url,
      teams: deciding.map(({ agent, key }) => ({ agent, key, account: accountOf(agent), idleKey: idle.key })),
      ...{ rounds: bench.rounds + 1, perSecond: PER_SECOND, waiting },
    });
    const measured = times.slice(1); // the first round warms up
    const acknowledged = measured.map((round) => round.acknowledged.toSorted((a, b) => a - b));
    const answered = measured.map((round) => round.answered.toSorted((a, b) => a - b));
    const row = (
      name: string,
      rounds: readonly (readonly number[])[],
      share: number,
      target: Target,
      note: string,
    ): Row => ({
      ...{ name, unit: "ms", target, note },
      rounds: rounds.map((sorted) => percentile(sorted, share)),
    });
    const clicks = `${deciding.length} presses a round at ${PER_SECOND}/s, signed, through Bolt`;
    const polls = `${waiting} long-polls held; counted from the press, so more than from the commit`;
    return [
      row("click → durable → acknowledged, p50", acknowledged, 0.5, "information", clicks),
      row(
        "click → durable → acknowledged, p99",
        acknowledged,
        0.99,
        { later: "≤ 3 × p99 of a commit + 5 ms" },
        clicks,
      ),
      row("decision → long-poll answered, p50", answered, 0.5, "information", polls),
      row("decision → long-poll answered, p99", answered, 0.99, { most: 50 }, polls),
    ];
  } finally {
    await ours.kill(); // with a thousand long-polls held, an orderly end takes its time
    workplace.stop();
    fleet.remove();
  }
}
