/** A person in a browser uses the page: reads a card, presses, fills in a form, types a command. */
import type { App } from "@slack/bolt";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { SlackWorkspace } from "./index.ts";
import {
  AGENTS,
  button,
  clientOf,
  plainText,
  postCard,
  reasonModal,
  SARAH,
  section,
  startApp,
  startSample,
} from "./sample.ts";

let browser: Browser;
let workspace: SlackWorkspace;
let app: App;
let page: Page;
/** What the browser complained about. */
let faults: string[];

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.close();
  await app.stop();
  await workspace.close();
});

async function open(): Promise<void> {
  faults = [];
  workspace = await startSample({
    enforceRates: false,
    manifest: {
      display_information: { name: "Holdpoint" },
      features: {
        slash_commands: [{ command: "/agent", should_escape: true }],
        shortcuts: [
          { type: "global", name: "Something feels off", callback_id: "flag" },
          { type: "message", name: "Something feels off", callback_id: "flag_message" },
        ],
      },
      oauth_config: { scopes: { bot: ["chat:write", "im:write"] } },
      settings: { event_subscriptions: { bot_events: ["app_home_opened"] } },
    },
  });
  app = await startApp(workspace);
  page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(`${workspace.url}?user=${SARAH}`);
}

it("lets a person reject a card: the form complains, then closes, and the card changes under their eyes", async () => {
  await open();
  const place = await postCard(workspace, SARAH);
  app.action("reject", async ({ ack, body, client }) => {
    await client.views.open({
      trigger_id: "trigger_id" in body ? (body.trigger_id ?? "") : "",
      view: reasonModal(),
    });
    await ack();
  });
  app.view("reject", async ({ ack, view, client }) => {
    await ack();
    const reason = view.state.values.reason?.text?.value;
    await client.chat.update({ ...place, text: "Rejected", blocks: [section(`Rejected: ${reason}`)] });
  });
  await page.getByRole("button", { name: "Reject", exact: true }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("button", { name: "Reject" }).click();
  await form.getByText("Please complete this required field.").waitFor();
  await form.getByLabel("Reason").fill("too <pushy> & dear");
  await form.getByRole("button", { name: "Reject" }).click();
  await page.getByText("Rejected: too").waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
  expect(faults).toEqual([]);
});

it("asks before a button that wants to be confirmed, and shows what only this person sees", async () => {
  await open();
  const confirm = {
    title: plainText("Pause it?"),
    text: plainText("It stops at once."),
    confirm: plainText("Pause"),
    deny: plainText("Leave it"),
  };
  await clientOf(workspace).chat.postMessage({
    channel: SARAH,
    text: "card",
    blocks: [{ type: "actions", elements: [button("Pause agent", "pause", { confirm })] }] as never,
  });
  let presses = 0;
  app.action("pause", async ({ ack, respond }) => {
    presses += 1;
    await ack();
    await respond({ response_type: "ephemeral", replace_original: false, text: "Paused." });
  });
  await page.getByRole("button", { name: "Pause agent" }).click();
  await page.getByRole("button", { name: "Leave it" }).click();
  await page.getByRole("button", { name: "Pause agent" }).click();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByText("Only visible to you").waitFor();
  expect(presses).toBe(1);
});

it("takes commands, shortcuts and the home tab, and says when the app failed", async () => {
  await open();
  app.command("/agent", async ({ ack, command }) => ack(`Understood: ${command.text}`));
  app.event("app_home_opened", async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: "home", blocks: [section("Your agents")] },
    });
  });
  await page.getByLabel("Message", { exact: true }).fill("/agent pause trial-nurture");
  await page.keyboard.press("Enter");
  await page.getByText("Understood: pause trial-nurture").waitFor();
  await page.getByRole("button", { name: "Conversations" }).click();
  await page.getByRole("button", { name: "App Home" }).click();
  await page.getByText("Your agents").waitFor();
  workspace.setEventsUrl("http://127.0.0.1:9/");
  await page.getByRole("button", { name: "Shortcuts" }).click();
  await page.getByRole("menuitem", { name: "Something feels off" }).click();
  await page.getByText("dispatch_failed").waitFor();
});

it("marks channels with something new, and shows agent text as text", async () => {
  await open();
  await page.getByRole("button", { name: "Conversations" }).click();
  await clientOf(workspace).chat.postMessage({
    channel: AGENTS,
    text: "digest",
    blocks: [
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [{ type: "text", text: "<img src=x onerror=alert(1)> *not bold* <!channel>" }],
          },
        ],
      },
    ],
  });
  await page.getByRole("button", { name: /# agents.*unread/ }).click();
  await page.getByText("<img src=x onerror=alert(1)> *not bold* <!channel>", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Conversations" }).click();
  expect(await page.getByRole("button", { name: /unread/ }).count()).toBe(0);
  expect(faults).toEqual([]);
});
