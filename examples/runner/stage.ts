/** A server for the examples: each client has an agent and an owner of its own, in a Slack workspace on this machine. */
import { randomBytes } from "node:crypto";
import { slackManifest } from "../../src/chat/platforms.ts";
import { readConfig } from "../../src/config.ts";
import { start } from "../../src/main.ts";
import { type SlackWorkspace, startSlackWorkspace } from "../../test/support/slack-workspace/index.ts";
import { OFFER, type Scenario } from "../clients/scenario.ts";

export interface Stage {
  readonly url: string;
  readonly workspace: SlackWorkspace;
  /** A key for a client's agent; in the scenario `timeout` its owner has four seconds. */
  keyFor(client: string, scenario: Scenario): Promise<string>;
  /** The Slack account of a client's owner. */
  ownerOf(agent: string): string;
  /** What waits for a decision now. */
  open(): Promise<readonly { readonly id: string; readonly agent: string }[]>;
  close(): Promise<void>;
}

/** Deadlines of the scenario `timeout`. */
const HURRY = "4s";
const HURRIED = "-in-a-hurry";

/** Owners of their own keep one client's cards out of the way of another's: Slack takes one message a second. */
const account = (client: string) => `U0${client.toUpperCase().replaceAll("-", "")}`;

export async function openStage(clients: readonly string[]): Promise<Stage> {
  const owners = clients.map((client) => ({ client, name: `Owner of ${client}`, slack: account(client) }));
  const adminKey = `hp_admin_${randomBytes(32).toString("base64url")}`;
  const workspace = await startSlackWorkspace({
    manifest: slackManifest("http://127.0.0.1"),
    users: owners.map(({ client, name, slack }) => ({ id: slack, name: client, real_name: name })),
    channels: [],
  });
  const settings = {
    people: owners.map(({ client, name, slack }) => ({ id: client, name, slack })),
    agents: clients.flatMap((client) => [
      agent(client, client, "15m"),
      agent(client + HURRIED, client, HURRY),
    ]),
  };
  const env = {
    ...{ PORT: "0", DATABASE_URL: "sqlite::memory:", LOG_LEVEL: "silent", HOLDPOINT_ADMIN_KEY: adminKey },
    ...{ HOLDPOINT_CONFIG: "examples", HOLDPOINT_CALLBACK_ALLOW: "127.0.0.1" },
    HOLDPOINT_SECRET: randomBytes(32).toString("base64"),
    ...{ SLACK_BOT_TOKEN: workspace.botToken, SLACK_SIGNING_SECRET: workspace.signingSecret },
    SLACK_API_URL: workspace.apiUrl,
  };
  // JSON is YAML.
  const running = await start(readConfig(env, () => JSON.stringify(settings)));
  workspace.setEventsUrl(`${running.url}/slack/events`);

  async function admin(method: string, path: string): Promise<Record<string, unknown>> {
    const headers = { authorization: `Bearer ${adminKey}` };
    const response = await fetch(running.url + path, { method, headers });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }

  return {
    url: running.url,
    workspace,
    async keyFor(client, scenario) {
      const id = scenario === "timeout" ? client + HURRIED : client;
      return String((await admin("POST", `/v1/agents/${id}/keys`)).key);
    },
    ownerOf: (id) => account(id.replace(HURRIED, "")),
    async open() {
      const { escalations } = await admin("GET", "/v1/escalations?status=open&limit=100");
      return escalations as Awaited<ReturnType<Stage["open"]>>;
    },
    async close() {
      await running.close();
      await workspace.close();
    },
  };
}

function agent(id: string, owner: string, within: string) {
  const respond_within = { low: within, medium: within, high: within, critical: within };
  return {
    id,
    charter: {
      goal: { outcome: "Show what this client can do" },
      actions: { ask_first: [OFFER.name] },
      constraints: {},
      triggers: {},
      review: {},
      ownership: { owner, respond_within, on_silence: "expire" },
    },
  };
}
