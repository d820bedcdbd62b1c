/** What Slack answers to a post or an update, and what we make of it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { gallery } from "../../support/gallery/gallery.ts";
import { buttonsOn, wordsOn } from "../../support/slack-workspace/index.ts";
import { askingCard } from "../stage.ts";
import { AGENTS, channel, person, SALES, SARAH, type Stage, startStage } from "./slack-stage.ts";

let stage: Stage;
afterEach(() => stage.close());

const post = (to = person(SARAH), mark = "copy_1") => stage.platform.post(to, askingCard(), mark, null);

/** Posts, and fails the test unless the card stands. */
async function shown(to = person(SARAH), mark = "copy_1") {
  const drawn = await post(to, mark);
  if (drawn.kind !== "shown") throw new Error(JSON.stringify(drawn));
  return drawn.ref;
}

/** An address on loopback where a server stood a moment ago. */
async function nobodyListens(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/`;
}

describe("posting", () => {
  it("opens a person's direct messages once in five minutes", async () => {
    stage = await startStage();
    expect(await post()).toMatchObject({ kind: "shown", ref: { channel: stage.workspace.dmId(SARAH) } });
    stage.clock.advance(2_000);
    await post(person(SARAH), "copy_2");
    expect(stage.workspace.calls("conversations.open")).toHaveLength(1);
    expect(stage.workspace.dm(SARAH)).toHaveLength(2);
  });

  it("notices that a person has left since their direct messages were opened", async () => {
    stage = await startStage();
    await post();
    stage.workspace.putUser({ id: SARAH, name: "Sarah Chen", deleted: true });
    stage.clock.advance(5 * 60_000);
    expect(await post(person(SARAH), "copy_2")).toMatchObject({ kind: "undeliverable" });
  });

  it("asks for the person again when the remembered conversation is gone", async () => {
    stage = await startStage();
    await post();
    stage.clock.advance(2_000);
    stage.workspace.fault({ method: "chat.postMessage", kind: "error", word: "channel_not_found" });
    expect(await post(person(SARAH), "copy_2")).toMatchObject({ kind: "later", paced: false });
    stage.clock.advance(2_000);
    expect(await post(person(SARAH), "copy_2")).toMatchObject({ kind: "shown" });
    expect(stage.workspace.calls("conversations.open")).toHaveLength(2);
  });

  it("carries the mark in its metadata, and tells Slack to parse and unfurl nothing", async () => {
    stage = await startStage();
    await post();
    const [call] = stage.workspace.calls("chat.postMessage");
    expect(call?.args).toMatchObject({
      metadata: { event_type: "holdpoint_card", event_payload: { k: "copy_1" } },
      parse: "none",
      link_names: "false",
      unfurl_links: "false",
      unfurl_media: "false",
    });
  });

  it("puts a reply under its card", async () => {
    stage = await startStage();
    const ref = await shown(channel(AGENTS));
    stage.clock.advance(2_000);
    await stage.platform.post(channel(AGENTS), askingCard(), "copy_2", ref);
    expect(stage.workspace.channel(AGENTS).map(({ threadTs }) => threadTs)).toEqual([undefined, ref.ts]);
  });

  it.each(["http-500", "http-503", "reply-lost"] as const)(
    "does not know what became of a post that ends in %s, and sends it once",
    async (kind) => {
      stage = await startStage();
      stage.workspace.fault({ method: "chat.postMessage", kind });
      expect(await post()).toMatchObject({ kind: "uncertain" });
      expect(stage.workspace.calls("chat.postMessage")).toHaveLength(1);
    },
  );

  it.each(["internal_error", "fatal_error", "service_unavailable"])(
    "does not know what became of %s",
    async (word) => {
      stage = await startStage();
      stage.workspace.fault({ method: "chat.postMessage", kind: "error", word });
      expect(await post()).toMatchObject({ kind: "uncertain" });
    },
  );

  it("knows that nothing was sent when Slack can't be reached", async () => {
    stage = await startStage({ slack: { apiUrl: await nobodyListens() } });
    expect(await post(channel(AGENTS))).toMatchObject({
      kind: "later",
      paced: false,
      why: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it.each(["token_revoked", "account_inactive", "invalid_auth", "not_in_channel", "is_archived"])(
    "tells the operator what to do about %s",
    async (word) => {
      stage = await startStage();
      stage.workspace.fault({ method: "chat.postMessage", kind: "error", word });
      const drawn = await post(channel(AGENTS));
      expect(drawn).toMatchObject({
        kind: "undeliverable",
        why: expect.stringMatching(new RegExp(`[a-z]{3}.* \\(${word}\\)$`)),
      });
    },
  );

  it("can't reach somebody deactivated, or a channel it is not in", async () => {
    stage = await startStage();
    expect(await post(person("U0GONE"))).toMatchObject({
      kind: "undeliverable",
      why: expect.stringContaining("deactivated"),
    });
    expect(await post(channel("C0ELSEWHERE"))).toMatchObject({
      kind: "undeliverable",
      why: expect.stringContaining("/invite"),
    });
  });

  it("waits as long as Slack asks, there and nowhere else", async () => {
    stage = await startStage();
    stage.workspace.fault({
      method: "chat.postMessage",
      channel: SALES,
      kind: "ratelimited",
      retryAfter: 30,
    });
    expect(await post(channel(SALES), "digest")).toEqual(
      expect.objectContaining({ kind: "later", after: 30_000, paced: true }),
    );
    expect(await post(channel(AGENTS), "card")).toMatchObject({ kind: "shown" });
    stage.clock.advance(29_000);
    expect(await post(channel(SALES), "digest")).toMatchObject({ kind: "later", after: 1_000 });
    expect(stage.workspace.calls("chat.postMessage")).toHaveLength(2);
    stage.clock.advance(1_000);
    expect(await post(channel(SALES), "digest")).toMatchObject({ kind: "shown" });
  });

  it("posts one message per second to a channel without asking Slack whether it may", async () => {
    stage = await startStage();
    expect(await post(channel(AGENTS), "a")).toMatchObject({ kind: "shown" });
    const paced = await post(channel(AGENTS), "b");
    expect(paced).toMatchObject({ kind: "later", paced: true, after: expect.any(Number) });
    expect(stage.workspace.calls("chat.postMessage")).toHaveLength(1);
    stage.clock.advance(paced.kind === "later" ? paced.after : 0);
    expect(await post(channel(AGENTS), "b")).toMatchObject({ kind: "shown" });
    expect(stage.workspace.violations()).toEqual([]);
  });
});

describe("a card that Slack refuses", () => {
  it.each(["invalid_blocks", "msg_too_long", "msg_blocks_too_long"])(
    "is shown at once in its shortest form after %s",
    async (word) => {
      stage = await startStage({ workspace: { postBurst: 2 } });
      stage.workspace.fault({ method: "chat.postMessage", kind: "error", word });
      expect(await post()).toMatchObject({ kind: "shown" });
      const [message] = stage.workspace.dm(SARAH);
      expect(wordsOn(message?.blocks ?? [])).toContain("Trial nurture asks: Reply to Dana about GDPR");
      expect(buttonsOn(message?.blocks ?? []).map(({ text }) => text)).toEqual([
        "Approve",
        "Reject",
        "Open in the console",
      ]);
      expect(stage.log).toContainEqual(
        expect.objectContaining({ level: "error", words: expect.stringContaining("shortest form") }),
      );
    },
  );

  it("keeps its table and its chart, in letters, where a workspace does not have Slack's own", async () => {
    stage = await startStage({ workspace: { postBurst: 2 } });
    stage.workspace.fault({ method: "chat.postMessage", kind: "error", word: "invalid_blocks" });
    const weekly = gallery(Date.UTC(2026, 10, 20, 14)).find(
      ({ name }) => name === "weekly: several agents",
    )?.card;
    if (!weekly) throw new Error("no such exhibit");
    expect(await stage.platform.post(person(SARAH), weekly, "copy_1", null)).toMatchObject({ kind: "shown" });
    const [message] = stage.workspace.dm(SARAH);
    const types = (message?.blocks ?? []).map((block) => (block as { type?: unknown }).type);
    expect(types).not.toContain("data_table");
    expect(wordsOn(message?.blocks ?? [])).toContain("in brackets those of the week before");
    expect(wordsOn(message?.blocks ?? [])).toContain("Low confidence     ████████ 9 (6)");
    expect(stage.log).toContainEqual(
      expect.objectContaining({ level: "error", words: expect.stringContaining("without Slack's tables") }),
    );
  });

  it("stays short when Slack makes the second try wait", async () => {
    stage = await startStage();
    stage.workspace.fault({ method: "chat.postMessage", kind: "error", word: "invalid_blocks" });
    stage.workspace.fault({ method: "chat.postMessage", kind: "ratelimited", retryAfter: 1 });
    expect(await post()).toMatchObject({ kind: "later", paced: true });
    stage.clock.advance(2_000);
    expect(await post()).toMatchObject({ kind: "shown" });
    expect(wordsOn(stage.workspace.dm(SARAH)[0]?.blocks ?? [])).toContain("do not fit");
  });

  it("gives up when even that is refused", async () => {
    stage = await startStage();
    stage.workspace.fault({ method: "chat.postMessage", kind: "error", word: "invalid_blocks", times: 2 });
    expect(await post()).toMatchObject({ kind: "undeliverable" });
  });

  it("asks before an approval of what could not be shown", async () => {
    stage = await startStage({ workspace: { postBurst: 2 } });
    stage.workspace.fault({ method: "chat.postMessage", kind: "error", word: "invalid_blocks" });
    await post();
    const actions = JSON.stringify(
      stage.workspace.dm(SARAH)[0]?.blocks.filter(({ type }) => type === "actions"),
    );
    expect(actions).toContain("Have you read the rest in Holdpoint?");
  });
});

describe("updating", () => {
  const redraw = (ref: Readonly<Record<string, string>>) =>
    stage.platform.update(ref, askingCard("Decided", 2), "copy_1");

  it("changes the card in place and keeps its mark", async () => {
    stage = await startStage();
    const ref = await shown();
    expect(await redraw(ref)).toEqual({ kind: "shown", ref });
    const [message, ...others] = stage.workspace.dm(SARAH);
    expect(others).toEqual([]);
    expect(wordsOn(message?.blocks ?? [])).toContain("Decided");
    expect(message?.metadata).toMatchObject({ event_payload: { k: "copy_1" } });
  });

  it("gives every block a new id, so that no client keeps the state of an old one", async () => {
    stage = await startStage();
    const ref = await shown();
    const before = stage.workspace.dm(SARAH)[0]?.blocks.map(({ block_id }) => block_id) ?? [];
    await redraw(ref);
    const after = stage.workspace.dm(SARAH)[0]?.blocks.map(({ block_id }) => block_id) ?? [];
    expect(after.filter((id) => before.includes(id))).toEqual([]);
  });

  it("knows a message that was deleted", async () => {
    stage = await startStage();
    const ref = await shown();
    stage.workspace.removeMessage({ channel: ref.channel ?? "", ts: ref.ts ?? "" });
    expect(await redraw(ref)).toEqual({ kind: "gone" });
  });

  it.each([
    ["cant_update_message", "stale"],
    ["edit_window_closed", "stale"],
    ["token_revoked", "later"],
    ["internal_error", "uncertain"],
    ["ratelimited", "later"],
  ])("takes %s for %s", async (word, kind) => {
    stage = await startStage();
    const ref = await shown();
    stage.workspace.fault({ method: "chat.update", kind: "error", word });
    expect(await redraw(ref)).toMatchObject({ kind });
  });

  it("keeps under fifty changes a minute without asking Slack", async () => {
    stage = await startStage();
    const ref = await shown();
    const kinds: string[] = [];
    for (let n = 0; n < 120; n += 1) {
      kinds.push((await redraw(ref)).kind);
      stage.clock.advance(500);
    }
    expect(kinds.filter((kind) => kind === "shown").length).toBeGreaterThan(70);
    expect(kinds).toContain("later");
    expect(stage.workspace.violations()).toEqual([]);
  });
});

describe("looking for a post of unknown end", () => {
  const find = (mark = "copy_1", to = channel(AGENTS)) =>
    stage.platform.find(to, mark, stage.clock.now() - 5_000);

  it("finds a card whose reply was lost", async () => {
    stage = await startStage();
    stage.workspace.fault({ method: "chat.postMessage", kind: "reply-lost" });
    expect(await post(channel(AGENTS))).toMatchObject({ kind: "uncertain" });
    const [message] = stage.workspace.channel(AGENTS);
    expect(await find()).toEqual({ kind: "found", ref: { channel: AGENTS, ts: message?.ts } });
  });

  it("finds a reply in its thread, even after a restart", async () => {
    stage = await startStage();
    const ref = await shown(channel(AGENTS));
    stage.clock.advance(3_600_000);
    stage.workspace.fault({ method: "chat.postMessage", kind: "reply-lost" });
    await stage.platform.post(channel(AGENTS), askingCard(), "copy_2", ref);
    const again = stage.restarted();
    const reply = stage.workspace.channel(AGENTS).at(-1);
    expect(await again.find(channel(AGENTS), "copy_2", stage.clock.now())).toEqual({
      kind: "found",
      ref: { channel: AGENTS, ts: reply?.ts },
    });
    await again.close();
  });

  it("knows that a card which never arrived is absent", async () => {
    stage = await startStage();
    expect(await find()).toEqual({ kind: "absent" });
  });

  it("does not adopt a mark that somebody else posted", async () => {
    stage = await startStage();
    await post(channel(AGENTS));
    const [message] = stage.workspace.channel(AGENTS);
    // The workspace lets nobody else post metadata, as Slack would let any app: a forged author shows the same.
    if (message) Object.assign(message, { user: SARAH });
    expect(await find()).toEqual({ kind: "absent" });
  });

  it("looks through pages of fifteen, as commercial apps get them", async () => {
    stage = await startStage({ workspace: { historyAccess: "restricted", enforceRates: false } });
    await post(channel(AGENTS));
    for (let n = 0; n < 40; n += 1) await stage.workspace.say(SARAH, `message ${n}`, AGENTS);
    expect(await find()).toMatchObject({ kind: "found" });
    expect(stage.workspace.calls("conversations.history")).toHaveLength(3);
  });

  it("says that it does not know when it may not read, or too much was said", async () => {
    stage = await startStage({ workspace: { historyAccess: "restricted", enforceRates: false } });
    for (let n = 0; n < 90; n += 1) await stage.workspace.say(SARAH, `message ${n}`, AGENTS);
    expect(await find()).toMatchObject({ kind: "unknown" });
    stage.workspace.fault({ method: "conversations.history", kind: "error", word: "missing_scope" });
    expect(await find()).toMatchObject({ kind: "unknown", why: expect.stringContaining("scope") });
    stage.workspace.fault({ method: "conversations.history", kind: "ratelimited", retryAfter: 60 });
    expect(await find()).toMatchObject({ kind: "unknown" });
    const calls = stage.workspace.calls("conversations.history").length;
    expect(await find()).toMatchObject({ kind: "unknown" });
    expect(stage.workspace.calls("conversations.history")).toHaveLength(calls);
  });
});

describe("checking an address", () => {
  it("is content with members and channels it is in, and says what is wrong with the others", async () => {
    stage = await startStage();
    expect(await stage.platform.check(person(SARAH))).toBeNull();
    expect(await stage.platform.check(channel(AGENTS))).toBeNull();
    expect(await stage.platform.check(person("U0NOBODY"))).toContain("no such person");
    expect(await stage.platform.check(person("U0GONE"))).toContain("deactivated");
    expect(await stage.platform.check(person("U0GUEST"))).toContain("guest");
    expect(await stage.platform.check(channel("C0ELSEWHERE"))).toContain("/invite");
  });
});
