/** Payloads become gestures, or are not for us; nothing Slack really sent is misread, and nothing makes the parser throw. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, refusal } from "../../../src/chat/slack/parse.ts";
import { commandWords } from "../../../src/chat/slack/words.ts";

const press = {
  type: "block_actions",
  api_app_id: "A1",
  user: { id: "U1", team_id: "T1" },
  team: { id: "T1", domain: "acme" },
  container: { type: "message", message_ts: "1.2", channel_id: "C1", is_ephemeral: false, thread_ts: "1.0" },
  trigger_id: "t",
  actions: [{ type: "button", action_id: "holdpoint.approve.0", value: "token" }],
};

describe("a press", () => {
  it("names the card it stood on, so that an unknown copy can be adopted", () => {
    expect(parse(press, "UBOT")).toEqual({
      kind: "press",
      by: { user: "U1", team: "T1" },
      token: "token",
      trigger: "t",
      place: { channel: "C1", thread: "1.0" },
      card: { channel: "C1", ts: "1.2" },
      onHome: false,
    });
  });

  it("on what only one person saw, or on a home tab, names none", () => {
    const container = { ...press.container, is_ephemeral: true };
    expect(parse({ ...press, container }, undefined)).toMatchObject({ kind: "press", card: undefined });
    const home = { ...press, container: { type: "view", view_id: "V1" }, view: { type: "home" } };
    expect(parse(home, undefined)).toMatchObject({
      kind: "press",
      card: undefined,
      place: undefined,
      onHome: true,
    });
  });

  it("of a link, a menu or a button without a value is not for us", () => {
    for (const action of [
      { type: "button", action_id: "holdpoint.open.2", url: "https://x" },
      { type: "static_select", action_id: "x", value: "token" },
      { type: "button", action_id: "info" },
      null,
    ])
      expect(parse({ ...press, actions: [action] }, undefined)).toMatchObject({ kind: "ignored" });
  });
});

describe("an event", () => {
  const event = (over: Record<string, unknown>, body: Record<string, unknown> = {}) => ({
    type: "event_callback",
    api_app_id: "A1",
    team_id: "T_CHANNEL",
    context_team_id: "T_OURS",
    event: { type: "message", channel_type: "im", user: "U1", channel: "D1", text: "agent list", ...over },
    ...body,
  });

  it("of a shared channel counts for our workspace, not for the channel's", () => {
    expect(parse(event({}), undefined)).toMatchObject({
      kind: "message",
      by: { user: "U1", team: "T_OURS" },
    });
  });

  it("from the bot itself, another bot, an edit or nobody is not for us", () => {
    for (const over of [
      { user: "UBOT" },
      { bot_id: "B1" },
      { subtype: "message_changed" },
      { user: undefined },
      { user: 7 },
    ])
      expect(parse(event(over), "UBOT")).toMatchObject({ kind: "ignored" });
  });

  it("in a channel counts only with the bot's name", () => {
    expect(parse(event({ channel_type: "channel", channel: "C1" }), "UBOT")).toMatchObject({
      kind: "ignored",
    });
    const named = event({
      type: "app_mention",
      channel: "C1",
      channel_type: undefined,
      text: "<@UBOT> pause all",
    });
    expect(parse(named, "UBOT")).toMatchObject({ kind: "message", words: "pause all", direct: false });
  });
});

describe("what people type", () => {
  it.each([
    ["pause trial-nurture for 2h too many refunds", "pause trial-nurture for 2h too many refunds"],
    ["out until friday deputy <@U013ABCDEF|james>", "out until friday deputy @U013ABCDEF"],
    ["<@UBOT> agent pause all", "pause all"],
    ["<@UBOT>: status x", "status x"],
    ["<@UOTHER> status", "@UOTHER status"],
    ["agent status trial", "status trial"],
    ["agents", "agents"],
    [
      "pause x &lt;b&gt; &amp;amp; <https://x.example|x.example> <#C1|sales>",
      "pause x <b> &amp; x.example #sales",
    ],
    ['pause "unbalanced', 'pause "unbalanced'],
    ["", ""],
  ])("%j is heard as %j", (text, words) => {
    expect(commandWords(text, "UBOT")).toBe(words);
  });

  it("keeps a person named first in a slash command", () => {
    const body = { command: "/agent", text: "<@U1|ann> x", user_id: "U2", api_app_id: "A1", team_id: "T1" };
    expect(parse(body, "UBOT")).toMatchObject({ kind: "command", words: "@U1 x" });
  });
});

describe("payloads recorded from Slack", () => {
  const RECORDED = ["buttons-and-reactions", "direct-message"].flatMap((name) => {
    const file = new URL(`recorded/${name}.json`, import.meta.url);
    const bodies: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
    return Object.entries(bodies).filter(
      (entry): entry is [string, Record<string, unknown>] => typeof entry[1] === "object",
    );
  });

  const kindOf = (body: Record<string, unknown>) => parse(body, "U00FAKEBOT01").kind;

  it("are all admitted and understood, or not for us", () => {
    expect(RECORDED.map(([, body]) => refusal(body, "A00FAKEAPP01"))).toEqual(RECORDED.map(() => undefined));
    expect(RECORDED.map(([name, body]) => [name, kindOf(body)])).toEqual([
      ["mention", "message"],
      // Its button has no value.
      ["action", "ignored"],
      ["reaction", "ignored"],
      ["staticSelectAction", "ignored"],
      ["radioButtonsAction", "ignored"],
      ["mention", "message"],
      // A message in a channel, without the bot's name.
      ["dmRequest", "ignored"],
      ["dmMessage", "message"],
    ]);
  });

  it("are refused when they are for another app", () => {
    for (const [, body] of RECORDED) expect(refusal(body, "A_OTHER")).toContain("another app");
  });

  it("make nothing throw with any part of them missing or of another kind", () => {
    for (const [, body] of RECORDED)
      for (const broken of brokenForms(body)) {
        expect(() => refusal(broken, "A00FAKEAPP01")).not.toThrow();
        expect(() => parse(broken, undefined)).not.toThrow();
      }
  });
});

/** Every form of a payload with one value taken out or put in place of another kind. */
function brokenForms(body: Record<string, unknown>): Record<string, unknown>[] {
  return Object.entries(body).flatMap(([key, value]) => [
    ...[undefined, null, 7, "", "x", [], {}, [null]].map((other) => ({ ...body, [key]: other })),
    ...(typeof value === "object" && value !== null && !Array.isArray(value)
      ? brokenForms(value as Record<string, unknown>).map((inside) => ({ ...body, [key]: inside }))
      : []),
  ]);
}
