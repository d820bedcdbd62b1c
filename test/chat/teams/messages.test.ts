/** Cards go out exactly once each, find people whose chats have moved, and say so where nobody can be reached. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wordsOn } from "../../support/teams-connector/index.ts";
import { askingCard } from "../stage.ts";
import {
  channel,
  GUEST,
  JAMES,
  person,
  REVIEW,
  SARAH,
  type Stage,
  settledCard,
  startStage,
} from "./teams-stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.close());

const post = (to = person(SARAH)) => stage.platform.post(to, askingCard(), "mark-1", null);
const posts = () => stage.connector.calls("send").length;

async function shown(to = person(SARAH)) {
  const drawn = await post(to);
  if (drawn.kind !== "shown") throw new Error(`not shown: ${JSON.stringify(drawn)}`);
  return drawn.ref;
}

describe("a post", () => {
  it("opens a chat by the person's object id, and only once", async () => {
    await shown();
    await shown();
    expect(stage.connector.calls("create")).toHaveLength(1);
    expect(stage.connector.in(stage.connector.chat(SARAH))).toHaveLength(2);
  });

  it("carries the card alone, and its words in the summary", async () => {
    await shown();
    const [message] = stage.connector.in(stage.connector.chat(SARAH));
    expect(message?.activity.text).toBeUndefined();
    expect(message?.activity.summary).toContain("Reply to Dana about GDPR");
  });

  it("in a channel begins a thread, and calls the people it names", async () => {
    const named = {
      kind: "person" as const,
      id: "sarah",
      name: "Sarah *Chen*</at>",
      accounts: { teams: SARAH },
    };
    const card = askingCard();
    const { blocks } = card;
    await stage.platform.post(
      channel(REVIEW),
      { ...card, blocks: [{ kind: "text", text: [named] }, ...blocks] },
      "m",
      null,
    );
    await stage.platform.post(
      person(JAMES),
      { ...card, blocks: [{ kind: "text", text: [named] }, ...blocks] },
      "m",
      null,
    );
    const [inChannel] = stage.connector.in(REVIEW);
    expect(stage.connector.card(inChannel)?.msteams).toMatchObject({
      entities: [{ type: "mention", text: "<at>Sarah Chenat</at>", mentioned: { id: SARAH } }],
    });
    const [inChat] = stage.connector.in(stage.connector.chat(JAMES));
    expect(JSON.stringify(stage.connector.card(inChat))).not.toContain("<at>");
  });

  it.each([
    [412, "later"],
    [429, "later"],
    [502, "uncertain"],
    [504, "uncertain"],
    [500, "uncertain"],
    [503, "uncertain"],
  ])("that is answered with %s is sent once, and is %s", async (status, kind) => {
    await shown();
    stage.clock.advance(5_000);
    const before = posts();
    stage.connector.fault({ on: "send", kind: "status", status });
    expect(await post()).toMatchObject({ kind });
    expect(posts()).toBe(before + 1);
  });

  it("whose end is unknown is not there only after thirty seconds", async () => {
    const since = stage.clock.now();
    expect(await stage.platform.find(person(SARAH), "mark-1", since)).toMatchObject({ kind: "unknown" });
    stage.clock.advance(30_000);
    expect(await stage.platform.find(person(SARAH), "mark-1", since)).toEqual({ kind: "absent" });
  });

  it("to somebody who blocked the app is given up, and says what to do", async () => {
    await shown();
    stage.connector.block(SARAH);
    expect(await post()).toMatchObject({ kind: "undeliverable", why: expect.stringContaining("ask them") });
  });

  it("to a chat that is no more finds the new one", async () => {
    await shown();
    stage.connector.forgetChats(SARAH);
    expect(await post()).toMatchObject({ kind: "later", paced: false });
    expect(await post()).toMatchObject({ kind: "shown" });
    expect(stage.connector.in(stage.connector.chat(SARAH))).toHaveLength(1);
  });

  it("that Teams finds too large goes out in its shortest form", async () => {
    await stage.close();
    stage = await startStage({ mostBytes: 6_000 });
    const card = askingCard("many words ".repeat(200));
    expect(await stage.platform.post(person(SARAH), { ...card, summary: "Short" }, "m", null)).toMatchObject({
      kind: "shown",
    });
    const [message] = stage.connector.in(stage.connector.chat(SARAH));
    expect(wordsOn(stage.connector.card(message))).toContain("do not fit in Teams");
  });

  it("without a token that holds says what to set", async () => {
    await stage.close();
    stage = await startStage({ teams: { appPassword: "wrong" } });
    expect(await post()).toMatchObject({
      kind: "undeliverable",
      why: expect.stringContaining("MicrosoftAppPassword"),
    });
  });

  it("when nothing answers is tried later", async () => {
    await stage.connector.close();
    expect(await post()).toMatchObject({ kind: "later", paced: false });
  });
});

describe("the service address", () => {
  it("is the one that the latest activity came with", async () => {
    await stage.connector.install(SARAH);
    const moved = `${stage.connector.url}emea/`;
    const activity = stage.connector.activity(SARAH, undefined, {
      type: "message",
      text: "help",
      serviceUrl: moved,
    });
    await stage.connector.deliver(activity, { serviceUrl: moved });
    expect(stage.notes.get(`teams:region:${stage.connector.chat(SARAH)}`)).toBe(moved);
  });

  it("that is not allowed any more is not written to", async () => {
    await stage.connector.install(SARAH);
    (stage.notes as Map<string, string>).set(
      `teams:region:${stage.connector.chat(SARAH)}`,
      "https://evil.example/",
    );
    expect(await post()).toMatchObject({ kind: "shown" });
  });
});

describe("an update", () => {
  it("of what is gone is followed by a word when nothing is left to decide", async () => {
    const ref = await shown(channel(REVIEW));
    stage.connector.remove(ref.conversation ?? "", ref.activity ?? "");
    expect(await stage.platform.update(ref, askingCard(), "m")).toEqual({ kind: "gone" });
    expect(stage.connector.in(REVIEW)).toEqual([]);
    expect(await stage.platform.update(ref, settledCard("Approved by Sarah"), "m")).toEqual({ kind: "gone" });
    expect(stage.connector.in(REVIEW)).toMatchObject([
      { conversation: ref.conversation, activity: { text: "Approved by Sarah", textFormat: "plain" } },
    ]);
  });

  it("that Teams forbids is not tried again", async () => {
    const ref = await shown();
    stage.connector.fault({ on: "update", kind: "status", status: 403, code: "Forbidden" });
    expect(await stage.platform.update(ref, askingCard(), "m")).toMatchObject({ kind: "stale" });
  });

  it("that is lost may be repeated", async () => {
    const ref = await shown();
    stage.connector.fault({ on: "update", kind: "reply-lost" });
    expect(await stage.platform.update(ref, askingCard(), "m")).toMatchObject({ kind: "uncertain" });
    expect(stage.connector.calls("update")).toHaveLength(1);
  });
});

describe("a check", () => {
  it("says whether somebody can be written to, before anybody depends on it", async () => {
    expect(await stage.platform.check(person(SARAH))).toBeNull();
    expect(await stage.platform.check(person(GUEST))).toMatch(/guest/);
    expect(await stage.platform.check(channel(REVIEW))).toBeNull();
    expect(await stage.platform.check(channel("19:nowhere@thread.tacv2"))).toMatch(/no such conversation/);
  });
});
