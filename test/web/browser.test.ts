/** The console in a real browser: with and without scripts, in the light and in the dark, wide and on a phone. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EscalationId } from "../../src/domain/ids.ts";
import { HOSTILE_TEXTS } from "../support/gallery/hostile-texts.ts";
import { type House, JAMES, openHouse, SARAH } from "./console-house.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const missing = !existsSync(CHROMIUM);
if (missing) console.warn(`The console's browser tests are skipped: there is no ${CHROMIUM}.`);

let browser: Browser;
let house: House;
let url: string;
let id: EscalationId;

beforeAll(async () => {
  if (!missing) browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});
afterAll(() => browser?.close());

beforeEach(async () => {
  house = await openHouse({ now: Date.now() });
  url = await house.app.listen({ host: "127.0.0.1", port: 0 });
  id = await house.raise();
  return () => house.close();
});

/** Signs in as a person would: by the operator's link. */
async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(url + (await house.deps.signIn.linkFor(null)));
  await page.getByLabel("Sarah Chen").check();
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("You are signed in as Sarah Chen.").waitFor();
  return { page, faults };
}

describe.skipIf(missing)("the console in a browser", () => {
  it.each([
    ["light", WIDE],
    ["dark", PHONE],
  ] as const)(
    "can be used by everybody and fits: %s, %o",
    async (colorScheme, viewport) => {
      const decided = await house.raise();
      await house.decideElsewhere(decided, JAMES);
      await house.giveUpCallback(decided);
      const hostile = Object.values(HOSTILE_TEXTS).map((value, at) => ({
        label: `Text ${at}`,
        value: value.slice(0, 2_000),
      }));
      const worst = await house.raise({ severity: "critical", context: hostile, reason: "x".repeat(2_000) });
      const { page, faults } = await open({ colorScheme, viewport });
      const paths = [
        "/",
        `/escalations/${id}`,
        `/escalations/${decided}`,
        `/escalations/${worst}`,
        ...["/agents", "/agents/trial-nurture", "/history", "/undelivered"],
      ];
      for (const path of paths) {
        await page.goto(url + path);
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(overflow, `${path} is wider than the window`).toBeLessThanOrEqual(0);
        // One opens at a time for people; here all at once, so that each form is looked at.
        await page.evaluate(
          "for (const one of document.querySelectorAll('details')) { one.name = ''; one.open = true }",
        );
        expect(await faultsFound(page), path).toEqual([]);
      }
      expect(faults).toEqual([]);
    },
    60_000,
  );

  it("decides without scripts", async () => {
    const { page } = await open({ javaScriptEnabled: false });
    await page.getByRole("link", { name: /approve send_email/ }).click();
    await page.locator("summary", { hasText: /^Reject$/ }).click();
    await page.getByLabel("Reason").first().fill("Legal first.");
    await page.getByRole("button", { name: "Reject", exact: true }).click();
    await page.getByText("You rejected this.").waitFor();
    expect((await house.store.escalations.find(id))?.decision).toMatchObject({
      verdict: "reject",
      reason: "Legal first.",
    });
  });

  it("edits and approves typed fields, and nobody's line breaks change", async () => {
    const { page } = await open();
    await page.goto(`${url}/escalations/${id}`);
    await page.locator("summary", { hasText: "Edit and approve" }).click();
    await page.getByLabel("subject", { exact: true }).fill("Both at once");
    await page.getByRole("button", { name: "Approve these" }).click();
    await page.getByText("You edited and approved this.").waitFor();
    const request = (await house.store.escalations.find(id))?.request;
    const decision = (await house.store.escalations.find(id))?.decision;
    expect(decision?.args).toEqual({ ...request?.action?.args, subject: "Both at once" });
  });

  it("shows within a moment what somebody else has decided, with what was open still open", async () => {
    const { page, faults } = await open();
    await page.goto(`${url}/escalations/${id}`);
    await page.getByText("Schema of the arguments").click();
    await house.watched();
    await house.decideElsewhere(id, JAMES);
    await page.getByRole("heading", { name: "Approved: Trial nurture, send_email" }).waitFor();
    expect(await page.getByRole("button", { name: "Approve" }).count()).toBe(0);
    expect(await page.locator("details[data-key=schema]").getAttribute("open")).not.toBeNull();
    expect(faults).toEqual([]);
  });

  it("adds a new request to the queue by itself", async () => {
    const { page } = await open();
    await house.watched();
    await house.raise({ severity: "critical", summary: "A brand new one" });
    await page.getByText("A brand new one").waitFor();
    expect(await page.title()).toBe("(2) Queue · Holdpoint");
  });

  it("never takes away what somebody is typing: it says that the page has changed", async () => {
    const { page } = await open();
    await page.goto(`${url}/escalations/${id}`);
    await page.locator("summary", { hasText: "Answer" }).click();
    await page.getByLabel("Your answer").fill("Half a sent");
    await house.watched();
    await house.decideElsewhere(id, JAMES);
    await page.getByText("This page has changed while you were writing.").waitFor();
    expect(await page.getByLabel("Your answer").inputValue()).toBe("Half a sent");
    await page.getByRole("button", { name: "Send the answer" }).click();
    await page.getByText(/James Liu was quicker/).waitFor();
  });

  it("writes times in the reader's own zone", async () => {
    const { page } = await open({ timezoneId: "Asia/Tokyo", locale: "en-GB" });
    await page.goto(`${url}/escalations/${id}`);
    const raised = page.locator("time[data-shows=clock]").last();
    const expected = new Intl.DateTimeFormat("en-GB", {
      timeZone: "Asia/Tokyo",
      hour: "2-digit",
      minute: "2-digit",
    }).format(Date.parse((await raised.getAttribute("datetime")) ?? ""));
    expect(await raised.textContent()).toContain(expected);
  });

  it("is used with the keyboard alone", async () => {
    const { page } = await open();
    await page.goto(`${url}/escalations/${id}`);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to content");
    await page.keyboard.press("Enter");
    for (let steps = 0; steps < 8; steps++) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate("document.activeElement.textContent")) === "Approve") break;
    }
    await page.keyboard.press("Enter");
    await page.getByText("You approved this.").waitFor();
    expect((await house.store.escalations.find(id))?.decision?.by.id).toBe(SARAH.id);
  });
});

/** What axe finds wrong, as sentences. */
async function faultsFound(page: Page): Promise<readonly string[]> {
  // Evaluated, not injected: the page's policy lets no other script in, and is meant to.
  await page.evaluate(AXE);
  return page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => [id, help, target, failureSummary].join(" | "))))`);
}
