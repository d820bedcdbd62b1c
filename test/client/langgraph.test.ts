/** Real LangGraph and LangChain graphs, with a scripted model: they pause, people decide, they resume. */
import { Annotation, Command, END, interrupt, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { AIMessage, createAgent, fakeModel, humanInTheLoopMiddleware, tool } from "langchain";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { answerInterrupts, invokeWithPeople } from "../../src/client/langgraph.ts";
import { type Desk, openDesk } from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.house.end());

const thread = () => ({ configurable: { thread_id: crypto.randomUUID() } });
/** What the agent of the middleware did. */
const did = vi.fn((_: string, __: unknown) => "done");
beforeEach(() => did.mockClear());

const CALLS = [
  { name: "send_offer", args: { to: "dana@example.com", percent: 20 }, id: "call-1" },
  { name: "send_invoice", args: { to: "dana@example.com", amount: 90 }, id: "call-2" },
];

/** A model that makes these calls, and then says what it read. */
function agentThat(calls: readonly (typeof CALLS)[number][], review: object = {}) {
  const model = fakeModel().respondWithTools([...calls]);
  for (let turn = 0; turn < 3; turn++)
    model.respond((messages) => new AIMessage(messages.map(({ text }) => text).join(" | ")));
  const offer = tool(async (args) => did("send_offer", args), {
    ...{ name: "send_offer", description: "Sends an offer" },
    schema: z.object({ to: z.string(), percent: z.number() }),
  });
  const invoice = tool(async (args) => did("send_invoice", args), {
    ...{ name: "send_invoice", description: "Sends an invoice" },
    schema: z.object({ to: z.string(), amount: z.number() }),
  });
  const reviewed = { allowedDecisions: ["approve" as const, "edit" as const, "reject" as const] };
  return createAgent({
    ...{ model, tools: [offer, invoice], checkpointer: new MemorySaver() },
    middleware: [
      humanInTheLoopMiddleware({
        interruptOn: { send_offer: { ...reviewed, ...review }, send_invoice: reviewed },
      }),
    ],
  });
}

function run(calls: readonly (typeof CALLS)[number][], review?: object) {
  const { holdpoint, options } = desk;
  const graph = agentThat(calls, review);
  const messages = [{ role: "user" as const, content: "Make Dana an offer" }];
  return invokeWithPeople({ holdpoint, graph, Command, ...options }, { messages }, thread());
}

const [OFFER] = CALLS;

describe("the human-in-the-loop middleware of langchain", () => {
  it("runs the tool that was approved", async () => {
    const result = run(CALLS.slice(0, 1));
    await desk.approve("send_offer");
    await result;
    expect(did).toHaveBeenCalledExactlyOnceWith("send_offer", OFFER?.args);
  });

  it("runs the tool with the arguments of the person who changed them", async () => {
    const result = run(CALLS.slice(0, 1));
    await desk.fill("send_offer", "Edit and approve", { arg1: "10" });
    await result;
    expect(did).toHaveBeenCalledExactlyOnceWith("send_offer", { to: "dana@example.com", percent: 10 });
  });

  it("tells the model why it was rejected, and runs nothing", async () => {
    const result = run(CALLS.slice(0, 1));
    await desk.fill("send_offer", "Reject", { reason: "Dana has the partner price." });
    expect((await result).messages.at(-1)?.text).toContain("Dana has the partner price.");
    expect(did).not.toHaveBeenCalled();
  });

  it("offers no answer where the middleware takes none", async () => {
    const result = run(CALLS.slice(0, 1), { allowedDecisions: ["approve"] });
    const { id } = await desk.card("send_offer");
    const [card] = desk.house.sarah.cards().filter(({ blocks }) => JSON.stringify(blocks).includes(id));
    expect(JSON.stringify(card?.blocks)).not.toContain("Answer");
    await desk.approve("send_offer");
    await result;
  });

  it("keeps count and order when the second of two is decided first", async () => {
    const result = run(CALLS);
    await desk.fill("send_invoice", "Edit and approve", { arg1: "80" });
    expect(did).not.toHaveBeenCalled();
    await desk.approve("send_offer");
    await result;
    expect(did.mock.calls).toEqual([
      ["send_offer", OFFER?.args],
      ["send_invoice", { to: "dana@example.com", amount: 80 }],
    ]);
  });

  it("stays paused when nobody decides, and when Holdpoint is gone", async () => {
    const expired = expect(run(CALLS.slice(0, 1))).rejects.toMatchObject({ reason: "expired" });
    await desk.card("send_offer");
    await desk.house.pass(24 * 60 * 60_000);
    await expired;
    await desk.house.app.close();
    await expect(run(CALLS.slice(0, 1))).rejects.toMatchObject({ reason: "unreachable" });
    expect(did).not.toHaveBeenCalled();
    desk = await openDesk();
  });
});

describe("interrupts of a graph of one's own", () => {
  const ASKED = { action: "send_offer", args: { to: "dana@example.com", percent: 20 } };
  const ALL = { allow_ignore: true, allow_respond: true, allow_edit: true, allow_accept: true };

  /** A graph that asks, and keeps what it is answered. */
  function graphThatAsks(...values: readonly unknown[]) {
    const State = Annotation.Root({
      answers: Annotation<Record<string, unknown>>({
        reducer: (a, b) => ({ ...a, ...b }),
        default: () => ({}),
      }),
    });
    const graph = new StateGraph(State) as StateGraph<typeof State.spec, typeof State.State, object, string>;
    values.forEach((value, at) => {
      graph.addNode(`ask${at}`, () => ({ answers: { [at]: interrupt(value) } }));
      graph.addEdge(START, `ask${at}`);
      graph.addEdge(`ask${at}`, END);
    });
    return graph.compile({ checkpointer: new MemorySaver() });
  }

  async function answers(...values: readonly unknown[]): Promise<Record<string, unknown>> {
    const { holdpoint, options } = desk;
    const graph = graphThatAsks(...values);
    const result = await invokeWithPeople({ holdpoint, graph, Command, ...options }, {}, thread());
    return (result as { readonly answers: Record<string, unknown> }).answers;
  }

  it("are answered as the inbox did: a list of one, with the same request for an acceptance", async () => {
    const result = answers([{ action_request: ASKED, config: ALL, description: "An offer for Dana" }]);
    await desk.approve("send_offer");
    expect(await result).toEqual({ 0: [{ type: "accept", args: ASKED }] });
  });

  it("are answered in a list also where they came without one", async () => {
    const result = answers({ action_request: ASKED, config: ALL });
    await desk.fill("send_offer", "Edit and approve", { arg1: "10" });
    const edited = { action: "send_offer", args: { to: "dana@example.com", percent: 10 } };
    expect(await result).toEqual({ 0: [{ type: "edit", args: edited }] });
  });

  it("hear an answer, and the reason of a rejection, as a response", async () => {
    const result = answers({ action_request: ASKED, config: ALL });
    await desk.fill("send_offer", "Answer", { response: "Ask her about the annual plan." });
    expect(await result).toEqual({ 0: [{ type: "response", args: "Ask her about the annual plan." }] });
    const again = answers({ action_request: ASKED, config: ALL });
    await desk.fill("send_offer", "Reject", { reason: "Not before Friday." }, 2);
    expect(await again).toEqual({ 0: [{ type: "response", args: "Not before Friday." }] });
  });

  it("hear a rejection as ignored where they take no words", async () => {
    const config = { ...ALL, allow_respond: false };
    const result = answers({ action_request: ASKED, config });
    await desk.fill("send_offer", "Reject", { reason: "Not before Friday." });
    expect(await result).toEqual({ 0: [{ type: "ignore", args: null }] });
  });

  it("are answered each at its own id when several nodes ask at once", async () => {
    const second = { action: "send_invoice", args: { amount: 90 } };
    const result = answers(
      { action_request: ASKED, config: ALL },
      {
        action_requests: [{ name: second.action, args: second.args }],
        review_configs: [
          { action_name: second.action, allowed_decisions: ["approve", "edit", "reject", "respond"] },
        ],
      },
    );
    await desk.fill("send_invoice", "Edit and approve", { arg0: "80" });
    await desk.approve("send_offer");
    expect(await result).toEqual({
      0: [{ type: "accept", args: ASKED }],
      1: { decisions: [{ type: "edit", edited_action: { name: "send_invoice", args: { amount: 80 } } }] },
    });
  });

  it("speak snake_case or camelCase as they were asked, and one decision per call where they ask so", async () => {
    const call = { name: "send_offer", args: { percent: 20 } };
    const { holdpoint, options } = desk;
    const ask = (value: unknown) => answerInterrupts(holdpoint, [{ value }], options);
    const allowed = ["approve", "edit", "reject", "respond"];

    const snake = ask({
      action_requests: [call],
      review_configs: [{ action_name: "send_offer", allowed_decisions: allowed }],
    });
    await desk.fill("send_offer", "Answer", { response: "Twelve." });
    expect(await snake).toEqual({ decisions: [{ type: "respond", message: "Twelve." }] });

    const camel = ask({
      actionRequests: [call],
      reviewConfigs: [{ actionName: "send_offer", allowedDecisions: allowed }],
    });
    await desk.fill("send_offer", "Edit and approve", { arg0: "12" }, 2);
    const editedAction = { name: "send_offer", args: { percent: 12 } };
    expect(await camel).toEqual({ decisions: [{ type: "edit", editedAction }] });

    const single = ask({ type: "tool_approval", tool_call_id: "call-9", description: "An offer", ...call });
    await desk.approve("send_offer", 3);
    expect(await single).toEqual({ type: "approve" });
  });

  it("are left alone where nobody could answer in their shape", async () => {
    await expect(answers("Which colour?")).rejects.toMatchObject({ reason: "refused" });
  });
});
