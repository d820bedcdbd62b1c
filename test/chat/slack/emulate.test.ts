/** A second opinion on our calls: an emulator that others wrote. It knows state and scopes, and neither clicks nor limits. */
import { createEmulator, type Emulator } from "emulate";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ChatPlatform } from "../../../src/application/ports.ts";
import { createSlack } from "../../../src/chat/slack/index.ts";
import { slackManifest } from "../../../src/chat/slack/manifest.ts";
import { pacesInMemory } from "../../support/paces.ts";
import { movableClock } from "../../support/slack-workspace/index.ts";
import { askingCard, notesOver, token } from "../stage.ts";
import { channel, person } from "./slack-stage.ts";

const TOKEN = "xoxb-holdpoint";
const BOT = "U0HOLDPOINT";
/** The emulator's own people and channels. */
const ADMIN = person("U000000001");
const GENERAL = channel("C000000001");

let emulator: Emulator;
let slack: ChatPlatform;
const clock = movableClock(Date.now());

beforeAll(async () => {
  const { bot } = slackManifest(null).oauth_config.scopes;
  emulator = await createEmulator({
    service: "slack",
    port: 0,
    seed: {
      slack: {
        strict_scopes: true,
        team: { name: "Emulated", domain: "emulated" },
        users: [{ name: "sarah", real_name: "Sarah Chen", email: "sarah@example.com" }],
        oauth_apps: [
          {
            client_id: "1.2",
            client_secret: "secret",
            name: "Holdpoint",
            redirect_uris: [],
            app_id: "A0HOLDPOINT",
            bot_id: "B0HOLDPOINT",
            bot_user_id: BOT,
          },
        ],
        // The scopes of the manifest and no more: what our calls need beyond them would be refused here.
        tokens: [{ token: TOKEN, user_id: BOT, bot_id: "B0HOLDPOINT", app_id: "A0HOLDPOINT", scopes: bot }],
      },
    },
  });
  slack = createSlack({
    botToken: TOKEN,
    signingSecret: "secret",
    apiUrl: `${emulator.url}/api/`,
    receive: async () => ({ kind: "done", words: "" }),
    notes: notesOver(new Map()),
    paces: pacesInMemory(),
    token,
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    publicUrl: null,
  });
});
afterAll(async () => {
  await slack.close();
  await emulator.close();
});

it("takes a card to a channel and to a person, and shows what an update made of it", async () => {
  for (const to of [GENERAL, ADMIN]) {
    clock.advance(2_000);
    const drawn = await slack.post(to, askingCard(), `mark-${to.id}`, null);
    expect(drawn).toMatchObject({ kind: "shown" });
    if (drawn.kind !== "shown") return;
    expect(await slack.update(drawn.ref, askingCard("Decided", 2), `mark-${to.id}`)).toEqual(drawn);
    expect(await slack.find(to, `mark-${to.id}`, Date.now() - 60_000)).toEqual({
      kind: "found",
      ref: drawn.ref,
    });
  }
});

it("puts a reply under its card", async () => {
  clock.advance(2_000);
  const card = await slack.post(GENERAL, askingCard(), "mark-card", null);
  if (card.kind !== "shown") throw new Error(JSON.stringify(card));
  clock.advance(2_000);
  const reply = await slack.post(GENERAL, askingCard("More"), "mark-reply", card.ref);
  expect(reply).toMatchObject({ kind: "shown" });
  // A reply is in no channel's history: it stands in the thread.
  expect(await slack.find(GENERAL, "mark-reply", Date.now() - 60_000)).toEqual({ kind: "absent" });
});

it("knows what is not there as well as Slack does", async () => {
  clock.advance(2_000);
  expect(await slack.check(ADMIN)).toBeNull();
  expect(await slack.check(GENERAL)).toBeNull();
  expect(await slack.check(person("U0NOBODY"))).toContain("no such person");
  expect(await slack.post(channel("C0NOWHERE"), askingCard(), "mark-x", null)).toMatchObject({
    kind: "undeliverable",
  });
  expect(await slack.update({ channel: GENERAL.id, ts: "1.2" }, askingCard(), "mark-x")).toEqual({
    kind: "gone",
  });
});
