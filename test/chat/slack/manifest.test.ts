/** The manifest an operator pastes is the one the app is built for, within what Slack accepts. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { slackManifest } from "../../../src/chat/slack/manifest.ts";

describe("the manifest", () => {
  const manifest = slackManifest("https://holdpoint.example.com");

  it("is the one in manifests/slack.json", () => {
    const file = new URL("../../../manifests/slack.json", import.meta.url);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(manifest)));
  });

  it("stays within Slack's limits", () => {
    const { display_information: display, features, settings } = manifest;
    expect(display.name.length).toBeLessThanOrEqual(35);
    expect(display.description.length).toBeLessThanOrEqual(140);
    expect(display.long_description.length).toBeGreaterThanOrEqual(175);
    expect(display.long_description.length).toBeLessThanOrEqual(4_000);
    expect(features.slash_commands.every(({ command }) => command.length <= 32)).toBe(true);
    expect(features.shortcuts.length).toBeLessThanOrEqual(10);
    expect(features.shortcuts.every(({ name }) => name.length <= 24)).toBe(true);
    expect(settings.event_subscriptions.bot_events.length).toBeLessThanOrEqual(100);
  });

  it("sends everything to the one path, and commands with mentions resolved", () => {
    const url = "https://holdpoint.example.com/slack/events";
    expect(manifest.settings.event_subscriptions.request_url).toBe(url);
    expect(manifest.settings.interactivity.request_url).toBe(url);
    expect(manifest.features.slash_commands).toMatchObject([{ command: "/agent", url, should_escape: true }]);
  });

  it("needs no address over sockets", () => {
    const socket = slackManifest(null);
    expect(socket.settings.socket_mode_enabled).toBe(true);
    expect(JSON.stringify(socket)).not.toContain("http");
  });

  it("asks for no right over what people say beyond the conversations of its cards", () => {
    const { bot } = manifest.oauth_config.scopes;
    expect(bot.filter((scope) => /:write/.test(scope))).toEqual(["chat:write", "im:write"]);
    expect(bot.some((scope) => /admin|files|mpim|customize|public/.test(scope))).toBe(false);
  });
});
