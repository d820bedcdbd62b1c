/** Digests as a person sees them: in the light and in the dark, wide and on a phone; what was looked at stays in test/output. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import type { DigestId } from "../../src/domain/ids.ts";
import type { DigestKind } from "../../src/domain/review/digest.ts";
import { type Running, start } from "../../src/main.ts";
import { digestOf } from "../support/gallery/gallery-digests.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
];
const OUTPUT = new URL("../output/digests/", import.meta.url);
const SETTINGS = readFileSync(new URL("../../examples/holdpoint.yaml", import.meta.url), "utf8");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

const missing = !existsSync(CHROMIUM);
if (missing) console.warn(`The browser tests of digests are skipped: there is no ${CHROMIUM}.`);

/** The worst of each where it is worst: an audit of every text takes long. */
const NAMES: Readonly<Record<DigestKind, readonly string[]>> = {
  daily: ["one agent", "several agents"],
  weekly: ["one agent", "several agents", "thirty agents"],
  monthly: ["one agent"],
  quarterly: ["one agent", "text: markdown"],
};

let browser: Browser;
let app: Running;
const ids = new Map<string, DigestId>();

beforeAll(async () => {
  if (missing) return;
  mkdirSync(OUTPUT, { recursive: true });
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const env = {
    ...{ PORT: "0", DATABASE_URL: "sqlite::memory:", HOLDPOINT_CONFIG: "holdpoint.yaml" },
    HOLDPOINT_SECRET: randomBytes(32).toString("base64"),
  };
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  app = await start(
    readConfig(env, () => SETTINGS),
    undefined,
    quiet,
  );
  const kinds = ["daily", "weekly", "monthly", "quarterly"] as const;
  for (const [at, kind] of kinds.entries())
    for (const [place, name] of NAMES[kind].entries())
      await keep(kind, name, `digest_01K8ZQ4T9V6E3M2N7P5R8S1W${at}${place}` as DigestId);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
});

async function keep(kind: DigestKind, name: string, id: DigestId): Promise<void> {
  const digest = { ...digestOf(Date.now(), kind, name), id, schedule: `${kind}:${name}` };
  expect(await app.parts.store.save({ digest, audit: [] })).toBe("saved");
  ids.set(`${kind}: ${name}`, id);
}

async function open(colorScheme: "light" | "dark", viewport: typeof WIDE): Promise<Page> {
  const page = await (await browser.newContext({ viewport, colorScheme })).newPage();
  await page.goto(app.url + (await app.parts.signIn.linkFor(null)));
  await page.getByLabel("Sarah Chen").check();
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("You are signed in as Sarah Chen.").waitFor();
  return page;
}

describe.skipIf(missing)("digests in a browser", () => {
  it.each([
    ["light", "wide", WIDE],
    ["dark", "wide", WIDE],
    ["light", "phone", PHONE],
    ["dark", "phone", PHONE],
  ] as const)(
    "can be read by everybody and fit: %s, %s",
    async (scheme, width, viewport) => {
      const page = await open(scheme, viewport);
      for (const [name, id] of [["list", ""] as const, ...ids]) {
        await page.goto(`${app.url}/digests${id && `/${id}`}`);
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
        expect(await faultsFound(page), name).toEqual([]);
        const file = name.replaceAll(/[^a-z]+/g, "-");
        await page.screenshot({
          path: new URL(`${file}-${scheme}-${width}.png`, OUTPUT).pathname,
          fullPage: true,
        });
      }
    },
    90_000,
  );

  it("are found from every page, and lead to the agent", async () => {
    const page = await open("light", WIDE);
    await page.getByRole("link", { name: "Digests" }).click();
    await page.locator(`a[href="/digests/${ids.get("weekly: one agent")}"]`).click();
    await page.getByRole("heading", { name: "Trial nurture", level: 2 }).waitFor();
    await page.getByRole("link", { name: "Trial nurture" }).click();
    await page.getByRole("heading", { name: "Inspections" }).waitFor();
  });

  it("are drawn without scripts, and every chart can be read out", async () => {
    const context = await browser.newContext({ viewport: WIDE, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(app.url + (await app.parts.signIn.linkFor(null)));
    await page.getByLabel("Sarah Chen").check();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.goto(`${app.url}/digests/${ids.get("weekly: one agent")}`);
    const numbers = page.getByRole("table", { name: "Requests by reason" });
    await expect.poll(() => numbers.count()).toBe(1);
    expect(await numbers.innerText()).toMatch(/Low confidence\s+9\s+6/);
    const [bar] = await page.locator(".chart rect.series-0[height='14']").all();
    expect((await bar?.boundingBox())?.width).toBeGreaterThan(100);
  });
});

/** What axe finds wrong, as sentences. */
async function faultsFound(page: Page): Promise<readonly string[]> {
  // Evaluated, not injected: the page's policy lets no other script in, and is meant to.
  await page.evaluate(AXE);
  return page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => [id, help, target, failureSummary].join(" | "))))`);
}
