/** One escalation in Slack and in Teams at once: one truth on both, whoever decides and wherever. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../../../src/config.ts";
import type { AgentId } from "../../../src/domain/ids.ts";
import { type Running, start } from "../../../src/main.ts";
import { type AgentClient, agentClient } from "../../support/agent-client.ts";
import { type SlackPerson, slackPerson } from "../../support/slack-person.ts";
import { type MovableClock, movableClock, type SlackWorkspace, startSlackWorkspace } from "../../support/slack-workspace/index.ts";
import { buttonsOn, type Message, startTeamsConnector, type TeamsConnector, wordsOn } from "../../support/teams-connector/index.ts";
import { APP, JAMES, SARAH, STRANGER, TENANT } from "./teams-stage.ts";

const SETTINGS = readFileSync(new URL("../../../examples/holdpoint.yaml", import.meta.url), "utf8")
  .replace("slack: U0SARAH", `slack: U0SARAH, teams: ${SARAH}`)
  .replace("slack: U0JAMES", `teams: ${JAMES}`);

let clock: MovableClock;
let slack: SlackWorkspace;
let teams: TeamsConnector;
let app: Running;
let sarah: SlackPerson;
let agent: AgentClient;

beforeEach(async () => {
  clock = movableClock();
  slack = await startSlackWorkspace({
    users: ["U0SARAH", "U0JAMES", "U0AMARA", "U0ELENA"].map((id) => ({ id, name: id.toLowerCase() })),
    channels: ["C0REVIEW", "C0AGENTS"].map((id) => ({ id, name: id.toLowerCase(), members: ["U0SARAH"] })),
    clock,
    signingClock: () => clock.now(),
  });
  teams = await startTeamsConnector({
    people: [
      { id: SARAH, name: "Sarah Chen" },
      { id: JAMES, name: "James Liu" },
      { id: STRANGER, name: "Somebody", tenant: "ffffffff-0000-4000-8000-000000000000" },
    ],
    channels: [],
    ...{ appId: APP, tenantId: TENANT, password: "a secret", clock },
  });
  const env = {
    PORT: "0",
    DATABASE_URL: "sqlite::memory:",
    HOLDPOINT_CONFIG: "holdpoint.yaml",
    HOLDPOINT_SECRET: randomBytes(32).toString("base64"),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    MicrosoftAppId: APP,
    MicrosoftAppPassword: "a secret",
    MicrosoftAppTenantId: TENANT,
    TEAMS_CONNECTOR_URL: teams.url,
  };
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  app = await start(readConfig(env, () => SETTINGS), clock, quiet);
  slack.setEventsUrl(`${app.url}/slack/events`);
  teams.setBotUrl(`${app.url}/api/messages`);
  sarah = slackPerson(slack, "U0SARAH");
  const issued = await app.parts.issueKey.forAgent("trial-nurture" as AgentId, { id: "operator", name: "Operator" });
  if (!issued.ok) throw new Error("no key");
  agent = agentClient(app.url, issued.value.key, issued.value.signing_secret);
});

afterEach(async () => {
  await app.close();
  await slack.close();
  expect(slack.violations()).toEqual([]);
  expect(teams.violations()).toEqual([]);
  await teams.close();
});

/** Does what is due within seconds, moving the clock as far as that takes. */
async function settle(ms = 10_000) {
  const end = clock.now() + ms;
  for (;;) {
    await app.worker.drain();
    const next = await app.parts.store.jobs.nextDue();
    if (next === undefined || next > end) return;
    clock.advance(Math.max(0, next - clock.now()));
  }
}

async function ask(): Promise<string> {
  const { body } = await agent.escalate();
  await settle();
  return String(body.id);
}

const chat = (person = SARAH): readonly Message[] => teams.in(teams.chat(person));
const card = (person = SARAH) => chat(person)[0];
const read = (message: Message | undefined) => wordsOn(teams.card(message));
const labels = (message: Message | undefined) =>
  buttonsOn(teams.card(message)).flatMap(({ title, url }) => (url === undefined ? [title] : []));
