/** The two HumanLayer packages from npm, unchanged, against the whole of Holdpoint and people who press buttons. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HumanLayer as SdkHumanLayer } from "@humanlayer/sdk";
import { HumanLayer as PlainHumanLayer } from "humanlayer";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AgentClient, callWith } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { checkAllFetches } from "../support/openapi-check.ts";
import { read } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
let answers: Awaited<ReturnType<typeof checkAllFetches>>;

beforeEach(async () => {
  house = await startHoldpoint();
  agent = await house.agent();
  answers = await checkAllFetches(house.url);
  // All that a user of theirs changes.
  vi.stubEnv("HUMANLAYER_API_BASE", `${house.url}/humanlayer/v1`);
  vi.stubEnv("HUMANLAYER_API_KEY", agent.key);
});

afterEach(async () => {
  const undocumented = answers.end();
  vi.unstubAllEnvs();
  await house.end();
  expect(undocumented).toEqual([]);
});

const clients = [
  { name: "@humanlayer/sdk 0.7.9", HumanLayer: SdkHumanLayer },
  { name: "humanlayer 0.7.5", HumanLayer: PlainHumanLayer },
];

/** Their clients sleep three seconds between polls: here they sleep until somebody has done something. */
function sleeper() {
  let wake = () => {};
  const slept: number[] = [];
  return {
    slept,
    sleep: (ms: number) => {
      slept.push(ms);
      return new Promise<void>((resolve) => {
        wake = resolve;
      });
    },
    asleep: (times: number) => vi.waitFor(() => expect(slept.length).toBe(times), { interval: 5 }),
    wake: () => wake(),
  };
}

const call = (method: string, path: string, body?: unknown) =>
  callWith(house.url, agent.key)(method, `/humanlayer/v1/${path}`, body);

const approval = (spec: object = {}) => ({
  run_id: "run-1",
  call_id: "1a2b3c4d",
  spec: { fn: "send_email", kwargs: { to: "dana@example.com" }, ...spec },
});

const question = (spec: object = {}) => ({
  run_id: "run-1",
  call_id: "9f8e7d6c",
  spec: { msg: "Which discount may Dana have?", ...spec },
});

describe.each(clients)("$name", ({ HumanLayer }) => {
  it("calls its function once a person has approved, and not before", async () => {
    const nap = sleeper();
    const layer = new HumanLayer({ sleep: nap.sleep });
    const sent: object[] = [];
    async function send_email(args: { to: string }) {
      sent.push(args);
      return "sent";
    }
    const result = layer.requireApproval()(send_email)({ to: "dana@example.com" });
    await nap.asleep(1);
    await house.settle();
    expect(read(house.sarah.card())).toContain("Trial nurture asks: approve send_email?");
    expect(read(house.sarah.card())).not.toContain("Edit");
    nap.wake();
    await nap.asleep(2);
    expect(sent).toEqual([]);
    await house.sarah.press("Approve");
    nap.wake();
    expect(await result).toBe("sent");
    expect(sent).toEqual([{ to: "dana@example.com" }]);
    expect(nap.slept).toEqual([3_000, 3_000]);
  });

  it("returns the words of a denial and leaves its function alone", async () => {
    const nap = sleeper();
    const layer = new HumanLayer({ sleep: nap.sleep });
    const send_email = vi.fn(async () => "sent");
    Object.defineProperty(send_email, "name", { value: "send_email" });
    const result = layer.requireApproval()(send_email)({ to: "dana@example.com" });
    await nap.asleep(1);
    await house.settle();
    await house.sarah.fill("Reject", { reason: "She has asked not to be written to." });
    nap.wake();
    expect(await result).toBe(
      "User denied function send_email with comment: She has asked not to be written to.",
    );
    expect(send_email).not.toHaveBeenCalled();
  });

  it("learns which of its reject options was chosen", async () => {
    const nap = sleeper();
    const layer = new HumanLayer({ sleep: nap.sleep });
    const status = layer.fetchHumanApproval({
      spec: {
        fn: "send_email",
        kwargs: { to: "dana@example.com" },
        reject_options: [{ name: "too_soon", title: "Too soon", description: "Wait a week" }],
      },
    });
    await nap.asleep(1);
    await house.settle();
    await house.sarah.fill("Reject", { option: "too_soon" });
    nap.wake();
    expect(await status).toMatchObject({
      approved: false,
      comment: "Too soon",
      reject_option_name: "too_soon",
    });
  });

  it("gets an answer in a person's words", async () => {
    const nap = sleeper();
    const layer = new HumanLayer({ sleep: nap.sleep });
    const answer = layer.humanAsTool()({ message: "Which discount may Dana have?" });
    await nap.asleep(1);
    await house.settle();
    expect(read(house.sarah.card())).toContain("Which discount may Dana have?");
    nap.wake();
    await nap.asleep(2);
    await house.sarah.fill("Answer", { response: "Ten percent, and no more." });
    nap.wake();
    expect(await answer).toBe("Ten percent, and no more.");
  });

  it("escalates, and the next people of the chain are asked", async () => {
    const layer = new HumanLayer();
    const made = await layer.createFunctionCall({ spec: { fn: "send_email", kwargs: {} } });
    await house.settle();
    const before = [house.james, house.elena].map((person) => person.cards().length);
    const escalated = await layer.escalateEmailFunctionCall(made.call_id, {
      escalation_msg: "Dana is on the phone",
      additional_recipients: [{ address: "ceo@example.com", field: "to" }],
    });
    expect(escalated.status?.approved).toBeNull();
    await house.settle();
    expect([house.james, house.elena].map((person) => person.cards().length)).not.toEqual(before);
  });
});

describe("an approval", () => {
  it("is pending with every field there, and comes back with its state unchanged", async () => {
    const state = { thread: ["a", { b: null }], n: 1.5 };
    const made = await call(
      "POST",
      "function_calls",
      approval({ state, channel: null, reject_options: null }),
    );
    expect(made).toMatchObject({
      status: 200,
      body: {
        ...{ run_id: "run-1", call_id: "1a2b3c4d" },
        spec: { fn: "send_email", kwargs: { to: "dana@example.com" }, state, reject_options: null },
        status: { approved: null, responded_at: null, comment: null, reject_option_name: null },
      },
    });
    expect(made.body.status.requested_at).toBe(new Date(house.clock.now()).toISOString());
    expect((await call("GET", "function_calls/1a2b3c4d")).body).toEqual(made.body);
  });

  it("is one for the same body twice, at once or later, and a conflict for another body", async () => {
    const same = await Promise.all([1, 2, 3].map(() => call("POST", "function_calls", approval())));
    expect(same.map(({ status }) => status)).toEqual([200, 200, 200]);
    await house.settle();
    expect(house.sarah.cards()).toHaveLength(1);
    const other = await call("POST", "function_calls", approval({ kwargs: { to: "eve@example.com" } }));
    expect(other).toMatchObject({
      status: 409,
      body: { error: { code: "conflict", message: expect.stringContaining("another body") } },
    });
  });

  it("is another's where another agent made up the same id", async () => {
    await call("POST", "function_calls", approval());
    const renewals = await house.agent("renewal-assistant");
    const theirs = callWith(house.url, renewals.key);
    expect((await theirs("GET", "/humanlayer/v1/function_calls/1a2b3c4d")).status).toBe(404);
    const made = await theirs("POST", "/humanlayer/v1/function_calls", approval({ fn: "offer_terms" }));
    expect(made.body.spec.fn).toBe("offer_terms");
    expect((await call("GET", "function_calls/1a2b3c4d")).body.spec.fn).toBe("send_email");
  });

  it("keeps a paused agent waiting although it is approved, until somebody resumes it", async () => {
    await call("POST", "function_calls", approval());
    await house.settle();
    await house.sarah.agent("pause trial-nurture");
    await house.sarah.press("Approve");
    expect((await call("GET", "function_calls/1a2b3c4d")).body.status.approved).toBeNull();
    await house.sarah.agent("resume trial-nurture");
    expect((await call("GET", "function_calls/1a2b3c4d")).body.status).toMatchObject({ approved: true });
  });

  it("is told although the same call is asked about twice, as by an agent that was started anew", async () => {
    await call("POST", "function_calls", approval());
    // Cards of one and the same moment stand in any order.
    house.clock.advance(1);
    await call("POST", "function_calls", { ...approval(), call_id: "5e6f7a8b" });
    await house.settle();
    await house.sarah.press("Approve", house.sarah.cards()[1]);
    expect((await call("GET", "function_calls/5e6f7a8b")).body.status.approved).toBe(true);
    expect((await call("GET", "function_calls/1a2b3c4d")).body.status.approved).toBeNull();
  });

  it("stays pending when it expires: nobody said no", async () => {
    await house.end();
    house = await startHoldpoint({
      settings: (yaml) => yaml.replace("owner: sarah\n", "owner: sarah\n        on_silence: expire\n"),
    });
    agent = await house.agent();
    await call("POST", "function_calls", approval());
    await house.pass(7 * 24 * 3_600_000);
    const { status } = (await call("GET", "function_calls/1a2b3c4d")).body;
    expect(status).toMatchObject({
      approved: null,
      responded_at: null,
      comment: expect.stringContaining("Nobody has decided"),
    });
  });

  it("is never decided by an agent", async () => {
    await call("POST", "function_calls", approval());
    const refused = await call("POST", "agent/function_calls/1a2b3c4d/respond", { approved: true });
    expect(refused).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining("person") } },
    });
    expect((await call("GET", "function_calls/1a2b3c4d")).body.status.approved).toBeNull();
  });

  it("cannot be approved for what the charter never allows", async () => {
    await call("POST", "function_calls", approval({ fn: "change_pricing" }));
    await house.settle();
    expect(read(house.sarah.card())).not.toContain("Approve");
    await house.sarah.fill("Reject", { reason: "Never." });
    expect((await call("GET", "function_calls/1a2b3c4d")).body.status).toMatchObject({
      approved: false,
      comment: "Never.",
    });
  });
});

describe("a question", () => {
  it("is answered by an option, in the words the option stands for", async () => {
    const response_options = [{ name: "ten", title: "Ten percent" }, { name: "none" }];
    const made = await call("POST", "human_contacts", question({ subject: "Discount", response_options }));
    expect(made.body.status).toMatchObject({ response: null, response_option_name: null });
    await house.settle();
    await house.sarah.fill("Answer", { option: "ten" });
    expect((await call("GET", "contact_requests/9f8e7d6c")).body.status).toMatchObject({
      response: "Ten percent",
      response_option_name: "ten",
    });
  });

  it("may be longer than a card's reason, and nothing of it is lost", async () => {
    const msg = `What now?\n${"long ".repeat(3_000)}the end.`;
    const made = await call("POST", "contact_requests", question({ msg }));
    expect(made.body.spec.msg).toBe(msg);
    const [line] = (await house.admin("GET", "/v1/escalations")).body.escalations;
    const stored = await house.app.parts.store.escalations.find(line.id);
    const whole = stored?.request.context?.filter(({ label }) => label.startsWith("The whole question"));
    expect(whole?.map(({ value }) => value).join("")).toBe(msg);
  });
});

describe("what goes wrong", () => {
  it("is told as JSON with an error in it: no key, a bad body, no such call", async () => {
    const stranger = callWith(house.url, "hp_nobody");
    const told = [
      await stranger("GET", "/humanlayer/v1/function_calls/1a2b3c4d"),
      await call("GET", "function_calls/unknown"),
      await call("POST", "function_calls", { run_id: "run-1" }),
      await call("POST", "function_calls", approval({ fn: "x".repeat(101) })),
      await call("POST", "contact_requests", question({ msg: " " })),
      await call("POST", "function_calls", approval({ reject_options: [{ name: "a" }, { name: "a" }] })),
    ];
    expect(told.map(({ status }) => status)).toEqual([401, 404, 422, 422, 422, 422]);
    for (const { body } of told) expect(body).toMatchObject({ error: { message: expect.any(String) } });
  });

  it("never puts a bot's token into the store, the log, or an answer", async () => {
    await house.end();
    const folder = mkdtempSync(join(tmpdir(), "holdpoint-"));
    house = await startHoldpoint({ database: `sqlite:${join(folder, "holdpoint.db")}` });
    agent = await house.agent();
    const secret = "xoxb-1234-canary";
    const channel = {
      slack: { channel_or_user_id: "C1", context_about_channel_or_user: "sales leads", bot_token: secret },
    };
    const made = await call("POST", "function_calls", approval({ channel }));
    await call("POST", "function_calls", approval({ channel, fn: "other" }));
    await call("POST", "contact_requests", question({ channel: { ...channel, api_key: secret } }));
    await call("POST", "contact_requests", { channel });
    await house.settle();
    expect(made.body.spec.channel.slack).toMatchObject({ channel_or_user_id: "C1" });
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString("latin1"));
    expect(files.join("")).toContain("sales leads");
    expect(files.join("")).not.toContain("canary");
    expect(JSON.stringify([made.body, house.log])).not.toContain("canary");
    rmSync(folder, { recursive: true });
  });
});
