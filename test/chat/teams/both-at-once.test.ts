/** One escalation in Slack and in Teams at once: one truth on both, whoever decides and wherever. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../../../src/config.ts";
import type { AgentId } from "../../../src/domain/ids.ts";
import { type Running, start } from "../../../src/main.ts";
import { type AgentClient, agentClient } from "../../support/agent-client.ts";
import { type SlackPerson, slackPerson } from "../../support/slack-person.ts";
import {
  type MovableClock,
  movableClock,
  type SlackWorkspace,
  startSlackWorkspace,
} from "../../support/slack-workspace/index.ts";
import {
  buttonsOn,
  type Message,
  startTeamsConnector,
  type TeamsConnector,
  wordsOn,
} from "../../support/teams-connector/index.ts";
import { APP, JAMES, SARAH, STRANGER, TENANT } from "./teams-stage.ts";

/** Sarah is in both, James in Teams only. */
const SETTINGS = readFileSync(new URL("../../../examples/holdpoint.yaml", import.meta.url), "utf8").replace(
  "slack: U0JAMES, ",
  "",
);

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
  app = await start(
    readConfig(env, () => SETTINGS),
    clock,
    quiet,
  );
  slack.setEventsUrl(`${app.url}/slack/events`);
  teams.setBotUrl(`${app.url}/api/messages`);
  sarah = slackPerson(slack, "U0SARAH");
  const issued = await app.parts.issueKey.forAgent("trial-nurture" as AgentId, {
    id: "operator",
    name: "Operator",
  });
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

describe("an escalation that stands in both", () => {
  it("is decided in Teams: the answer shows it, and Slack is redrawn", async () => {
    const id = await ask();
    expect(read(card())).toContain("Trial nurture asks: approve send_email?");
    expect(sarah.cards()).toHaveLength(1);
    const shown = await teams.press(SARAH, card(), "Approve");
    expect(wordsOn(shown.card)).toContain("Approved: Trial nurture, send_email");
    expect((await agent.follow(id)).body).toMatchObject({
      status: "decided",
      decision: { verdict: "approve", by: { id: "sarah" }, surface: "teams" },
    });
    expect((await agent.state()).body).toMatchObject({ state: "running" });
    await settle(2_000);
    for (const words of [read(card()), JSON.stringify(sarah.card().blocks)])
      expect(words).toContain("Approved");
    expect(labels(card())).toEqual([]);
    expect(slack.dm("U0SARAH").filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
  });

  it("is decided in Slack: Teams is redrawn, and a late press there is told who was quicker", async () => {
    await ask();
    const before = card();
    await sarah.press("Approve");
    const late = await teams.press(SARAH, before, "Approve");
    expect(late.words).toMatch(/already|approved/i);
    await settle(2_000);
    expect(read(card())).toContain("Approved");
    expect(labels(card())).toEqual([]);
  });

  it("is rejected with a reason that is filled in on the card", async () => {
    const id = await ask();
    const reject = buttonsOn(teams.card(card())).find(({ title }) => title === "Reject");
    expect(reject?.asks).toContain("The agent is told your reason.");
    const shown = await teams.press(SARAH, card(), "Reject", { reason: "Ask legal first." });
    expect(wordsOn(shown.card)).toContain("Rejected: Trial nurture, send_email");
    expect((await agent.follow(id)).body).toMatchObject({
      decision: { verdict: "reject", reason: "Ask legal first.", surface: "teams" },
    });
  });

  it("is edited on the card: what is wrong stands at the field, and what is right is what runs", async () => {
    const id = await ask();
    const wrong = await teams.press(SARAH, card(), "Edit and approve", { arg2: "many" });
    expect(wordsOn(wrong.card)).toMatch(/number/i);
    expect(labels(card())).toContain("Edit and approve");
    await teams.press(SARAH, card(), "Approve these", { arg2: 15 });
    expect((await agent.follow(id)).body).toMatchObject({
      decision: { verdict: "edit", args: { to: "dana@example.com", percent: 15 } },
    });
  });

  it("is decided once, however often Teams sends the same press again", async () => {
    const id = await ask();
    const on = card();
    if (on === undefined) throw new Error("no card");
    const data = buttonsOn(teams.card(on)).find(({ title }) => title === "Approve")?.data;
    const activity = (n: number) =>
      teams.activity(SARAH, on.conversation, {
        id: `f:${n}`,
        type: "invoke",
        name: "adaptiveCard/action",
        replyToId: on.id,
        value: { action: { data } },
      });
    const answers = await Promise.all([1, 1, 2, 3, 4].map((n) => teams.deliver(activity(n))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const audit = await app.parts.store.audit.ofEscalation(id as never);
    expect(audit.filter(({ kind }) => kind === "escalation.decided")).toHaveLength(1);
  });

  it("is not for somebody of another organisation, nor for who is not asked", async () => {
    const id = await ask();
    expect((await teams.press(STRANGER, card(), "Approve")).words).toMatch(/\w+ \w+/);
    expect((await agent.follow(id)).body).toMatchObject({ status: "open" });
  });
});

describe("many requests that stand in both on one card", () => {
  const short = { action: { name: "send_email", args: { percent: 10 } } };
  /** A lone request, then so many that they share a card. */
  const askAll = async (many: number): Promise<readonly string[]> => {
    await ask();
    const ids: string[] = [];
    for (let at = 0; at < many; at++) {
      ids.push(String((await agent.escalate({ ...short, summary: `Request ${at}` })).body.id));
      clock.advance(1);
    }
    await settle();
    return ids;
  };

  it("are two messages on each, and a row that is approved in Teams is settled in Slack too", async () => {
    const [first = ""] = await askAll(12);
    expect(chat()).toHaveLength(2);
    expect(sarah.cards()).toHaveLength(2);
    const queue = chat()[1];
    expect(read(queue)).toContain("12 × Trial nurture asks: approve send_email?");
    await teams.press(SARAH, queue, "Approve");
    await settle();
    expect((await agent.follow(first)).body.decision).toMatchObject({ verdict: "approve", surface: "teams" });
    for (const words of [read(chat()[1]), JSON.stringify(sarah.card().blocks)])
      expect(words).toContain("Approved: Trial nurture, send_email by Sarah Chen");
    expect(chat()).toHaveLength(2);
  });

  it("that are only two are two cards, one soon after the other, also where both would be taken at once", async () => {
    await Promise.all([agent.escalate(), agent.escalate()]);
    await app.worker.drain();
    expect(chat()).toHaveLength(1);
    await settle();
    expect(chat().map((message) => read(message).includes("Why it stopped"))).toEqual([true, true]);
  });

  it("are decided together from Teams, with a tick, and both say so", async () => {
    const ids = await askAll(5);
    const queue = chat()[1];
    const form = await teams.press(SARAH, queue, "Decide all 5");
    expect(wordsOn(form.card)).toMatch(/1\. [\s\S]*“Request 4”/);
    const filled = { verdict: "reject", words: "Not this quarter." };
    const again = await teams.press(SARAH, queue, "Decide all 5", filled);
    expect(wordsOn(again.card)).toContain("Read the list, and tick this.");
    await teams.press(SARAH, queue, "Decide all 5", { ...filled, sure: true });
    await settle();
    for (const id of ids)
      expect((await agent.follow(id)).body.decision).toMatchObject({
        reason: "Not this quarter.",
        surface: "teams",
      });
    for (const words of [read(chat()[1]), JSON.stringify(sarah.card().blocks)])
      expect(words).toContain("All 5 requests are settled");
  });
});

describe("in Teams", () => {
  it("an agent is paused and resumed by writing to the app", async () => {
    await teams.say(SARAH, "pause trial-nurture for 2h too many replies");
    expect((await agent.state()).body).toMatchObject({ state: "held" });
    expect(read(chat().at(-1))).toMatch(/paused|held/i);
    await teams.say(SARAH, "resume trial-nurture");
    expect((await agent.state()).body).toMatchObject({ state: "running" });
  });

  it("something that feels off is flagged on a message, and its owner is asked", async () => {
    const link = "https://teams.microsoft.com/l/message/19:x/1";
    const { dialog } = await teams.flag(JAMES, { id: "1", link });
    const filled = { agent: "trial-nurture", severity: "high", what: "It wrote twice." };
    expect((await teams.sendDialog(JAMES, dialog, filled)).words).toContain("Its owner is asked");
    await teams.sendDialog(JAMES, dialog, filled);
    await settle();
    expect(chat().map(read).join(" ")).toContain("It wrote twice.");
    expect(await app.parts.store.escalations.countOpen()).toBe(1);
    expect((await agent.state()).body).toMatchObject({ state: "held" });
  });

  it("whoever has blocked the app is passed over within a minute, and asked in Slack all the same", async () => {
    await teams.install(SARAH);
    teams.block(SARAH);
    const { body } = await agent.escalate();
    await settle();
    expect(sarah.cards()).toHaveLength(1);
    const copies = await app.parts.store.copies.of(body.id);
    expect(copies.find(({ address }) => address.platform === "teams")).toMatchObject({
      state: "undeliverable",
      error: expect.stringContaining("blocked"),
    });
  });

  it("a post whose answer was lost is sent once more after half a minute, and both are redrawn", async () => {
    teams.fault({ on: "send", kind: "reply-lost" });
    await ask();
    expect(chat()).toHaveLength(1);
    await settle(40_000);
    expect(chat()).toHaveLength(2);
    await teams.press(SARAH, chat()[0], "Approve");
    await settle(5_000);
    expect(chat().map(labels)).toEqual([[], []]);
  });
});
