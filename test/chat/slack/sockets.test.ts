/** Socket Mode: the same clicks without a public address, over lines that break. */
import { afterEach, expect, it } from "vitest";
import { askingCard } from "../stage.ts";
import { type FreezingProxy, startFreezingProxy } from "./freezing-proxy.ts";
import { AGENTS, channel, SARAH, type Stage, startStage } from "./slack-stage.ts";

let stage: Stage;
afterEach(() => stage.close());

const connected = (count = 2) =>
  expect.poll(() => stage.workspace.sockets.count(), { timeout: 15_000, interval: 20 }).toBe(count);

async function place() {
  const drawn = await stage.platform.post(channel(AGENTS), askingCard(), "copy_1", null);
  if (drawn.kind !== "shown") throw new Error(JSON.stringify(drawn));
  return { channel: drawn.ref.channel ?? "", ts: drawn.ref.ts ?? "" };
}

it("mounts no route, connects twice, and acknowledges a click once it is stored", async () => {
  stage = await startStage({ socket: true });
  await connected();
  expect(stage.platform.routes).toEqual([]);
  const answer = await stage.workspace.press(SARAH, await place(), "Approve");
  expect(answer).toMatchObject({ via: "socket", outcome: "acknowledged" });
  expect(stage.gestures).toMatchObject([{ kind: "press", token: "token.approve.esc_1.1" }]);
});

it("answers a command over the socket", async () => {
  stage = await startStage({ socket: true });
  await connected();
  stage.answerWith(() => ({ kind: "card", card: askingCard() }));
  const answer = await stage.workspace.slash(SARAH, "/agent", "list", AGENTS);
  expect(answer).toMatchObject({ via: "socket", body: { response_type: "ephemeral" } });
});

it("does not acknowledge what could not be stored", async () => {
  stage = await startStage({ socket: true });
  await connected();
  const where = await place();
  stage.answerWith(() => Promise.reject(new Error("disk full")));
  const pressed = stage.workspace.press(SARAH, where, "Approve");
  await stage.workspace.until(() => stage.workspace.ephemerals(SARAH)[0], "the words");
  stage.clock.advance(3_001);
  expect(await pressed).toMatchObject({ outcome: "timed-out" });
});

/** Waits until both connections were opened anew after `what` happened. */
async function replaced(what: () => void) {
  const opened = () => stage.workspace.calls("apps.connections.open").length;
  const before = opened();
  what();
  await expect.poll(opened, { timeout: 25_000, interval: 50 }).toBeGreaterThanOrEqual(before + 2);
}

it.each([
  ["Slack renews its connections", (): void => stage.workspace.sockets.refresh()],
  ["the lines are cut without a word", (): void => stage.workspace.sockets.cut()],
])("comes back when %s", async (_, what) => {
  stage = await startStage({ socket: true });
  await connected();
  await replaced(what);
  await connected();
  const answer = await stage.workspace.press(SARAH, await place(), "Approve");
  expect(answer).toMatchObject({ via: "socket", outcome: "acknowledged" });
});

it("does not trust a line that stays open and has fallen silent", async () => {
  let proxy: FreezingProxy | undefined;
  try {
    stage = await startStage({
      socket: true,
      through: async (apiUrl) => {
        proxy = await startFreezingProxy(apiUrl);
        return proxy.apiUrl;
      },
    });
    await connected();
    // Real seconds: the library pings every 1.7 and gives a line five to answer.
    await replaced(() => proxy?.freeze());
  } finally {
    await stage.platform.close();
    await proxy?.close();
  }
}, 30_000);

it("alarms when there has been no connection for a minute", async () => {
  stage = await startStage({ socket: true, slack: { appToken: "xapp-1-A00LOOPBACK-1-wrong" } });
  stage.clock.advance(61_000);
  const alarm = () => stage.log.find(({ words }) => words.startsWith("No socket to Slack"));
  await expect.poll(alarm, { timeout: 10_000 }).toMatchObject({ level: "error" });
});
