/** Which requests are let in: signed by Slack, of this moment, for this app, by somebody, and never twice. */
import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { RawRequest } from "../../../src/application/ports.ts";
import { createVerifier } from "../../../src/chat/slack/verify.ts";
import { SARAH, type Stage, startStage } from "./slack-stage.ts";

const NOW = 1_795_219_980;

function signed(secret: string, body: string, timestamp: string | number = NOW): RawRequest {
  const digest = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return {
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": String(timestamp),
      "x-slack-signature": `v0=${digest}`,
    },
    body: Buffer.from(body),
  };
}

describe("the signature", () => {
  const admit = (request: RawRequest, secret = "secret", at = NOW) =>
    createVerifier(secret, { now: () => at * 1_000 }).admit(request);
  const request = signed("secret", "payload=%7B%7D");
  const withHeader = (name: string, value: string | undefined): RawRequest => ({
    ...request,
    headers: { ...request.headers, [name]: value },
  });

  it("is the one of Slack's own documentation", () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const headers = {
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    };
    const verified = admit(
      { headers, body: Buffer.from(body) },
      "8f742231b10e8888abcd99yyyzzz85a5",
      1_531_420_618,
    );
    expect(verified.ok).toBe(true);
  });

  it.each([
    [-301, false],
    [-300, true],
    [-299, true],
    [0, true],
    [299, true],
    [300, true],
    [301, false],
    [365 * 86_400, false],
  ])("of a request made %i seconds from now is taken: %s", (offset, ok) => {
    expect(admit(signed("secret", "x", NOW + offset)).ok).toBe(ok);
  });

  it.each([
    "",
    "0",
    `+${NOW}`,
    ` ${NOW}`,
    `${NOW}.0`,
    `${NOW}abc`,
    "1e9",
    "9007199254740993",
    `${NOW}, ${NOW}`,
    "-1",
  ])("does not count with the timestamp %j, even if it was signed so", (timestamp) => {
    expect(admit(signed("secret", "x", timestamp))).toMatchObject({ ok: false, status: 401 });
  });

  it.each([undefined, "", "v0=", "v1=", "V0="])("does not count when it is %j", (prefix) => {
    const hex = request.headers["x-slack-signature"]?.slice(3);
    expect(
      admit(withHeader("x-slack-signature", prefix && prefix !== "v0=" ? prefix + hex : prefix)).ok,
    ).toBe(false);
  });

  it("does not count in capitals, twice, or over another body", () => {
    const good = request.headers["x-slack-signature"] ?? "";
    expect(admit(withHeader("x-slack-signature", `v0=${good.slice(3).toUpperCase()}`)).ok).toBe(false);
    expect(admit(withHeader("x-slack-signature", `${good}, ${good}`)).ok).toBe(false);
    expect(admit({ ...request, body: Buffer.from("payload=%7B%7D ") }).ok).toBe(false);
  });

  it("can't be made with an empty secret", () => {
    expect(() => createVerifier("", { now: () => 0 })).toThrow("SLACK_SIGNING_SECRET is missing");
  });

  it("counts once", () => {
    const verifier = createVerifier("secret", { now: () => NOW * 1_000 });
    expect(verifier.admit(request).ok).toBe(true);
    expect(verifier.admit(request)).toMatchObject({ ok: false, status: 409 });
    expect(verifier.admit(signed("secret", "payload=%7B%7D", NOW + 1)).ok).toBe(true);
  });
});

describe("the door", () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const knock = async (body: string, headers: Record<string, string> = {}) => {
    const request = signed(stage.workspace.signingSecret, body, Math.floor(stage.clock.now() / 1_000));
    return stage.platform.routes[0]?.handle({ ...request, headers: { ...request.headers, ...headers } });
  };
  const form = (payload: unknown) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const press = (over: Record<string, unknown> = {}) => ({
    type: "block_actions",
    api_app_id: stage.workspace.appId,
    user: { id: SARAH, team_id: stage.workspace.teamId },
    team: { id: stage.workspace.teamId, domain: "loopback" },
    container: { type: "message", message_ts: "1.2", channel_id: "C0123456789", is_ephemeral: false },
    actions: [{ type: "button", action_id: "holdpoint.approve.0", value: "token" }],
    ...over,
  });

  it("answers Slack's question about the address", async () => {
    stage = await startStage();
    const answer = await stage.workspace.verifyUrl();
    expect(answer).toMatchObject({ outcome: "acknowledged", body: { challenge: expect.any(String) } });
  });

  it("answers that question only when it is signed", async () => {
    stage = await startStage();
    const body = Buffer.from('{"type":"url_verification","challenge":"x"}');
    const answer = await stage.platform.routes[0]?.handle({
      headers: { "content-type": "application/json" },
      body,
    });
    expect(answer?.status).toBe(401);
  });

  it("takes a form that names its charset", async () => {
    stage = await startStage();
    const answer = await knock(form(press()), {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    });
    expect(answer?.status).toBe(200);
    expect(stage.gestures).toHaveLength(1);
  });

  it("handles the same bytes once", async () => {
    stage = await startStage();
    const body = form(press());
    const answers = await Promise.all([knock(body), knock(body), knock(body)]);
    expect(answers.map((answer) => answer?.status).sort()).toEqual([200, 409, 409]);
    expect(stage.gestures).toHaveLength(1);
  });

  it.each([
    ["of another app", { api_app_id: 7 }, 403],
    ["by nobody", { user: undefined }, 403],
    ["by a user of no shape", { user: { id: "U1/../x" } }, 403],
    ["by a list", { user: [SARAH] }, 403],
  ])("does nothing with a click %s", async (_, over, status) => {
    stage = await startStage();
    expect((await knock(form(press(over))))?.status).toBe(status);
    expect(stage.gestures).toEqual([]);
  });

  it.each([
    ["nothing", "", {}, 403],
    ["no JSON", "payload=%7B", {}, 400],
    ["a list", "payload=%5B%5D", {}, 400],
    ["a word", "payload=true", {}, 400],
    ["another content type", "<xml/>", { "content-type": "text/xml" }, 400],
    ["no content type", "x", { "content-type": "" }, 400],
    ["deep JSON", `payload=${"[".repeat(10_000)}`, {}, 400],
    ["a megabyte and more", "x".repeat(1_100_000), {}, 413],
    ["a prototype", "payload=%7B%22__proto__%22%3A%7B%22api_app_id%22%3A%22A%22%7D%7D", {}, 403],
  ])("refuses %s in words", async (_, body, headers, status) => {
    stage = await startStage();
    const answer = await knock(body, headers);
    expect(answer?.status).toBe(status);
    expect(answer?.body).toMatch(/\w+ \w+/);
    expect(stage.gestures).toEqual([]);
  });

  it("takes no decision while Slack does not say who is who", async () => {
    stage = await startStage();
    stage.workspace.fault({ method: "users.info", kind: "http-500", times: 10 });
    expect((await knock(form(press())))?.status).toBe(200);
    expect(stage.gestures).toEqual([]);
    await stage.workspace.until(() => stage.workspace.ephemerals(SARAH).length > 0, "the words");
    expect(stage.workspace.ephemerals(SARAH)[0]?.text).toContain("did not say who you are");
  });

  it("writes down ids, and neither secrets nor words", async () => {
    stage = await startStage();
    await knock(
      form(
        press({ token: "verification-secret", response_url: "https://hooks.slack.com/actions/T/1/secret" }),
      ),
    );
    await knock("payload=%7B");
    const log = JSON.stringify(stage.log);
    expect(log).toContain(SARAH);
    for (const secret of [
      "secret",
      stage.workspace.botToken,
      stage.workspace.signingSecret,
      "hooks.slack.com",
    ])
      expect(log).not.toContain(secret);
  });
});
