/** Nobody gets in but Microsoft, on behalf of our own tenant, with a token for this bot. */
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTeams } from "../../../src/chat/teams/index.ts";
import type { TokenWishes } from "../../support/teams-connector/tokens.ts";
import { APP, SARAH, type Stage, startStage, TENANT } from "./teams-stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.close());

const press = (more = {}) =>
  stage.connector.activity(SARAH, undefined, {
    type: "invoke",
    name: "adaptiveCard/action",
    value: { action: { data: { t: "token.approve.esc_1.1" } } },
    ...more,
  });

/** Nothing was done and nothing was kept. */
function expectUntouched() {
  expect(stage.gestures).toEqual([]);
  expect([...stage.notes]).toEqual([]);
  expect(stage.connector.calls("send", "create", "member")).toEqual([]);
}

describe("a request", () => {
  it("with Microsoft's token is let in", async () => {
    expect(await stage.connector.deliver(press())).toMatchObject({ status: 200 });
    expect(stage.gestures[0]).toMatchObject({ kind: "press", token: "token.approve.esc_1.1" });
  });

  it.each<[string, TokenWishes | null, number]>([
    ["without a token", null, 401],
    ["for another bot", { audience: "99999999-2222-3333-4444-555555555555" }, 403],
    ["from another issuer", { issuer: "https://sts.windows.net/x/" }, 403],
    ["signed with a foreign key", { foreignKey: true }, 401],
    ["under a key nobody knows", { keyId: "other" }, 401],
    ["that has expired", { expiresIn: -3_600 }, 401],
    ["that is not valid yet", { notBefore: 3_600 }, 401],
    ["for another service address", { serviceUrl: "https://smba.trafficmanager.net/emea/" }, 403],
    ["that is not signed at all", { algorithm: "none" }, 401],
    ["that names a symmetric algorithm", { algorithm: "HS256" }, 401],
  ])("%s is refused", async (_, wishes, status) => {
    expect(await stage.connector.deliver(press(), wishes)).toMatchObject({ status });
    expectUntouched();
  });

  it("with a token signed by the published key as if it were a secret is refused", async () => {
    const [header, payload] = stage.connector.tokens.toBot({ algorithm: "HS256" }).split(".");
    const [key] = stage.connector.tokens.jwks.keys;
    const signature = createHmac("sha256", JSON.stringify(key))
      .update(`${header}.${payload}`)
      .digest("base64url");
    const response = await post(JSON.stringify(press()), `Bearer ${header}.${payload}.${signature}`);
    expect(response.status).toBe(401);
    expectUntouched();
  });

  it("of another tenant, or of two at once, is refused", async () => {
    const elsewhere = "ffffffff-0000-4000-8000-000000000000";
    const conversation = { id: "a:1", conversationType: "personal", tenantId: TENANT };
    for (const more of [
      { channelData: { tenant: { id: elsewhere } }, conversation: { ...conversation, tenantId: elsewhere } },
      { channelData: { tenant: { id: elsewhere } }, conversation },
      { channelData: {}, conversation: { id: "a:1" } },
    ])
      expect(await stage.connector.deliver(press(more))).toMatchObject({ status: 403 });
    expectUntouched();
  });

  it("that names a service of somebody else's is refused, though Microsoft signed it", async () => {
    for (const serviceUrl of [
      "https://evil.example.com/",
      "http://smba.trafficmanager.net/",
      "http://127.0.0.1:1/",
    ])
      expect(await stage.connector.deliver(press({ serviceUrl }), { serviceUrl })).toMatchObject({
        status: 403,
      });
    expect(await stage.connector.deliver(press({ serviceUrl: undefined }), { serviceUrl: "" })).toMatchObject(
      {
        status: 403,
      },
    );
    expectUntouched();
  });

  it("of another channel, such as an emulator's, is refused", async () => {
    for (const channelId of ["emulator", "directline", "AseChannel", undefined])
      expect(await stage.connector.deliver(press({ channelId }))).toMatchObject({ status: 403 });
    expectUntouched();
  });

  it.each([
    ["empty", "", 400],
    ["not JSON", "{", 400],
    ["a list", "[]", 400],
    ["without a type", "{}", 400],
    ["too large", JSON.stringify({ type: "message", text: "x".repeat(300_000) }), 413],
  ])("whose body is %s is refused", async (_, body, status) => {
    const response = await post(body, `Bearer ${stage.connector.tokens.toBot()}`);
    expect(response.status).toBe(status);
    expectUntouched();
  });

  it("with a header that is no bearer token is refused", async () => {
    for (const header of [
      "Basic x",
      "Bearer",
      "Bearer x",
      "Bearer a.b.c",
      "Bearer e30.e30.e30",
      "bearer a.b.c",
    ])
      expect((await post(JSON.stringify(press()), header)).status).toBe(
        header === "Bearer e30.e30.e30" ? 403 : 401,
      );
    expectUntouched();
  });

  it("is let in by the keys that are known while Microsoft's can't be fetched, and by no others", async () => {
    await stage.connector.deliver(press());
    stage.connector.hideKeys();
    expect(await stage.connector.deliver(press())).toMatchObject({ status: 200 });
    expect(await stage.connector.deliver(press(), { keyId: "rotated" })).toMatchObject({ status: 401 });
  });

  it("is refused, and nothing is done, before any key could be fetched", async () => {
    stage.connector.hideKeys();
    expect(await stage.connector.deliver(press())).toMatchObject({ status: 401 });
    expectUntouched();
  });

  it("is told apart in the log, without its token", async () => {
    await stage.connector.deliver(press(), { foreignKey: true });
    expect(stage.log).toMatchObject([{ level: "warn", facts: { platform: "teams", status: 401 } }]);
    expect(JSON.stringify(stage.log)).not.toContain("eyJ");
  });
});

describe("the app", () => {
  it("does not start without an app id, nor with a stand-in on another machine", () => {
    const create = (more: object) => () =>
      createTeams({
        ...({ appId: APP, tenantId: TENANT, appPassword: "x" } as never as Parameters<typeof createTeams>[0]),
        ...more,
      });
    expect(create({ appId: "", connectorUrl: null })).toThrow(/MicrosoftAppId/);
    expect(create({ connectorUrl: "https://evil.example.com/" })).toThrow(/TEAMS_CONNECTOR_URL/);
  });

  it("takes Microsoft's own addresses and no others when there is no stand-in", async () => {
    const { createServiceUrls } = await import("../../../src/chat/teams/service-urls.ts");
    const { allows, first } = createServiceUrls(null);
    for (const url of [
      first,
      "https://smba.trafficmanager.net/amer/a1b2c3d4-e5f6-7890-abcd-ef1234567890/",
      "https://smba.infra.gcc.teams.microsoft.com/teams",
      "https://smba.infra.gov.teams.microsoft.us/teams",
      "https://webchat.botframework.com/",
    ])
      expect(allows(url), url).toBe(true);
    for (const url of [
      "http://smba.trafficmanager.net/amer/",
      "https://smba.trafficmanager.net.evil.example/",
      "https://evil.example/smba.trafficmanager.net/",
      "https://smba.trafficmanager.net@evil.example/",
      "https://user:x@smba.trafficmanager.net/",
      "https://botframework.com.evil.example/",
      "https://smba.trafficmanager.net:8443/",
      "https://127.0.0.1/",
      "http://localhost:3978/",
      "x",
    ])
      expect(allows(url), url).toBe(false);
  });
});

function post(body: string, authorization: string) {
  const headers = { authorization, "content-type": "application/json" };
  return fetch(stage.connector.botUrl(), { method: "POST", headers, body });
}
