/** A Holdpoint with so many escalations open, a loopback Slack beside it, and people who press Approve there. */
import { type ClickTimes, openWorkplace } from "../load/clicks.ts";
import { prepareFleet } from "./fleet.ts";
import { seed } from "./seed.ts";
import { startServer } from "./server.ts";
import { AGENTS, accountOf, agentsWithOwners } from "./settings.ts";

/** Conversations that Slack lets us open at once (its tier 3). */
const OWNERS = 40;
const PER_SECOND = 20;

export interface Clicking {
  /** Each owner is asked, and approves, so many times; the times of each turn, sorted. */
  click(turns: number, waiting: number): Promise<readonly ClickTimes[]>;
  /** What is pressed in a turn, in words. */
  readonly note: string;
  end(): Promise<void>;
}

export async function startClicking(open: number): Promise<Clicking> {
  const fleet = await prepareFleet(agentsWithOwners(OWNERS, open > 0 ? AGENTS - OWNERS : 1));
  if (open > 0) await seed(fleet, open, "open");
  const owners = fleet.credentials.slice(0, OWNERS);
  // Nobody decides about the last one: it waits.
  const idleKey = fleet.credentials.at(-1)?.key ?? "";
  const workplace = await openWorkplace(owners.map(({ agent }) => accountOf(agent)));
  const env = { ...fleet.serve.env, ...workplace.env };
  const server = await startServer(fleet.serve.args, { ...fleet.serve, env });
  const teams = owners.map(({ agent, key }) => ({ agent, key, account: accountOf(agent), idleKey }));
  const sorted = (times: readonly number[]) => times.toSorted((a, b) => a - b);
  return {
    note: `${teams.length} presses a round at ${PER_SECOND}/s, signed, through Bolt`,
    async click(turns, waiting) {
      const times = await workplace.click({
        ...{ url: server.url, teams, rounds: turns, perSecond: PER_SECOND, waiting },
      });
      return times.map(({ acknowledged, answered }) => ({
        acknowledged: sorted(acknowledged),
        answered: sorted(answered),
      }));
    },
    async end() {
      await server.kill(); // with a thousand long-polls held, an orderly end takes its time
      workplace.stop();
      fleet.remove();
    },
  };
}
