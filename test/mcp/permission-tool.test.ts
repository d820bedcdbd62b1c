/** The permission tool of coding agents: allow with the approved input, or deny with words that say who decided, if anybody. */
import { hash } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { actionDigest } from "../../src/domain/escalation/action-digest.ts";
import { permissionTool } from "../../src/mcp/permission-tool.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { read } from "../support/slack-person.ts";
import { type McpClient, overHttp } from "./mcp-client.ts";

let house: Holdpoint;
let mcp: McpClient;
let key: string;
beforeEach(async () => {
  house = await startHoldpoint({
    settings: (yaml) =>
      yaml
        .replace("may: [send_email, in_app_message]", "may: [Read]")
        .replace("never: [change_pricing]", "never: [WebFetch]"),
  });
  ({ key } = await house.agent());
  mcp = await overHttp(house.url, key);
});
afterEach(async () => {
  await mcp.close();
  await house.end();
});

const BASH = {
  tool_name: "Bash",
  input: { command: "rm -r build", timeout: 5_000 },
  tool_use_id: "toolu_01",
};

/** Nothing holds the agent: only what was decided can be in the way. */
const RUNNING = { state: "running", holds: [], narrower: 0, version: 1 };

/** Asks as the client does, and reads the text as the client does. */
async function permission(args: object = {}, from = mcp) {
  const { text, failed, facts } = await from.call("permission_prompt", { ...BASH, ...args });
  expect(failed).toBe(false);
  expect(facts, "only text, as the clients of this tool read it").toEqual({});
  return JSON.parse(text);
}

/** Asks, and lets people see the card. */
async function asked(args: object = {}, from = mcp) {
  const before = house.sarah.cards().length;
  const answer = permission(args, from);
  await house.somebodyWaits();
  await house.settle();
  expect(house.sarah.cards()).toHaveLength(before + 1);
  return { answer };
}

it("allows what a person approves, with the input as it was", async () => {
  const { answer } = await asked();
  expect(read(house.sarah.card())).toContain("rm -r build");
  await house.sarah.press("Approve");
  expect(await answer).toEqual({ behavior: "allow", updatedInput: BASH.input });
});

it("allows what a person edits, with the input they left", async () => {
  const { answer } = await asked();
  await house.sarah.fill("Edit and approve", { arg0: "rm -r build/tmp" });
  expect(await answer).toEqual({
    behavior: "allow",
    updatedInput: { command: "rm -r build/tmp", timeout: 5_000 },
  });
});

it("denies what a person rejects, with their reason", async () => {
  const { answer } = await asked();
  await house.sarah.fill("Reject", { reason: "Use the clean script." });
  expect(await answer).toEqual({
    behavior: "deny",
    message: "Sarah Chen rejected this: Use the clean script.",
  });
});

it("denies what a person only answers, with the answer", async () => {
  const { answer } = await asked();
  await house.sarah.fill("Answer", { response: "Which build?" });
  expect(await answer).toEqual({
    behavior: "deny",
    message: "Sarah Chen did not approve this, and answered: Which build?",
  });
});

it("lets through at once what the charter lets the agent do by itself", async () => {
  const input = { file_path: "/etc/hosts" };
  expect(await permission({ tool_name: "Read", input })).toEqual({ behavior: "allow", updatedInput: input });
  await house.settle();
  expect(house.sarah.cards()).toEqual([]);
});

it("offers nobody to approve what the charter never allows", async () => {
  const { answer } = await asked({ tool_name: "WebFetch", input: { url: "https://example.com" } });
  await expect(house.sarah.press("Approve")).rejects.toThrow(/Nothing called Approve/);
  await house.sarah.fill("Reject", { reason: "Never." });
  expect(await answer).toMatchObject({ behavior: "deny" });
});

it("denies while a person holds the agent, whatever else was decided", async () => {
  const { answer } = await asked();
  await house.sarah.agent("pause trial-nurture I want to look first");
  await house.sarah.press("Approve");
  const held = {
    behavior: "deny",
    message: expect.stringMatching(/Sarah Chen holds agent: I want to look first/),
  };
  expect(await answer).toEqual(held);
  expect(await permission({ tool_name: "Read", input: {}, tool_use_id: "toolu_02" })).toEqual(held);
});

it("denies when its time is over, says that nobody has decided, and joins the question when asked again", async () => {
  const hasty = await overHttp(house.url, key, "?permission_wait=1s");
  const { answer } = await asked({}, hasty);
  expect(await answer).toEqual({
    behavior: "deny",
    message: expect.stringMatching(/^Nobody has decided this yet.*stays open \(esc_/),
  });
  await hasty.close();
  const again = permission({ tool_use_id: "toolu_02" });
  await house.somebodyWaits();
  await house.settle();
  expect(house.sarah.cards()).toHaveLength(1);
  await house.sarah.press("Approve");
  expect(await again).toEqual({ behavior: "allow", updatedInput: BASH.input });
});

it("answers a repeated call from the decision that was made, and asks anew for the next one", async () => {
  const { answer } = await asked();
  await house.sarah.press("Approve");
  await answer;
  expect(await permission()).toEqual({ behavior: "allow", updatedInput: BASH.input });
  expect(await permission({ input: { command: "rm -r /" } })).toMatchObject({
    behavior: "deny",
    message: expect.stringMatching(/used before with another body/),
  });
  const { answer: next } = await asked({ tool_use_id: "toolu_03" });
  await house.sarah.fill("Reject", { reason: "Not again." });
  expect(await next).toMatchObject({ behavior: "deny" });
});

it("tells a client that wants to know that it is still waiting", async () => {
  const seen: string[] = [];
  const answer = mcp.call("permission_prompt", BASH, { onProgress: (message) => seen.push(message) });
  await house.somebodyWaits();
  await house.settle();
  await house.sarah.press("I'm on it");
  await house.slack.until(() => seen.length > 0, "progress");
  await house.sarah.press("Approve");
  await answer;
  expect(seen[0]).toBe("Waiting for sarah.");
});

it("denies with words what it can't read, and minds no field it does not know", async () => {
  expect(await permission({ input: "rm -r build" })).toMatchObject({
    behavior: "deny",
    message: expect.stringMatching(/^Nobody has decided this.*input/),
  });
  const input = { file_path: "/etc/hosts" };
  const extended = { tool_name: "Read", input, permission_suggestions: [] };
  expect(await permission(extended)).toEqual({ behavior: "allow", updatedInput: input });
});

it.each([
  ["an approval of other arguments", "approve", { command: "rm -r /" }, { command: "rm -r /" }],
  [
    "an edit whose arguments are not those that were approved",
    "edit",
    { command: "rm -r /" },
    { command: "ls" },
  ],
  ["an approval whose arguments were changed on the way", "approve", { command: "rm -r /" }, BASH.input],
])("denies on %s", async (_, verdict, args, approved) => {
  const sha256 = (text: string) => hash("sha256", text, "hex");
  const decision = {
    ...{ verdict, args, by: { id: "s", name: "S" }, at: "", kept_held: false },
    action_digest: actionDigest({ name: "Bash", args: approved }, sha256),
  };
  const escalation = {
    id: "esc_1",
    hold: null,
    owner: decision.by,
    action_digest: null,
    due_at: "",
    url: "",
  };
  const replies: Record<string, object> = {
    "/v1/signals": { verdict: "hold", charter_version: 1, rule: "", escalation },
    "/v1/escalations/esc_1?wait=9": { id: "esc_1", status: "decided", asked: [], due_at: "", decision },
  };
  const quiet = new AbortController().signal;
  const { text } = await permissionTool.call(BASH, {
    ...{ gone: quiet, closing: quiet, permissionWait: 9, stillWaiting: () => {} },
    api: async ({ path }) => ({
      status: 200,
      text: JSON.stringify(replies[path] ?? RUNNING),
      retryAfter: undefined,
    }),
  });
  const words = "What was approved is not what is about to run, so it may not run. Tell the operator.";
  expect(JSON.parse(text)).toEqual({ behavior: "deny", message: words });
});

it("denies while Holdpoint stops, and leaves the question open", async () => {
  const { answer } = await asked();
  const closed = house.app.close();
  expect(await answer).toMatchObject({ behavior: "deny", message: expect.stringMatching(/stays open/) });
  await closed;
  house = await startHoldpoint();
  mcp = await overHttp(house.url, (await house.agent()).key);
});
