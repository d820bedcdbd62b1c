/** One database, one workspace, one agents' ledger, and a Holdpoint that dies and is started again. */
import { randomBytes } from "node:crypto";
import { slackManifest } from "../../../src/chat/platforms.ts";
import { type AgentClient, agentClient, callWith, type Reply } from "../agent-client.ts";
import { type CallbackReceiver, startCallbackReceiver } from "../callback-receiver.ts";
import { type SlackWorkspace, startSlackWorkspace, systemClock } from "../slack-workspace/index.ts";
import { type MortalHoldpoint, startMortal } from "./mortal-holdpoint.ts";

/** Two agents with an owner each take turns, so that nobody waits for Slack's one message a second. */
export const TURNS = [
  { agent: "trial-nurture", person: "U0SARAH" },
  { agent: "content-distribution", person: "U0JAMES" },
] as const;

/** Its owner has no account in the workspace. */
export const UNHEARD = "renewal-assistant";

/** An uncertain post is settled after 30 s: each process starts that much later than the one before. */
const LATER_EACH_TIME_MS = 40_000;

export interface Lane {
  readonly database: string;
  readonly slack: SlackWorkspace;
  readonly receiver: CallbackReceiver;
  /** What the agents know to be raised: it outlives every process. */
  readonly ledger: { readonly id: string; readonly summary: string }[];
  /** The last words of each process that was killed. */
  readonly deaths: readonly string[];
  holdpoint(): MortalHoldpoint;
  agent(id: string): AgentClient;
  admin(method: string, path: string): Promise<Reply>;
  /** Tries until there is a result, as patient people and agents do; a dead process is started again meanwhile. */
  insist<Result>(attempt: () => Promise<Result | undefined>): Promise<Result>;
  close(): Promise<void>;
}

/** What the process runs on: variables of its own for each start, and what happens to its files after each death. */
export interface Supply {
  env(): Readonly<Record<string, string>>;
  dead(): void;
}

const USUAL: Supply = { env: () => ({}), dead: () => {} };

/** @param path of the database file */
export async function openLane(path: string, supply = USUAL): Promise<Lane> {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const slack = await startSlackWorkspace({
    users: TURNS.map(({ person }) => ({ id: person, name: person.toLowerCase() })),
    channels: [],
    manifest: slackManifest("https://holdpoint.example.com"),
    clock: { ...systemClock, now },
    signingClock: now,
  });
  const secrets: string[] = [];
  const receiver = await startCallbackReceiver(() => secrets, now);
  const adminKey = `hp_admin_${randomBytes(32).toString("base64url")}`;
  const database = `sqlite:${path}`;
  const start = async (): Promise<MortalHoldpoint> => {
    const started = await startMortal(
      {
        PORT: "0",
        DATABASE_URL: database,
        HOLDPOINT_CONFIG: "examples/holdpoint.yaml",
        HOLDPOINT_PUBLIC_URL: "https://holdpoint.example.com",
        HOLDPOINT_ADMIN_KEY: adminKey,
        HOLDPOINT_CALLBACK_ALLOW: "127.0.0.1",
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_SIGNING_SECRET: slack.signingSecret,
        SLACK_API_URL: slack.apiUrl,
        ...supply.env(),
      },
      ahead,
    );
    slack.setEventsUrl(`${started.url}/slack/events`);
    return started;
  };
  let holdpoint = await start();
  const keys = new Map<string, string>();
  for (const agent of [...TURNS.map((turn) => turn.agent), UNHEARD]) {
    const issued = await callWith(holdpoint.url, adminKey)("POST", `/v1/agents/${agent}/keys`);
    keys.set(agent, issued.body.key);
    secrets.push(issued.body.signing_secret);
  }
  const deaths: string[] = [];

  const again = async (): Promise<void> => {
    const words = (await holdpoint.death).split("\n");
    deaths.push(words.find((line) => line.startsWith("killed ")) ?? `it ended by itself: ${words.join(" ")}`);
    for (let tries = 1; ; tries++) {
      ahead += LATER_EACH_TIME_MS;
      supply.dead();
      try {
        holdpoint = await start();
        return;
      } catch (error) {
        // It may die while it starts, too.
        if (tries === 5) throw error;
      }
    }
  };
  let reviving: Promise<void> | undefined;
  /** Once, however many notice that it is dead. */
  const revive = (): Promise<void> => {
    reviving ??= again().finally(() => {
      reviving = undefined;
    });
    return reviving;
  };
  return {
    ...{ database, slack, receiver, deaths, ledger: [] },
    holdpoint: () => holdpoint,
    admin: (method, path) => callWith(holdpoint.url, adminKey)(method, path),
    agent: (id) => agentClient(holdpoint.url, keys.get(id) ?? "", ""),
    async insist(attempt) {
      for (let tries = 0; tries < 50; tries++) {
        const result = await attempt().catch(() => undefined);
        if (result !== undefined) return result;
        // A refused connection is seen a moment before the end of the process is.
        if (holdpoint.isDead() || (await isGone(holdpoint.url))) await revive();
      }
      throw new Error(`50 tries in vain; the last process but this one: ${deaths.at(-1)}`);
    },
    async close() {
      await holdpoint.stop();
      await receiver.close();
      await slack.close();
    },
  };
}

function isGone(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    () => false,
    () => true,
  );
}
