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

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
];
/** The card itself, and none that is open within it. */
const CARD = ".ac-preview-panel > .ac-adaptiveCard";
const OUTPUT = new URL("../../output/teams/", import.meta.url);
/** Sarah sits before it; who is asked elsewhere is asked in the channel. */
const SETTINGS = readFileSync(new URL("../../../examples/holdpoint.yaml", import.meta.url), "utf8")
  .replaceAll(/, teams: [0-9-]+(?:0b|11|12)(?= \})/g, "")
  .replaceAll("slack:C0AGENTS", "teams:19:review@thread.tacv2")
  .replace(
    "owner: james, deputies: [sarah], approvers: []",
    "owner: james, deputies: [], approvers: [sarah]",
  );

let bridge: Bridge;
let app: Running;
let playground: Playground | undefined;
let browser: Browser | undefined;
let page: Page;
let agent: AgentClient;
let content: AgentClient;

beforeAll(async () => {
  if (!existsSync(CHROMIUM))
    return console.warn(`The Playground's tests are skipped: there is no ${CHROMIUM}.`);
  bridge = await startPlaygroundBridge({
    people: [{ id: SARAH, name: "Sarah Chen" }],
    ...{ appId: APP, tenantId: TENANT, password: "a secret" },
  });
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
  agent = await hire("trial-nurture");
  content = await hire("content-distribution");
  playground = await startPlayground({ endpoint: bridge.endpoint, settings: bridge.settings(SARAH) });
  if (playground === undefined)
    return console.warn(`The Playground's tests are skipped: npx can't get ${PLAYGROUND}.`);
  bridge.join({ bot: `${app.url}/api/messages`, playgrounds: new Map([[SARAH, playground.url]]) });
  mkdirSync(OUTPUT, { recursive: true });
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  page = await browser.newPage({ viewport: { width: 1280, height: 1_400 } });
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

async function hire(id: string): Promise<AgentClient> {
  const by = { id: "operator", name: "Operator" };
  const issued = await app.parts.issueKey.forAgent(id as AgentId, by);
  if (!issued.ok) throw new Error(`no key for ${id}`);
  return agentClient(app.url, issued.value.key, issued.value.signing_secret);
}

async function write(words: string): Promise<void> {
  await page.locator("[contenteditable=true],textarea").first().click();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

async function keep(name: string): Promise<void> {
  await page.screenshot({ path: new URL(`${name}.png`, OUTPUT).pathname });
}

const lastCard = () => page.locator(CARD).last();
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
    expect(await lastCard().getByRole("button", { name: "Back" }).count(), "opened by the card itself").toBe(
      0,
    );
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

  it("what is wrong with a form stands at its field, and the card can be had back", async ({ skip }) => {
    if (browser === undefined) return skip();
    const { id } = (await agent.escalate({ summary: "Offer Dana nothing" })).body;
    await button("Reject").click();
    await page.getByLabel("Reason").last().fill("   ");
    await button("Reject").click();
    await button("Back").waitFor();
    await keep("form-problem");
    await button("Back").click();
    await button("Dismiss").click();
    await expect
      .poll(async () => (await agent.follow(id)).body)
      .toMatchObject({ decision: { verdict: "dismiss" } });
  });

  it("on a narrow screen the card, its buttons and its form keep within it", async ({ skip }) => {
    if (browser === undefined) return skip();
    // The Playground itself keeps its width, so the card alone is made as narrow as a phone shows it.
    const narrow = await page.addStyleTag({ content: `${CARD} { width: 320px }` });
    const { id } = (await agent.escalate({ summary: "A".repeat(60) })).body;
    await button("Answer").click();
    await page.getByLabel("Your answer").last().waitFor();
    expect(await lastCard().evaluate((element) => element.scrollWidth)).toBeLessThanOrEqual(320);
    // Whatever the Playground lays over its messages is then elsewhere.
    await page.setViewportSize({ width: 1280, height: 2_000 });
    await lastCard().screenshot({ path: new URL("narrow.png", OUTPUT).pathname });
    await page.getByLabel("Your answer").last().fill("Not today.");
    await button("Send the answer").click();
    await expect
      .poll(async () => (await agent.follow(id)).body)
      .toMatchObject({ decision: { verdict: "respond", response: "Not today." } });
    await narrow.evaluate((element) => element.remove());
  });

  it("a request in a channel is read by all, with who decides in place of the buttons", async ({ skip }) => {
    if (browser === undefined) return skip();
    await content.escalate({ summary: "Boost the spring series" });
    await page.getByRole("treeitem", { name: /agent-review/ }).click();
    await page.getByText("Only Sarah Chen, James Liu or Elena Rossi can decide this").first().waitFor();
    expect(await page.getByRole("button", { name: "Approve", exact: true }).count()).toBe(0);
    await keep("channel");
    await page.getByRole("treeitem", { name: "Personal Chat" }).click();
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
