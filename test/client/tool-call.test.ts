/** What the adapters have in common: a paused tool call goes to a person, and comes back approved only if it was. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { answerApprovals } from "../../src/client/ai.ts";
import { createHoldpoint } from "../../src/client/index.ts";
import { answerInterrupts } from "../../src/client/langgraph.ts";
import { decideInterruptions } from "../../src/client/openai-agents.ts";
import { express, ruleOn, type ToolCall } from "../../src/client/tool-call.ts";
import { type Desk, openDesk } from "./desk.ts";
import { until } from "./proxy.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.house.end());

const CALL: ToolCall = { name: "send_offer", args: { to: "dana@example.com", percent: 20 }, id: "call-1" };
const ALL = ["approve", "edit", "reject", "respond"] as const;

async function waiting(): Promise<number> {
  const { text } = await desk.house.admin("GET", "/v1/metrics");
  return Number(/^holdpoint_long_polls (\d+)$/m.exec(text)?.[1]);
}

/** A connection on which somebody changes decisions. */
function tamperedWith() {
  return createHoldpoint({
    ...{ url: desk.house.url, key: desk.agent.key },
    async fetch(url, init) {
      const response = await fetch(url, init);
      if (response.status === 304) return response;
      const body = (await response.json()) as { readonly decision?: { args?: object } | null };
      if (body.decision) body.decision.args = { ...body.decision.args, percent: 90 };
      return Response.json(body, response);
    },
  });
}

const adapters = [
  [
    "langgraph",
    (holdpoint: ReturnType<typeof tamperedWith>) => {
      const action_request = { action: CALL.name, args: CALL.args };
      const config = { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: true };
      return answerInterrupts(holdpoint, [{ value: { action_request, config } }], desk.options);
    },
  ],
  [
    "openai-agents",
    (holdpoint: ReturnType<typeof tamperedWith>) => {
      const refuse = () => {
        throw new Error("nothing was decided");
      };
      const item = { name: CALL.name, arguments: JSON.stringify(CALL.args), rawItem: { callId: "call-1" } };
      const result = { interruptions: [item], state: { approve: refuse, reject: refuse } };
      return decideInterruptions(holdpoint, result, desk.options);
    },
  ],
  [
    "ai",
    (holdpoint: ReturnType<typeof tamperedWith>) => {
      const content = [
        { type: "tool-call", toolCallId: "call-1", toolName: CALL.name, input: CALL.args },
        { type: "tool-approval-request", approvalId: "approval-1", toolCallId: "call-1" },
      ];
      return answerApprovals(holdpoint, [{ role: "assistant", content }], desk.options);
    },
  ],
] as const;

it.each(adapters)("%s lets nothing run whose approval was tampered with", async (_, ask) => {
  const asked = expect(ask(tamperedWith())).rejects.toMatchObject({ reason: "tampered" });
  await desk.approve(CALL.name);
  await asked;
});

it("takes no arguments of an edit that were tampered with", async () => {
  const asked = expect(ruleOn(tamperedWith(), CALL, ALL, desk.options)).rejects.toMatchObject({
    reason: "tampered",
  });
  await desk.fill(CALL.name, "Edit and approve", { arg1: "10" });
  await asked;
});

it("waits after an approval while the agent is paused", async () => {
  let ruled = false;
  const ruling = ruleOn(desk.holdpoint, CALL, ALL, desk.options).finally(() => {
    ruled = true;
  });
  await desk.card(CALL.name);
  await desk.house.sarah.agent("pause trial-nurture to look at a complaint");
  await desk.approve(CALL.name);
  await until(async () => (await waiting()) === 1, "the agent to wait for its release");
  expect(ruled).toBe(false);
  await desk.house.sarah.agent("resume trial-nurture");
  expect(await ruling).toMatchObject({ kind: "approved", edited: false });
});

it("stops waiting for the other calls when one of them stays undecided", async () => {
  const value = (name: string) => ({
    ...{ action_requests: [{ name, args: {} }] },
    review_configs: [{ action_name: name, allowed_decisions: ["approve"] }],
  });
  const asked = answerInterrupts(
    desk.holdpoint,
    [{ value: value("first") }, { value: value("second") }],
    desk.options,
  );
  const withdrawn = expect(asked).rejects.toMatchObject({ reason: "withdrawn" });
  const { id } = await desk.card("first");
  await desk.card("second");
  await until(async () => (await waiting()) === 2, "both to be waited for");
  await desk.agent.withdraw(id, "The customer has left.");
  await withdrawn;
  await until(async () => (await waiting()) === 0, "the other wait to end");
});

it("ends with the caller's reason when it is aborted", async () => {
  const ending = new AbortController();
  const asked = ruleOn(desk.holdpoint, CALL, ALL, { ...desk.options, signal: ending.signal });
  const aborted = expect(asked).rejects.toThrow("shutting down");
  await desk.card(CALL.name);
  ending.abort(new Error("shutting down"));
  await aborted;
});

it("finds the same escalation again after a restart, where its key says so", async () => {
  const ending = new AbortController();
  const options = { ...desk.options, idempotencyKey: ({ id }: ToolCall) => `thread-7 ${id}` };
  const first = expect(
    ruleOn(desk.holdpoint, CALL, ALL, { ...options, signal: ending.signal }),
  ).rejects.toThrow();
  const { id } = await desk.card(CALL.name);
  ending.abort();
  await first;
  const again = ruleOn(desk.holdpoint, CALL, ALL, options);
  expect(await desk.card(CALL.name, 2)).toMatchObject({ id });
  await desk.approve(CALL.name, 2);
  expect(await again).toMatchObject({ kind: "approved" });
});

it("says with what a framework offers nothing that was not decided", () => {
  const edited = { kind: "approved", args: { percent: 10 }, edited: true } as const;
  const answered = { kind: "answered", words: "Ask her first." } as const;
  expect(express(edited, CALL, ["approve", "reject"])).toMatchObject({
    ...{ as: "reject", words: expect.stringContaining('{"percent":10}') },
  });
  expect(express(answered, CALL, ["approve", "reject"])).toMatchObject({ as: "reject" });
  expect(() => express(edited, CALL, ["approve"])).toThrow(/can't take/);
  expect(() => express({ ...edited, edited: false }, CALL, ["reject"])).toThrow(/takes no approval/);
});
