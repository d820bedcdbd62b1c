/** A press reaches a real Bolt app over signed HTTP, and the app has three seconds. */
import type { AddressInfo } from "node:net";
import { App } from "@slack/bolt";
import { afterEach, describe, expect, it } from "vitest";
import { buttonsOn, type MovableClock, movableClock, type SlackWorkspace, wordsOn } from "./index.ts";
import { postCard, SARAH, section, silentLogger, startApp, startSample } from "./sample.ts";

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

describe("pressing", () => {
  it("brings the click to the app and the app's update to everybody who looks", async () => {
    await start();
    app.action("approve", async ({ ack, body, client }) => {
      await client.chat.update({
        channel: body.channel?.id ?? "",
        ts: "container" in body ? String(body.container.message_ts) : "",
        text: "Approved",
        blocks: [section(`Approved by <@${body.user.id}>`)],
      });
      await ack();
    });
    const place = await cardForSarah();
    expect(buttonsOn(workspace.dm(SARAH)[0]?.blocks ?? []).map(({ text }) => text)).toEqual([
      "Approve",
      "Reject",
    ]);
    const answer = await workspace.press(SARAH, place, "Approve");
    expect(answer).toMatchObject({ via: "http", outcome: "acknowledged", status: 200 });
    expect(wordsOn(workspace.dm(SARAH)[0]?.blocks ?? [])).toBe(`Approved by <@${SARAH}>`);
    await expect(workspace.press(SARAH, place, "Approve")).rejects.toThrow("nothing to press");
    expect(await workspace.press(SARAH, place, "Approve", { stale: true })).toMatchObject({
      outcome: "acknowledged",
    });
  });

  it("carries the fields that Slack was seen to send", async () => {
    await start();
    const bodies: unknown[] = [];
    app.action("approve", async ({ ack, body }) => {
      bodies.push(body);
      await ack();
    });
    const place = await cardForSarah();
    await workspace.press(SARAH, place, "approve");
    expect(bodies).toMatchObject([
      {
        type: "block_actions",
        user: { id: SARAH, username: "sarah", name: "sarah", team_id: workspace.teamId },
        api_app_id: workspace.appId,
        container: { type: "message", message_ts: place.ts, channel_id: place.channel, is_ephemeral: false },
        team: { id: workspace.teamId },
        channel: { id: place.channel, name: "directmessage" },
        message: { type: "message", user: workspace.botUserId, ts: place.ts, blocks: [{}, {}] },
        actions: [
          {
            type: "button",
            action_id: "approve",
            block_id: expect.any(String),
            text: { text: "Approve" },
            action_ts: expect.any(String),
          },
        ],
        response_url: expect.stringContaining("/response/"),
        trigger_id: expect.any(String),
      },
    ]);
  });

  it("is refused by an app that holds another signing secret", async () => {
    await start({ signingSecret: "a".repeat(32) });
    const stranger = new App({
      token: workspace.botToken,
      signingSecret: "b".repeat(32),
      clientOptions: { slackApiUrl: workspace.apiUrl },
      logger: silentLogger,
    });
    const { port } = (await stranger.start(0)).address() as AddressInfo;
    workspace.setEventsUrl(`http://127.0.0.1:${port}/slack/events`);
    expect(await workspace.press(SARAH, await cardForSarah(), "approve")).toMatchObject({
      outcome: "refused",
      status: 401,
    });
    expect(workspace.seen(SARAH)).toMatchObject([{ problem: "http_401" }]);
    await stranger.stop();
  });

  it("tells the person after three seconds that the app was too slow, and ignores what comes later", async () => {
    await start();
    const entered = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    app.command("/agent", async ({ ack }) => {
      entered.resolve();
      await released.promise;
      await ack("too late");
    });
    const typed = workspace.slash(SARAH, "/agent", "list");
    await entered.promise;
    clock.advance(2_999);
    expect(workspace.seen(SARAH)).toEqual([]);
    clock.advance(1);
    expect(await typed).toMatchObject({ outcome: "timed-out" });
    released.resolve();
    expect(workspace.seen(SARAH)).toMatchObject([{ problem: "operation_timeout" }]);
    expect(workspace.ephemerals(SARAH)).toEqual([]);
  });

  it("tells the person when nobody is there", async () => {
    await start();
    const place = await cardForSarah();
    workspace.setEventsUrl(undefined);
    expect(await workspace.press(SARAH, place, "approve")).toMatchObject({ outcome: "unreachable" });
    expect(workspace.seen(SARAH)).toMatchObject([{ problem: "dispatch_failed" }]);
  });
});
