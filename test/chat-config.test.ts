/** What the environment says of chat platforms: nothing is fine, half is refused, and each refusal says what to set. */
import { describe, expect, it } from "vitest";
import { platformLines } from "../src/chat/platforms.ts";
import { readConfig } from "../src/config.ts";

const APP = "11111111-2222-3333-4444-555555555555";
const TENANT = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
const whole = { MicrosoftAppId: APP, MicrosoftAppPassword: "secret", MicrosoftAppTenantId: TENANT };
const read = (env: Readonly<Record<string, string | undefined>>) => readConfig(env, () => undefined);

describe("Teams", () => {
  it("is off where nothing of it is set, and says in one line how to turn it on", () => {
    const config = read({});
    expect(config.teams).toBeNull();
    expect(platformLines(config, "http://127.0.0.1:3000")).toContainEqual(
      expect.stringMatching(/^Teams +off .*MicrosoftAppId/),
    );
  });

  it("is on for a single tenant with a secret, or a managed identity without one", () => {
    expect(read(whole).teams).toEqual({
      appId: APP,
      appPassword: "secret",
      tenantId: TENANT,
      appType: "SingleTenant",
      connectorUrl: null,
    });
    const managed = {
      MicrosoftAppId: APP,
      MicrosoftAppTenantId: TENANT,
      MicrosoftAppType: "UserAssignedMSI",
    };
    expect(read(managed).teams).toMatchObject({ appType: "UserAssignedMSI", appPassword: null });
    expect(platformLines(read(whole), "https://hold.example.com")).toContainEqual(
      expect.stringMatching(/^Teams +on .*https:\/\/hold\.example\.com\/api\/messages/),
    );
  });

  it.each([
    ["the app id", { ...whole, MicrosoftAppId: undefined }, /MicrosoftAppId is missing/],
    ["an app id", { ...whole, MicrosoftAppId: "" }, /MicrosoftAppId is missing/],
    ["a real app id", { ...whole, MicrosoftAppId: "holdpoint" }, /MicrosoftAppId/],
    ["the tenant", { ...whole, MicrosoftAppTenantId: undefined }, /MicrosoftAppTenantId/],
    ["the secret", { ...whole, MicrosoftAppPassword: undefined }, /MicrosoftAppPassword is missing/],
    ["a single tenant", { ...whole, MicrosoftAppType: "MultiTenant" }, /MicrosoftAppType/],
    [
      "either a secret or a managed identity",
      { ...whole, MicrosoftAppType: "UserAssignedMSI" },
      /managed identity/,
    ],
    [
      "a stand-in on this machine",
      { ...whole, TEAMS_CONNECTOR_URL: "https://evil.example" },
      /TEAMS_CONNECTOR_URL/,
    ],
    ["everything but the type", { MicrosoftAppType: "SingleTenant" }, /MicrosoftAppId is missing/],
    ["authentication", { DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS: "1" }, /anybody approve/],
  ])("does not start without %s", (_, env, words) => {
    expect(() => read(env)).toThrow(words);
  });
});
