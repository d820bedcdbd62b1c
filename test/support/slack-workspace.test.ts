/** The workspace's Web API takes, refuses and slows down calls as Slack's does, seen through Slack's own client. */
import { ErrorCode, WebClient } from "@slack/web-api";
import { afterEach, describe, expect, it } from "vitest";
import { LIMITS, type MovableClock, movableClock, type SlackWorkspace } from "./slack-workspace/index.ts";
import {
  AGENTS,
  card,
  clientOf,
  refused,
  SARAH,
  section,
  silentLogger,
  startSample,
} from "./slack-workspace/sample.ts";

let workspace: SlackWorkspace;
let clock: MovableClock;
let client: WebClient;

/** A workspace whose clock the test moves, and a client for it. */
async function start(options: Parameters<typeof startSample>[0] = {}) {
  clock = movableClock();
  workspace = await startSample({ clock, ...options });
  client = clientOf(workspace);
}
afterEach(() => workspace.close());

describe("posting", () => {
  it("opens the direct messages of a user and answers with their id", async () => {
    await start();
    const posted = await client.chat.postMessage({ channel: SARAH, text: "hello" });
    expect(posted.channel).toBe(workspace.dmId(SARAH));
    expect(posted.channel).toMatch(/^D/);
  });

  it("updates by the conversation's id only, and keeps every version", async () => {
    await start();
    const { ts = "", channel = "" } = await client.chat.postMessage({
      channel: SARAH,
      text: "open",
      blocks: card(),
    });
    expect(await refused(client.chat.update({ channel: SARAH, ts, text: "x" }))).toMatchObject({
      error: "channel_not_found",
    });
    await client.chat.update({ channel, ts, text: "decided", blocks: [section("decided")] });
    expect(workspace.dm(SARAH)).toMatchObject([
      { text: "decided", history: [{ text: "open" }], editedTs: undefined },
    ]);
  });

  it("drops the blocks when an update brings text alone, and marks it as edited", async () => {
    await start();
    const { ts = "", channel = "" } = await client.chat.postMessage({
      channel: SARAH,
      text: "open",
      blocks: card(),
    });
    await client.chat.update({ channel, ts, text: "plain" });
    expect(workspace.dm(SARAH)[0]).toMatchObject({ blocks: [], editedTs: expect.any(String) });
  });

  it("cuts text beyond 40,000 characters", async () => {
    await start();
    const posted = await client.chat.postMessage({ channel: AGENTS, text: "x".repeat(40_001) });
    expect(workspace.channel(AGENTS)[0]?.text).toHaveLength(LIMITS.messageText);
    expect(posted.response_metadata?.warnings).toEqual(["message_truncated"]);
  });

  it.each([
    ["a channel nobody knows", { channel: "C0NOWHERE" }, "channel_not_found"],
    ["a channel without the bot", { channel: "C0ELSEWHERE" }, "not_in_channel"],
    ["a private channel without the bot", { channel: "C0SECRET" }, "channel_not_found"],
    ["nothing to say", { text: "" }, "no_text"],
    ["a thread that is not there", { thread_ts: "1.000001" }, "thread_not_found"],
    ["metadata without payload", { metadata: { event_type: "card" } }, "invalid_metadata_schema"],
    [
      "metadata nested too deep",
      { metadata: { event_type: "card", event_payload: { a: { b: { c: 1 } } } } },
      "invalid_metadata_schema",
    ],
  ])("refuses %s", async (_, args, error) => {
    await start();
    expect(
      await refused(client.apiCall("chat.postMessage", { channel: AGENTS, text: "hi", ...args })),
    ).toMatchObject({ error });
    expect(workspace.channel(AGENTS)).toEqual([]);
  });

  it("refuses callers by what their token is", async () => {
    await start();
    const options = { slackApiUrl: workspace.apiUrl, logger: silentLogger };
    expect(await refused(new WebClient(undefined, options).auth.test())).toMatchObject({
      error: "not_authed",
    });
    expect(await refused(new WebClient("xoxb-other", options).auth.test())).toMatchObject({
      error: "invalid_auth",
    });
    expect(await refused(client.apps.connections.open({}))).toMatchObject({
      error: "not_allowed_token_type",
    });
    expect(await refused(client.apiCall("chat.shout"))).toMatchObject({ error: "unknown_method" });
  });

  it("asks for the scopes of the manifest", async () => {
    await start({ manifest: { oauth_config: { scopes: { bot: ["chat:write"] } } } });
    await client.chat.postMessage({ channel: AGENTS, text: "hi" });
    const answer = await refused(client.users.lookupByEmail({ email: "sarah@example.com" }));
    expect(answer).toMatchObject({ error: "missing_scope", needed: "users:read.email" });
  });

  it("finds people by address, and says so in Slack's plural when there are none", async () => {
    await start();
    expect((await client.users.lookupByEmail({ email: "Sarah@example.com" })).user?.id).toBe(SARAH);
    expect(await refused(client.users.lookupByEmail({ email: "gone@example.com" }))).toMatchObject({
      error: "users_not_found",
    });
    expect(await refused(client.users.info({ user: "U0NOBODY" }))).toMatchObject({ error: "user_not_found" });
  });
});

describe("reading back", () => {
  it("finds a card by its metadata, only when asked to, and keeps it over updates that leave it out", async () => {
    await start();
    const metadata = { event_type: "hitl_card", event_payload: { k: "01J", rev: 1 } };
    const { ts = "", channel = "" } = await client.chat.postMessage({ channel: SARAH, text: "a", metadata });
    await client.chat.update({ channel, ts, text: "b" });
    const oldest = String(clock.now() / 1_000 - 60);
    const read = async (include_all_metadata: boolean) =>
      (await client.conversations.history({ channel, oldest, include_all_metadata, limit: 15 }))
        .messages?.[0];
    expect((await read(true))?.metadata).toEqual(metadata);
    expect(await read(false)).not.toHaveProperty("metadata");
    await client.apiCall("chat.update", { channel, ts, text: "c", metadata: {} });
    expect(await read(true)).not.toHaveProperty("metadata");
  });

  it("pages through history from the newest, without replies, and through threads from the oldest", async () => {
    await start({ enforceRates: false });
    const stamps: string[] = [];
    for (const text of ["one", "two", "three"]) {
      const { ts = "" } = await client.chat.postMessage({ channel: AGENTS, text });
      stamps.push(ts);
      clock.advance(1_000);
    }
    const [thread_ts = ""] = stamps;
    await client.chat.postMessage({ channel: AGENTS, text: "reply", thread_ts });
    const first = await client.conversations.history({ channel: AGENTS, limit: 2 });
    expect(first.messages?.map(({ text }) => text)).toEqual(["three", "two"]);
    const cursor = first.response_metadata?.next_cursor;
    const second = await client.conversations.history({
      channel: AGENTS,
      limit: 2,
      ...(cursor === undefined ? {} : { cursor }),
    });
    expect(second).toMatchObject({ has_more: false, messages: [{ text: "one", reply_count: 1 }] });
    const after = await client.conversations.history({ channel: AGENTS, oldest: stamps[1] ?? "" });
    expect(after.messages?.map(({ text }) => text)).toEqual(["three"]);
    const replies = await client.conversations.replies({ channel: AGENTS, ts: thread_ts });
    expect(replies.messages?.map(({ text }) => text)).toEqual(["one", "reply"]);
  });

  it("touches only the bot's own messages", async () => {
    await start();
    await workspace.say(SARAH, "hands off", AGENTS);
    const ts = workspace.channel(AGENTS)[0]?.ts ?? "";
    expect(await refused(client.chat.update({ channel: AGENTS, ts, text: "x" }))).toMatchObject({
      error: "cant_update_message",
    });
    expect(await refused(client.chat.update({ channel: AGENTS, ts: "1.000001", text: "x" }))).toMatchObject({
      error: "message_not_found",
    });
  });
});

describe("rates and faults", () => {
  it("takes one message per second and channel, and tells the client how long to wait", async () => {
    await start();
    await client.chat.postMessage({ channel: AGENTS, text: "one" });
    const answer = await refused(client.chat.postMessage({ channel: AGENTS, text: "two" }));
    expect(answer).toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 1 });
    await client.chat.postMessage({ channel: SARAH, text: "elsewhere" });
    expect(
      await refused(client.chat.postMessage({ channel: workspace.dmId(SARAH), text: "same place" })),
    ).toMatchObject({ retryAfter: 1 });
    clock.advance(1_000);
    await client.chat.postMessage({ channel: AGENTS, text: "two" });
    expect(workspace.channel(AGENTS).map(({ text }) => text)).toEqual(["one", "two"]);
    expect(workspace.violations()).toMatchObject([
      { method: "chat.postMessage", channel: AGENTS },
      { channel: workspace.dmId(SARAH) },
    ]);
  });

  it("allows a burst where it was told to", async () => {
    await start({ postBurst: 3 });
    for (const text of ["one", "two", "three"]) await client.chat.postMessage({ channel: AGENTS, text });
    expect(await refused(client.chat.postMessage({ channel: AGENTS, text: "four" }))).toMatchObject({
      retryAfter: 1,
    });
  });

  it("gives history one call a minute and fifteen messages to apps outside the Marketplace", async () => {
    await start({ historyAccess: "restricted", enforceRates: true });
    for (let count = 0; count < 16; count += 1) {
      await client.chat.postMessage({ channel: AGENTS, text: `${count}` });
      clock.advance(1_000);
    }
    expect((await client.conversations.history({ channel: AGENTS, limit: 100 })).messages).toHaveLength(15);
    expect(await refused(client.conversations.history({ channel: AGENTS }))).toMatchObject({
      retryAfter: 60,
    });
  });

  it("does the work and loses the reply, so that a client which retries posts twice", async () => {
    await start({ enforceRates: false });
    workspace.fault({ method: "chat.postMessage", kind: "reply-lost" });
    expect(await refused(client.chat.postMessage({ channel: AGENTS, text: "once" }))).toMatchObject({
      code: ErrorCode.RequestError,
    });
    expect(workspace.channel(AGENTS)).toHaveLength(1);
    const eager = new WebClient(workspace.botToken, {
      slackApiUrl: workspace.apiUrl,
      logger: silentLogger,
      retryConfig: { retries: 1, minTimeout: 1 },
    });
    workspace.fault({ method: "chat.postMessage", kind: "reply-lost" });
    await eager.chat.postMessage({ channel: AGENTS, text: "twice" });
    expect(workspace.channel(AGENTS).filter(({ text }) => text === "twice")).toHaveLength(2);
    expect(workspace.calls("chat.postMessage").map(({ status }) => status)).toEqual([
      undefined,
      undefined,
      200,
    ]);
  });

  it("fails as it was asked to, as often as it was asked to, where it was asked to", async () => {
    await start({ enforceRates: false });
    const call = () => client.chat.postMessage({ channel: AGENTS, text: "x" });
    workspace.fault({ method: "chat.postMessage", channel: "C0OTHER", kind: "http-500" });
    workspace.fault({
      method: "chat.postMessage",
      channel: AGENTS,
      kind: "http-503",
      times: 2,
      performed: true,
    });
    workspace.fault({ method: "chat.postMessage", kind: "ratelimited", retryAfter: 7 });
    workspace.fault({ method: "chat.postMessage", kind: "error", word: "fatal_error" });
    expect(await refused(call())).toMatchObject({ statusCode: 503 });
    expect(await refused(call())).toMatchObject({ statusCode: 503 });
    expect(await refused(call())).toMatchObject({ retryAfter: 7 });
    expect(await refused(call())).toMatchObject({ error: "fatal_error" });
    expect((await call()).ok).toBe(true);
    expect(workspace.channel(AGENTS)).toHaveLength(3);
  });
});
