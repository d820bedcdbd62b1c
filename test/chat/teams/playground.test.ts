/** Microsoft's own renderer in a browser: a card is shown, decided on, filled in and redrawn, and an agent is paused by writing. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../../src/config.ts";
import type { AgentId } from "../../../src/domain/ids.ts";
import { type Running, start } from "../../../src/main.ts";
import { type AgentClient, agentClient } from "../../support/agent-client.ts";
import { PLAYGROUND, type Playground, startPlayground } from "../../support/teams-connector/playground.ts";
import { type Bridge, startPlaygroundBridge } from "../../support/teams-connector/playground-bridge.ts";
import { APP, SARAH, TENANT } from "./teams-stage.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
];
const OUTPUT = new URL("../../output/teams/", import.meta.url);
const SETTINGS = readFileSync(new URL("../../../examples/holdpoint.yaml", import.meta.url), "utf8").replace(
  "slack: U0SARAH",
  `slack: U0SARAH, teams: ${SARAH}`,
);

let bridge: Bridge;
let app: Running;
let playground: Playground | undefined;
let browser: Browser | undefined;
let page: Page;
let agent: AgentClient;

beforeAll(async () => {
  if (!existsSync(CHROMIUM))
    return console.warn(`The Playground's tests are skipped: there is no ${CHROMIUM}.`);
  bridge = await startPlaygroundBridge({ person: SARAH, appId: APP, tenantId: TENANT, password: "a secret" });
  const env = {
    PORT: "0",
    DATABASE_URL: "sqlite::memory:",
    HOLDPOINT_CONFIG: "holdpoint.yaml",
    HOLDPOINT_SECRET: randomBytes(32).toString("base64"),
    MicrosoftAppId: APP,
    MicrosoftAppPassword: "a secret",
    MicrosoftAppTenantId: TENANT,
    TEAMS_CONNECTOR_URL: bridge.url,
  };
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  app = await start(
    readConfig(env, () => SETTINGS),
    undefined,
    quiet,
  );
  const issued = await app.parts.issueKey.forAgent("trial-nurture" as AgentId, {
    id: "operator",
    name: "Operator",
  });
  if (!issued.ok) throw new Error("no key");
  agent = agentClient(app.url, issued.value.key, issued.value.signing_secret);
  playground = await startPlayground(bridge.endpoint);
  if (playground === undefined)
    return console.warn(`The Playground's tests are skipped: npx can't get ${PLAYGROUND}.`);
  bridge.join({ bot: `${app.url}/api/messages`, playground: playground.url });
  mkdirSync(OUTPUT, { recursive: true });
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  page = await browser.newPage({ viewport: { width: 1280, height: 1_000 } });
  await page.goto(playground.url);
  // Its first activities went out before we were joined to it: whoever writes is known from then on.
  await write("list");
  await page.getByText("Trial nurture").first().waitFor();
}, 90_000);

afterAll(async () => {
  await browser?.close();
  playground?.close();
  await app?.close();
  await bridge?.close();
});

async function write(words: string): Promise<void> {
  await page.locator("[contenteditable=true],textarea").first().click();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

async function keep(name: string): Promise<void> {
  await page.screenshot({ path: new URL(`${name}.png`, OUTPUT).pathname });
}

/** The latest button of this name: every card before it is settled, or an answer. */
const button = (name: string) => page.getByRole("button", { name, exact: true }).last();

describe("in the Playground", () => {
  it("a card is shown, approved and redrawn, and the agent goes on", async ({ skip }) => {
    if (browser === undefined) return skip();
    const { id } = (await agent.escalate()).body;
    await button("Approve").waitFor();
    await keep("card");
    await button("Approve").click();
    await page.getByText("Approved: Trial nurture").first().waitFor();
    await keep("approved");
    expect((await agent.follow(id)).body).toMatchObject({
      status: "decided",
      decision: { verdict: "approve", surface: "teams" },
    });
    expect((await agent.state()).body).toMatchObject({ state: "running" });
  });

  it("a request is rejected with a reason, filled in on the card", async ({ skip }) => {
    if (browser === undefined) return skip();
    const { id } = (await agent.escalate({ summary: "Offer Dana 30 percent" })).body;
    await button("Reject").click();
    await page.getByLabel("Reason").waitFor();
    await keep("form");
    await page.getByLabel("Reason").fill("Ask legal first.");
    await button("Reject").click();
    await page.getByText("Rejected: Trial nurture").first().waitFor();
    await keep("rejected");
    expect((await agent.follow(id)).body).toMatchObject({
      decision: { verdict: "reject", reason: "Ask legal first." },
    });
  });

  it("arguments are edited on the card", async ({ skip }) => {
    if (browser === undefined) return skip();
    const { id } = (await agent.escalate({ summary: "Offer Dana 10 percent" })).body;
    await button("Edit and approve").click();
    await page
      .getByLabel(/percent/i)
      .last()
      .fill("12");
    await keep("edit");
    await button("Approve these").click();
    await page.getByText("12").last().waitFor();
    await expect
      .poll(async () => (await agent.follow(id)).body)
      .toMatchObject({ decision: { verdict: "edit", args: { percent: 12 } } });
    await keep("edited");
  });

  it("an agent is paused by writing to the app", async ({ skip }) => {
    if (browser === undefined) return skip();
    await write("pause trial-nurture for 2h too many replies");
    await expect.poll(async () => (await agent.state()).body.state).toBe("held");
    await page
      .getByText(/too many replies/)
      .last()
      .waitFor();
    await keep("paused");
  });
});
