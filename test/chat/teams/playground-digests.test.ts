/** Digests in Microsoft's own renderer: a daily and a weekly one as a person sees them, signed where they stand; kept in test/output. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../../src/config.ts";
import { newCopy } from "../../../src/domain/delivery/copy.ts";
import type { CopyId, DigestId } from "../../../src/domain/ids.ts";
import { due } from "../../../src/domain/job.ts";
import type { DigestKind } from "../../../src/domain/review/digest.ts";
import { type Running, start } from "../../../src/main.ts";
import { digestOf } from "../../support/gallery/gallery-digests.ts";
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
const OUTPUT = new URL("../../output/digests/", import.meta.url);
const SETTINGS = readFileSync(new URL("../../../examples/holdpoint.yaml", import.meta.url), "utf8");

let bridge: Bridge;
let app: Running;
let playground: Playground | undefined;
let browser: Browser | undefined;
let page: Page;

beforeAll(async () => {
  if (!existsSync(CHROMIUM))
    return console.warn(`The Playground's tests of digests are skipped: there is no ${CHROMIUM}.`);
  bridge = await startPlaygroundBridge({
    people: [{ id: SARAH, name: "Sarah Chen" }],
    ...{ appId: APP, tenantId: TENANT, password: "a secret" },
  });
  const env = {
    ...{ PORT: "0", DATABASE_URL: "sqlite::memory:", HOLDPOINT_CONFIG: "holdpoint.yaml" },
    HOLDPOINT_SECRET: randomBytes(32).toString("base64"),
    ...{ MicrosoftAppId: APP, MicrosoftAppPassword: "a secret", MicrosoftAppTenantId: TENANT },
    TEAMS_CONNECTOR_URL: bridge.url,
  };
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  app = await start(
    readConfig(env, () => SETTINGS),
    undefined,
    quiet,
  );
  playground = await startPlayground({ endpoint: bridge.endpoint, settings: bridge.settings(SARAH) });
  if (playground === undefined)
    return console.warn(`The Playground's tests of digests are skipped: npx can't get ${PLAYGROUND}.`);
  bridge.join({ bot: `${app.url}/api/messages`, playgrounds: new Map([[SARAH, playground.url]]) });
  mkdirSync(OUTPUT, { recursive: true });
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  page = await browser.newPage({ viewport: { width: 1280, height: 2_600 } });
  await page.goto(playground.url);
  // Its first activities went out before we were joined to it: whoever writes is known from then on.
  await page.locator("[contenteditable=true],textarea").first().click();
  await page.keyboard.type("list");
  await page.keyboard.press("Enter");
  await page.getByText("Trial nurture").first().waitFor();
}, 90_000);

afterAll(async () => {
  await browser?.close();
  playground?.close();
  await app?.close();
  await bridge?.close();
});

/** Sends a digest as its schedule would: kept, with a copy for Sarah's chat. */
async function send(kind: DigestKind, name: string, number: number): Promise<void> {
  const now = Date.now();
  const id = `digest_01K8ZQ4T9V6E3M2N7P5R8S1W0${number}` as DigestId;
  const digest = { ...digestOf(now, kind, name), id, schedule: `${kind}:${number}` };
  const address = { platform: "teams", kind: "person", id: SARAH } as const;
  const copy = newCopy({
    ...{ id: `copy_${number}` as CopyId, digest: id, part: "digest", address, createdAt: now },
  });
  const saved = await app.parts.store.save({
    ...{ digest, copies: [copy], jobs: [due("draw", copy.id, now)], audit: [] },
  });
  expect(saved).toBe("saved");
}

async function keep(name: string): Promise<void> {
  await page.screenshot({ path: new URL(`${name}.png`, OUTPUT).pathname });
}

describe("digests in the Playground", () => {
  it("a daily one is read in ten seconds", async ({ skip }) => {
    if (browser === undefined) return skip();
    await send("daily", "several agents", 1);
    await page.getByText("2 wait for you, 1 overdue").last().waitFor();
    await page.getByText("Decided").last().waitFor();
    await keep("playground-daily");
  });

  it("a weekly one shows its charts, and its signature once it is signed", async ({ skip }) => {
    if (browser === undefined) return skip();
    await send("weekly", "one agent", 2);
    await page.getByText("18 requests, 6 more than the week before").last().waitFor();
    await page.getByText("Approved unchanged, by confidence").last().waitFor();
    await keep("playground-weekly");
    await page.getByRole("button", { name: "Sign", exact: true }).last().click();
    await page.getByLabel("Note").last().fill("Looked at with James.");
    await keep("playground-weekly-signing");
    await page.getByRole("button", { name: "Sign", exact: true }).last().click();
    await page.getByText("Signed by Sarah Chen").last().waitFor();
    await keep("playground-weekly-signed");
  });

  it("a weekly one about several agents compares them in a table", async ({ skip }) => {
    if (browser === undefined) return skip();
    await send("weekly", "several agents", 3);
    await page.getByText("in brackets those of the week before").last().waitFor();
    await keep("playground-weekly-several");
  });
});
