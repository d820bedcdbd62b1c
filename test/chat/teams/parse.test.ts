/** Payloads that Teams really sent to a bot, and ones that nobody should send. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "../../../src/chat/teams/parse.ts";
import { commandWords } from "../../../src/chat/teams/words.ts";
import type { Json } from "../../support/teams-connector/json.ts";

const TENANT = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
const recorded = (name: string): Readonly<Record<string, Json>> =>
  JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), "utf8"));
const channel = recorded("channel");
const buttons = recorded("buttons-and-reactions");
const read = (activity: Json | undefined) => parse(activity ?? {}, TENANT);

describe("what Teams really sends", () => {
  it("a mention in a channel is a command by its person, in its thread", () => {
    expect(read(channel.mention)).toEqual({
      kind: "command",
      way: "message",
      personal: false,
      words: "Hey",
      by: {
        object: "00000000-1111-2222-3333-444444444444",
        user: "29:1xXxFakeUserBase64IdStringForTeamsPlatformAbcDeFgHiJkLmNoPqRsTuVwXyZ012345ABCDEF",
        name: "Test User",
        tenant: TENANT,
        conversation: "19:d441d38c655c47a085215b2726e76927@thread.tacv2;messageid=1771290107407",
        serviceUrl: `https://smba.trafficmanager.net/amer/${TENANT}/`,
      },
    });
  });

  it("a button's fall-back is read by its value, and stands on the message it replies to", () => {
    const action = { ...channel.channel_post_action, value: { t: "token" } };
    expect(read(action)).toMatchObject({
      kind: "press",
      way: "message",
      token: "token",
      card: {
        conversation: "19:d441d38c655c47a085215b2726e76927@thread.tacv2;messageid=1771290107407",
        activity: "1771290108656",
      },
    });
    expect(read({ ...buttons.action, value: { t: "token" } })).toMatchObject({
      kind: "press",
      card: undefined,
    });
  });

  it("a button of another bot's card, a reaction and the like are left alone", () => {
    for (const activity of [channel.channel_post_action, buttons.action, buttons.reaction])
      expect(read(activity)).toMatchObject({ kind: "ignored" });
  });
});

describe("what nobody should send", () => {
  it.each([
    ["nothing", {}],
    ["no sender", { type: "message", text: "pause x" }],
    ["a sender without an object id", { ...channel.mention, from: { id: "29:x", name: "Sarah Chen" } }],
    ["an object id that is none", { ...channel.mention, from: { id: "29:x", aadObjectId: "sarah" } }],
    ["another bot", { ...channel.mention, from: { ...(channel.mention?.from as Json), id: "28:bot" } }],
    [
      "an invoke of another kind",
      { ...channel.mention, type: "invoke", name: "task/fetch", value: { data: 7 } },
    ],
    [
      "an action that is no object",
      { ...channel.mention, type: "invoke", name: "adaptiveCard/action", value: [] },
    ],
    ["keys of prototypes", JSON.parse('{"type":"message","__proto__":{"value":{"t":"x"}},"constructor":1}')],
  ])("%s is ignored", (_, activity) => {
    expect(read(activity as Json)).toMatchObject({ kind: "ignored" });
  });
});

describe("the words of a command", () => {
  const bot = { id: "28:bot" };
  const mention = { type: "mention", text: "<at>Holdpoint</at>", mentioned: bot };
  it.each([
    ["<at>Holdpoint</at> pause x", [mention], "pause x"],
    ["hello <at>Holdpoint</at> list", [mention], "hello  list"],
    ["<at>Sarah</at> owner x", [], "@Sarah owner x"],
    ["/agent list", [], "list"],
    ["agents", [], "agents"],
    ["flag x a &lt;b&gt; &amp; c", [], "flag x a <b> & c"],
    ["", [], ""],
  ])("of %j are read", (text, entities, words) => {
    expect(commandWords({ text, entities, recipient: bot })).toBe(words);
  });
});
