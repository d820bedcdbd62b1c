/** People in a real browser: the owner approves from her direct messages, and decides another request on the console. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openSlackChat } from "../../examples/demo/slack-chat.ts";
import { openStage, type Stage } from "../../examples/demo/stage.ts";
import type { Escalation } from "../../examples/demo/wire.ts";

const ROOT = join(import.meta.dirname, "../..");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const DESK = { width: 1180, height: 860 };
const PHONE = { width: 390, height: 844 };

const OWNER = {
  id: "c-317",
  name: "Daniel Osei",
  email: "daniel@meridianbank.example",
  company: "Meridian Bank",
};
const DRAFT = {
  subject: "Still there?",
  body: "Hi Daniel, your trial ends soon. Shall we get the contract signed this week?",
};

const why = existsSync(CHROMIUM) ? "" : ` (skipped: there is no browser at ${CHROMIUM}; set CHROMIUM to one)`;
if (why) console.warn(`test/journeys/browser.test.ts${why}`);

describe.skipIf(why !== "")(`in a real browser${why}`, () => {
  let browser: Browser;
  let page: Page;
  let stage: Stage;
  let workspace: Awaited<ReturnType<typeof openSlackChat>>["workspace"];
  /** What the browser complained about. */
  let faults: string[];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ],
    });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    faults = [];
    const chat = await openSlackChat();
    workspace = chat.workspace;
    stage = await openStage(
      {
        line() {},
        scene() {},
        says() {},
        proven() {},
        waiting() {},
        heard: () => Promise.resolve(),
      },
      chat,
    );
    page = await browser.newPage({ viewport: DESK, colorScheme: "light", locale: "en-GB" });
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  });
  afterEach(async () => {
    await page.close();
    await stage.close();
    expect(faults).toEqual([]);
  });

  /** The agent stops over a draft it is not sure of; `leave` resolves with what it may do. */
  async function agentStops() {
    const held = Promise.withResolvers<Escalation>();
    const leave = stage.nurture.nudge(OWNER, DRAFT, held.resolve);
    return { escalation: await held.promise, leave };
  }

  it("the owner sees the card in her direct messages, approves, and the agent that waits goes on", async () => {
    const { escalation, leave } = await agentStops();
    await page.goto(`${workspace.url}?user=U0SARAH`);
    await page.getByText("Trial nurture asks: approve send_email?").first().waitFor();
    await page.getByText("Shall we get the contract signed this week?").first().waitFor();
    expect((await stage.stateOf("trial-nurture")).state).toBe("held");
    await keep(page, "card");

    await page.getByRole("button", { name: "Approve", exact: true }).click();
    await page.getByText("Approved: Trial nurture, send_email").waitFor();
    await page.getByText("The agent reports that it was done").waitFor();
    await page.getByText("Approved: Trial nurture, send_email").scrollIntoViewIfNeeded();
    expect(await page.getByRole("button", { name: "Approve", exact: true }).count()).toBe(0);
    await keep(page, "card-decided");

    const made = await leave;
    expect(made).toMatchObject({
      kind: "go",
      decision: {
        verdict: "approve",
        by: { id: "sarah" },
        surface: "slack",
        action_digest: escalation.action_digest,
      },
    });
    expect(stage.happened).toEqual([
      { agent: "trial-nurture", action: { name: "send_email", args: { to: OWNER.email, ...DRAFT } } },
    ]);
    expect((await stage.stateOf("trial-nurture")).state).toBe("running");
    expect((await stage.inbox.told(escalation.id)).data.decision).toEqual(made.decision);
  });

  it("on a phone, she signs in to the console with a link that works once, and edits what is sent", async () => {
    const { leave } = await agentStops();
    await page.goto(stage.consoleLink);
    await page.getByLabel("Sarah Chen").check();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Waiting for you" }).waitFor();
    await page.getByRole("link", { name: /Trial nurture asks/ }).click();
    await page.getByRole("heading", { level: 1, name: "Trial nurture asks: approve send_email?" }).waitFor();
    await keep(page, "console");

    await page.setViewportSize(PHONE);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(PHONE.width);
    await page.getByText("Edit and approve", { exact: true }).click();
    await page.getByRole("textbox", { name: "body", exact: true }).fill("No hurry from us, Daniel.");
    await keep(page, "console-phone");
    await page.getByRole("button", { name: "Approve these" }).click();
    await page
      .getByRole("heading", { level: 1, name: "Edited and approved: Trial nurture, send_email" })
      .waitFor();

    expect(await leave).toMatchObject({
      kind: "go",
      decision: { verdict: "edit", by: { id: "sarah" }, surface: "console" },
    });
    expect(stage.happened[0]?.action.args).toMatchObject({
      to: OWNER.email,
      body: "No hurry from us, Daniel.",
    });
    await workspace.until(
      () =>
        workspace.dm("U0SARAH").some(({ blocks }) => JSON.stringify(blocks).includes("Edited and approved")),
      "the card in Slack to say what was decided on the console",
    );

    const again = await browser.newPage();
    const spent = await again.goto(stage.consoleLink);
    expect(spent?.status()).toBe(410);
    await again.close();
  });
});

/** Kept for whoever looks at a failure; with UPDATE_SCREENSHOTS=1 also for the README. */
async function keep(page: Page, name: string): Promise<void> {
  if (process.env.UPDATE_SCREENSHOTS === "1") await page.evaluate(DRAW_THE_SIGN);
  const picture = await page.screenshot();
  const save = (folder: string) => {
    mkdirSync(join(ROOT, folder), { recursive: true });
    writeFileSync(join(ROOT, folder, `${name}.png`), picture);
  };
  save("test/output");
  if (process.env.UPDATE_SCREENSHOTS === "1" && ["card", "console"].includes(name)) save("docs/images");
}

/** Servers rarely have a font with coloured signs; a README with an empty box in it would be odd. */
const DRAW_THE_SIGN = `for (const title of document.querySelectorAll("h1, h2, h3, h4, strong, p, div")) {
  const [first] = title.childNodes;
  if (first?.nodeType !== Node.TEXT_NODE || !first.data.startsWith("\u{1F7E1}")) continue;
  first.data = first.data.slice(2);
  const sign = document.createElement("span");
  sign.style.cssText = "display:inline-block;width:.8em;height:.8em;margin-right:.1em;border-radius:50%;background:#f2b632";
  title.prepend(sign);
}`;
