/** Commands, shortcuts, messages and events reach a real Bolt app, and its answers reach people. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "@slack/bolt";
import { afterEach, describe, expect, it } from "vitest";
import { type MovableClock, movableClock, type SlackWorkspace, wordsOn } from "./index.ts";
import { AGENTS, JAMES, postCard, SARAH, section, startApp, startSample } from "./sample.ts";

let workspace: SlackWorkspace;
let clock: MovableClock;
let app: App;

async function start(options: Parameters<typeof startSample>[0] = {}) {
  clock = movableClock();
  workspace = await startSample({ clock, enforceRates: false, ...options });
  app = await startApp(workspace);
}
afterEach(async () => {
  await app.stop();
  await workspace.close();
});

const cardForSarah = () => postCard(workspace, SARAH);

describe("words", () => {
  it("turns names in a command into references and shows the answer to the one who typed", async () => {
    await start();
    app.command("/agent", async ({ ack, command }) => ack(`You said ${command.text}`));
    await workspace.slash(SARAH, "/agent", "out until 2026-12-01 deputy @james & co", AGENTS);
    expect(workspace.ephemerals(SARAH).map(({ text }) => text)).toEqual([
      `You said out until 2026-12-01 deputy <@${JAMES}|james> &amp; co`,
    ]);
    expect(workspace.channel(AGENTS)).toEqual([]);
  });

  it("takes five posts to a response URL, and none after half an hour", async () => {
    await start();
    const urls: string[] = [];
    app.command("/agent", async ({ ack, command }) => {
      urls.push(command.response_url);
      await ack();
    });
    await workspace.slash(SARAH, "/agent", "list", AGENTS);
    await workspace.slash(SARAH, "/agent", "list", AGENTS);
    const send = async (url = "", body: object = { text: "hi" }) =>
      (await fetch(url, { method: "POST", body: JSON.stringify(body) })).json().catch(() => "ok");
    expect(await send(urls[0], { text: "all", response_type: "in_channel" })).toBe("ok");
    for (let count = 0; count < 4; count += 1) expect(await send(urls[0])).toBe("ok");
    expect(await send(urls[0])).toMatchObject({ error: "used_url" });
    clock.advance(30 * 60_000 + 1);
    expect(await send(urls[1])).toMatchObject({ error: "expired_url" });
    expect(workspace.channel(AGENTS).map(({ text }) => text)).toEqual(["all"]);
    expect(workspace.ephemerals(SARAH)).toHaveLength(4);
  });

  it("replaces and deletes the message a click came from", async () => {
    await start();
    app.action("approve", async ({ ack, respond }) => {
      await ack();
      await respond({ replace_original: true, text: "Approved" });
    });
    app.action("reject", async ({ ack, respond }) => {
      await ack();
      await respond({ delete_original: true });
    });
    await workspace.press(SARAH, await cardForSarah(), "approve");
    await workspace.until(() => workspace.dm(SARAH)[0]?.text === "Approved", "the card to be replaced");
    await workspace.press(SARAH, await cardForSarah(), "reject");
    await workspace.until(() => workspace.dm(SARAH).length === 1, "the second card to go");
  });

  it("brings shortcuts, mentions, direct messages and the opened home to the app", async () => {
    await start();
    const heard: string[] = [];
    app.shortcut({ callback_id: "flag", type: "shortcut" }, async ({ ack }) => {
      heard.push("global");
      await ack();
    });
    app.shortcut({ callback_id: "flag_message", type: "message_action" }, async ({ ack, shortcut }) => {
      heard.push(`on ${shortcut.message.text}`);
      await ack();
    });
    app.event("app_mention", async ({ event }) => void heard.push(event.text));
    app.message("hello", async ({ message }) => void heard.push(message.channel_type ?? ""));
    app.event("app_home_opened", async ({ event, client }) => {
      await client.views.publish({
        user_id: event.user,
        view: { type: "home", blocks: [section("Your agents")] },
      });
    });
    await workspace.shortcut(SARAH, "flag");
    await workspace.messageShortcut(SARAH, "flag_message", await cardForSarah());
    await workspace.mention(SARAH, AGENTS, "who is on call?");
    await workspace.dmBot(SARAH, "hello");
    await workspace.openHome(SARAH);
    await workspace.until(() => workspace.home(SARAH), "the home tab");
    expect(wordsOn((workspace.home(SARAH)?.content.blocks ?? []) as never)).toBe("Your agents");
    await workspace.until(() => heard.length === 4, "all four");
    expect(heard).toEqual([
      "global",
      "on A decision is needed",
      `<@${workspace.botUserId}> who is on call?`,
      "im",
    ]);
  });

  it("sends only the events the manifest subscribes to", async () => {
    await start({ manifest: { settings: { event_subscriptions: { bot_events: ["app_mention"] } } } });
    expect(await workspace.dmBot(SARAH, "hello")).toBeUndefined();
    expect(await workspace.mention(SARAH, AGENTS, "hello")).toMatchObject({ outcome: "acknowledged" });
  });

  it("sends an event again at once, after one minute and after five", async () => {
    await start({ retryEvents: true });
    const tries: unknown[] = [];
    const broken = createServer((request, response) => {
      tries.push(request.headers["x-slack-retry-num"] ?? "first");
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => broken.listen(0, "127.0.0.1", resolve));
    workspace.setEventsUrl(`http://127.0.0.1:${(broken.address() as AddressInfo).port}/`);
    await workspace.dmBot(SARAH, "hello");
    for (const wait of [0, 60_000, 300_000, 3_600_000]) {
      const answered = workspace.deliveries().length;
      clock.advance(wait);
      if (wait <= 300_000)
        await workspace.until(() => workspace.deliveries().length > answered, "the next try");
      // The workspace plans the next try after the answer to this one.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(tries).toEqual(["first", "1", "2", "3"]);
    broken.close();
  });

  it("answers the question before an events URL is accepted", async () => {
    await start();
    expect(await workspace.verifyUrl()).toMatchObject({
      outcome: "acknowledged",
      body: { challenge: expect.any(String) },
    });
  });
});
