/** Socket Mode carries the same acts to a real Bolt app without any public address. */
import { App, SocketModeReceiver } from "@slack/bolt";
import { afterEach, describe, expect, it } from "vitest";
import { type MovableClock, movableClock, type SlackWorkspace } from "./index.ts";
import { card, clientOf, reasonModal, SARAH, section, silentLogger, startSample } from "./sample.ts";

let workspace: SlackWorkspace;
let clock: MovableClock;
const apps: App[] = [];
const sockets: WebSocket[] = [];

async function start() {
  clock = movableClock();
  workspace = await startSample({ clock, enforceRates: false });
}

async function connect() {
  const receiver = new SocketModeReceiver({
    appToken: workspace.appToken,
    clientPingTimeout: 100,
    logger: silentLogger,
    installerOptions: { clientOptions: { slackApiUrl: workspace.apiUrl } },
  });
  const app = new App({
    token: workspace.botToken,
    receiver,
    clientOptions: { slackApiUrl: workspace.apiUrl },
    logger: silentLogger,
  });
  apps.push(app);
  await app.start();
  return app;
}

/** A bare connection that keeps what it is sent. */
async function rawConnection() {
  const response = await fetch(`${workspace.apiUrl}apps.connections.open`, {
    method: "POST",
    headers: { authorization: `Bearer ${workspace.appToken}` },
  });
  const { url } = (await response.json()) as { url: string };
  const socket = new WebSocket(url);
  sockets.push(socket);
  const received: { type: string; envelope_id?: string; reason?: string }[] = [];
  socket.addEventListener("message", ({ data }) => received.push(JSON.parse(String(data))));
  await expect.poll(() => received.length).toBeGreaterThan(0);
  return { socket, received, url };
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  for (const app of apps.splice(0)) await app.stop();
  await workspace.close();
});

describe("Socket Mode", () => {
  it("carries a click there and its acknowledgement back", async () => {
    await start();
    const app = await connect();
    app.action("approve", async ({ ack, body, client }) => {
      await client.chat.update({
        channel: body.channel?.id ?? "",
        ts: "container" in body ? String(body.container.message_ts) : "",
        text: "Approved",
        blocks: [section("Approved")],
      });
      await ack();
    });
    const { channel = "", ts = "" } = await clientOf(workspace).chat.postMessage({
      channel: SARAH,
      text: "card",
      blocks: card(),
    });
    expect(await workspace.press(SARAH, { channel, ts }, "Approve")).toMatchObject({
      via: "socket",
      outcome: "acknowledged",
      body: undefined,
    });
    expect(workspace.dm(SARAH)[0]?.text).toBe("Approved");
  });

  it("carries answers in the acknowledgement: a command's words, a form's errors", async () => {
    await start();
    const app = await connect();
    app.command("/agent", async ({ ack }) => ack({ response_type: "ephemeral", text: "Two agents run." }));
    app.shortcut("flag", async ({ ack, body, client }) => {
      await client.views.open({ trigger_id: body.trigger_id, view: reasonModal() });
      await ack();
    });
    app.view("reject", async ({ ack }) => ack({ response_action: "errors", errors: { reason: "Say why." } }));
    await workspace.slash(SARAH, "/agent", "list");
    expect(workspace.ephemerals(SARAH)).toMatchObject([{ text: "Two agents run." }]);
    await workspace.shortcut(SARAH, "flag");
    const [view] = workspace.views(SARAH);
    expect(await workspace.submitView(SARAH, view?.id ?? "", { reason: "so there" })).toMatchObject({
      errors: { reason: "Say why." },
    });
  });

  it("lets an app come back on a fresh connection when it is asked to", async () => {
    await start();
    const app = await connect();
    app.command("/agent", async ({ ack }) => ack("here"));
    workspace.sockets.refresh();
    await expect.poll(() => workspace.calls("apps.connections.open").length, { timeout: 5_000 }).toBe(2);
    await expect.poll(() => workspace.sockets.count(), { timeout: 5_000 }).toBe(1);
    expect(await workspace.slash(SARAH, "/agent", "list")).toMatchObject({ outcome: "acknowledged" });
  });

  it("holds sockets to the same three seconds", async () => {
    await start();
    const { received } = await rawConnection();
    const typed = workspace.slash(SARAH, "/agent", "list");
    await expect.poll(() => received.map(({ type }) => type)).toEqual(["hello", "slash_commands"]);
    clock.advance(3_000);
    expect(await typed).toMatchObject({ via: "socket", outcome: "timed-out" });
    expect(workspace.seen(SARAH)).toMatchObject([{ problem: "operation_timeout" }]);
  });

  it("sends each envelope to one connection, opens ten, and takes a ticket once", async () => {
    await start();
    const connections = [];
    for (let count = 0; count < 10; count += 1) connections.push(await rawConnection());
    for (const { socket, received } of connections)
      socket.addEventListener("message", () =>
        socket.send(JSON.stringify({ envelope_id: received.at(-1)?.envelope_id })),
      );
    await Promise.all(Array.from({ length: 20 }, () => workspace.slash(SARAH, "/agent", "list")));
    expect(connections.map(({ received }) => received.length)).toEqual(Array(10).fill(3));
    const eleventh = await rawConnection();
    expect(eleventh.received).toMatchObject([{ type: "disconnect", reason: "too_many_websockets" }]);
    const reused = new WebSocket(connections[0]?.url ?? "");
    await new Promise((resolve) => reused.addEventListener("error", resolve));
    expect(workspace.sockets.count()).toBe(10);
  });
});
