/** Interrupts of LangGraph, LangChain, AG-UI and A2A: asked of people, and answered in the shape they came in. */
import { Annotation, Command, interrupt, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AgentClient, callWith } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { checkAllFetches } from "../support/openapi-check.ts";
import { read } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
let answers: Awaited<ReturnType<typeof checkAllFetches>>;
let call: ReturnType<typeof callWith>;

beforeEach(async () => {
  house = await startHoldpoint();
  agent = await house.agent();
  answers = await checkAllFetches(house.url);
  call = callWith(house.url, agent.key);
});
afterEach(async () => {
  const undocumented = answers.end();
  await house.end();
  expect(undocumented).toEqual([]);
});

const EMAIL = { to: "dana@example.com", percent: 20 };

async function ask(body: unknown, key?: string) {
  const asked = await call("POST", "/v1/interrupts", body, key ? { "idempotency-key": key } : {});
  await house.settle();
  return asked;
}

const answerTo = async (asked: { readonly body: { readonly poll: string } }, wait = 0) =>
  (await call("GET", `${asked.body.poll}?wait=${wait}`)).body;

const human = (config: object, action = "send_email", args: object = EMAIL) => ({
  action_request: { action, args },
  config: { allow_ignore: false, allow_respond: false, allow_edit: false, allow_accept: false, ...config },
  description: "The draft promises a discount.",
});

const ALL = { allow_ignore: true, allow_respond: true, allow_edit: true, allow_accept: true };

const hitl = (allowed: readonly string[], name = "send_email", args: object = EMAIL) => ({
  action_requests: [{ name, args, description: "The draft promises a discount." }],
  review_configs: [{ action_name: name, allowed_decisions: allowed }],
});

describe("a HumanInterrupt", () => {
  it("is accepted with the action it asked about", async () => {
    const asked = await ask(human(ALL));
    expect(asked).toMatchObject({
      status: 202,
      body: { status: "pending", id: expect.stringMatching(/^int_/) },
    });
    expect(asked.body.poll).toBe(`/v1/interrupts/${asked.body.id}`);
    expect(read(house.sarah.card())).toContain("The draft promises a discount.");
    expect(await answerTo(asked)).not.toHaveProperty("response");
    await house.sarah.press("Approve");
    expect(await answerTo(asked)).toMatchObject({
      status: "decided",
      response: [{ type: "accept", args: { action: "send_email", args: EMAIL } }],
    });
  });

  it("is edited with the arguments a person wrote", async () => {
    const asked = await ask(human(ALL));
    await house.sarah.fill("Edit and approve", { arg1: 10 });
    expect((await answerTo(asked)).response).toEqual([
      { type: "edit", args: { action: "send_email", args: { ...EMAIL, percent: 10 } } },
    ]);
  });

  it("hears a no as a response where it takes one, else as ignore", async () => {
    const takes = await ask(human(ALL));
    await house.sarah.fill("Reject", { reason: "Too much." });
    expect((await answerTo(takes)).response).toEqual([
      { type: "response", args: "Rejected by Sarah Chen: Too much." },
    ]);
    const ignores = await ask(human({ allow_accept: true, allow_ignore: true }));
    await house.sarah.fill("Reject", { reason: "Too much." });
    expect((await answerTo(ignores)).response).toEqual([{ type: "ignore", args: null }]);
  });

  it("offers a person only what it takes", async () => {
    await ask(human({ allow_accept: true }));
    const card = read(house.sarah.card());
    expect(card).toContain("Approve");
    for (const label of ["Edit", "Reject", "Answer", "Dismiss"]) expect(card).not.toContain(label);
  });

  it("that only wants words is a question", async () => {
    const asked = await ask(human({ allow_respond: true, allow_ignore: true }, "ask_human", {}));
    await house.sarah.fill("Answer", { response: "The second one." });
    expect((await answerTo(asked)).response).toEqual([{ type: "response", args: "The second one." }]);
  });

  it("comes in arrays too, and the answers keep their count and order", async () => {
    const asked = await ask([human(ALL, "send_email"), human(ALL, "discount"), human(ALL, "publish")]);
    await house.sarah.press("Approve", await house.sarah.request("approve publish?"));
    await house.sarah.fill("Reject", { reason: "No." }, await house.sarah.request("approve discount?"));
    expect((await answerTo(asked)).status).toBe("pending");
    await house.sarah.press("Approve", await house.sarah.request("approve send_email?"));
    const { response } = await answerTo(asked);
    expect(
      response.map(({ type, args }: { type: string; args: { action?: string } }) => [type, args.action]),
    ).toEqual([
      ["accept", "send_email"],
      ["response", undefined],
      ["accept", "publish"],
    ]);
  });
});

describe("a HITLRequest", () => {
  it("in snake_case is answered by decisions in snake_case, one for each action in order", async () => {
    const two = {
      action_requests: [
        { name: "send_email", args: EMAIL },
        { name: "discount", arguments: { percent: 20 } },
      ],
      review_configs: [
        { action_name: "discount", allowed_decisions: ["approve", "reject"], description: "A discount" },
        { action_name: "send_email", allowed_decisions: ["approve", "edit", "reject"] },
      ],
    };
    const asked = await ask(two);
    const [email, discount] = [
      await house.sarah.request("approve send_email?"),
      await house.sarah.request("A discount"),
    ];
    expect(read(discount)).not.toContain("Edit");
    await house.sarah.fill("Reject", { reason: "Not this month." }, discount);
    await house.sarah.fill("Edit and approve", { arg1: 5 }, email);
    expect((await answerTo(asked)).response).toEqual({
      decisions: [
        { type: "edit", edited_action: { name: "send_email", args: { ...EMAIL, percent: 5 } } },
        { type: "reject", message: "Not this month." },
      ],
    });
  });

  it("in camelCase is answered in camelCase, with a typed form from its schema", async () => {
    const argsSchema = {
      type: "object",
      properties: { to: { type: "string" }, percent: { type: "integer", maximum: 15 } },
      required: ["to", "percent"],
    };
    const asked = await ask({
      actionRequests: [{ name: "send_email", args: EMAIL }],
      reviewConfigs: [{ actionName: "send_email", allowedDecisions: ["approve", "edit"], argsSchema }],
    });
    const wrong = await house.sarah.fill("Edit and approve", { arg1: 50 });
    expect(Object.keys(wrong)).not.toEqual([]);
    await house.sarah.send({ arg1: 10 });
    expect((await answerTo(asked)).response).toEqual({
      decisions: [{ type: "edit", editedAction: { name: "send_email", args: { ...EMAIL, percent: 10 } } }],
    });
  });

  it("per call is answered by one decision", async () => {
    const asked = await ask({
      type: "tool_approval",
      tool_call_id: "call_1",
      name: "send_email",
      args: EMAIL,
    });
    await house.sarah.fill("Answer", { response: "Ask Dana first." });
    expect((await answerTo(asked)).response).toEqual({ type: "respond", message: "Ask Dana first." });
  });
});

describe("other protocols", () => {
  it("AG-UI's interrupts resume its run: approved, filled in by their schema, or cancelled", async () => {
    const responseSchema = { type: "object", properties: { size: { type: "string" } }, required: ["size"] };
    const asked = await ask({
      type: "RUN_FINISHED",
      outcome: {
        type: "interrupt",
        interrupts: [
          { id: "i1", reason: "tool_call", message: "Send it?", toolCallId: "t1" },
          { id: "i2", reason: "input_required", message: "Which size?", responseSchema },
          { id: "i3", reason: "tool_call", message: "And this?" },
        ],
      },
    });
    await house.sarah.press("Approve", await house.sarah.request("Send it?"));
    await house.sarah.fill("Edit and approve", { arg0: "large" }, await house.sarah.request("Which size?"));
    await house.sarah.fill("Reject", { reason: "No." }, await house.sarah.request("And this?"));
    expect((await answerTo(asked)).response).toEqual({
      resume: [
        { interruptId: "i1", status: "resolved", payload: { approved: true } },
        { interruptId: "i2", status: "resolved", payload: { size: "large" } },
        { interruptId: "i3", status: "cancelled", payload: { message: "No." } },
      ],
    });
  });

  it("an A2A task that wants input gets a message, in its version's words", async () => {
    const task = (state: string) => ({
      ...{ id: "task-1", contextId: "ctx-1" },
      status: {
        state,
        message: { messageId: "m1", role: "agent", parts: [{ kind: "text", text: "Which flight?" }] },
      },
    });
    const asked = await ask(task("TASK_STATE_INPUT_REQUIRED"));
    await house.sarah.fill("Answer", { response: "The early one." });
    expect((await answerTo(asked)).response.message).toMatchObject({
      ...{ taskId: "task-1", contextId: "ctx-1", role: "ROLE_USER" },
      parts: [{ text: "The early one." }],
    });
    const old = await ask(task("input-required"));
    await house.sarah.fill("Answer", { response: "The early one." });
    expect((await answerTo(old)).response.message).toMatchObject({
      ...{ kind: "message", role: "user", parts: [{ kind: "text", text: "The early one." }] },
    });
  });
});

describe("an interrupt", () => {
  it("wakes who waits for it", async () => {
    const asked = await ask(human(ALL));
    const waiting = answerTo(asked, 30);
    await house.somebodyWaits();
    await house.sarah.press("Approve");
    expect(await waiting).toMatchObject({ status: "decided" });
  });

  it("stays pending while its agent is paused, although everything is approved", async () => {
    const asked = await ask(human(ALL));
    await house.sarah.agent("pause trial-nurture");
    await house.sarah.press("Approve");
    expect(await answerTo(asked)).toMatchObject({ status: "pending", escalations: [{ status: "decided" }] });
    const waiting = answerTo(asked, 30);
    await house.somebodyWaits();
    await house.sarah.agent("resume trial-nurture");
    expect(await waiting).toMatchObject({ status: "decided", response: [{ type: "accept" }] });
  });

  it("is one for the same idempotency key, and a conflict for another body", async () => {
    const first = await ask(hitl(["approve", "reject"]), "run-7");
    const again = await ask(hitl(["approve", "reject"]), "run-7");
    expect(again.body).toEqual(first.body);
    expect(house.sarah.cards()).toHaveLength(1);
    expect((await ask(hitl(["approve"]), "run-7")).status).toBe(409);
  });

  it("that is withdrawn or belongs to another agent has no response", async () => {
    const asked = await ask(human(ALL));
    const renewals = await house.agent("renewal-assistant");
    expect((await callWith(house.url, renewals.key)("GET", asked.body.poll)).status).toBe(404);
    await agent.withdraw(asked.body.escalations[0].id, "changed my mind");
    const withdrawn = await answerTo(asked);
    expect(withdrawn).toMatchObject({ status: "withdrawn" });
    expect(withdrawn).not.toHaveProperty("response");
  });

  it("is refused where nobody could answer it, or what it asks is no shape we know", async () => {
    const refused = [
      await ask({}),
      await ask([]),
      await ask("text"),
      await ask({ what: "is this" }),
      await ask(human({})),
      await ask(hitl([])),
      await ask({ ...hitl(["approve"]), review_configs: [] }),
      await ask([human(ALL), human(ALL, "x".repeat(101))]),
      // The charter never allows it, and the caller takes nothing but yes.
      await ask(hitl(["approve", "edit"], "change_pricing")),
    ];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 422));
    for (const { body } of refused) expect(body.errors).not.toEqual([]);
    expect(house.sarah.cards()).toEqual([]);
  });
});

describe("a LangGraph graph", () => {
  it("goes on with what a person decided", async () => {
    const State = Annotation.Root({ sent: Annotation<unknown>() });
    const graph = new StateGraph(State)
      .addNode("ask", () => {
        const [answer] = interrupt([human(ALL)]) as [{ type: string; args: { args: object } }];
        return { sent: answer.type === "ignore" ? null : answer.args.args };
      })
      .addEdge(START, "ask")
      .compile({ checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "1" } };
    const stopped = await graph.invoke({ sent: null }, thread);
    const [stop] = (stopped as { __interrupt__?: { id?: string; value?: unknown }[] }).__interrupt__ ?? [];
    const asked = await ask(stop?.value);
    await house.sarah.fill("Edit and approve", { arg1: 10 });
    const { response } = await answerTo(asked);
    const done = await graph.invoke(new Command({ resume: response }), thread);
    expect(done.sent).toEqual({ ...EMAIL, percent: 10 });
  });
});
