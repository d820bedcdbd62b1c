/** The real OpenAI Agents SDK with a scripted model: runs are interrupted, people decide, runs go on. */
import {
  Agent,
  type Model,
  type ModelRequest,
  RunState,
  run,
  setTracingDisabled,
  tool,
  Usage,
} from "@openai/agents";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { decideInterruptions } from "../../src/client/openai-agents.ts";
import { type Desk, openDesk } from "./desk.ts";

setTracingDisabled(true);

let desk: Desk;
const did = vi.fn((_: string, __: unknown) => "done");
beforeEach(async () => {
  desk = await openDesk();
  did.mockClear();
});
afterEach(() => desk.house.end());

interface Call {
  readonly name: string;
  readonly args: object;
}

/** Makes the calls of each turn in turn, and then says what the tools said. */
function scripted(...turns: readonly (readonly Call[])[]): Model {
  let turn = 0;
  return {
    async getResponse({ input }: ModelRequest) {
      const calls = turns[turn++];
      if (calls) {
        const output = calls.map(({ name, args }, at) => ({
          ...{
            type: "function_call" as const,
            callId: `call-${turn}-${at}`,
            name,
            arguments: JSON.stringify(args),
          },
        }));
        return { usage: new Usage(), output };
      }
      const text = JSON.stringify(input);
      return {
        usage: new Usage(),
        output: [
          {
            ...{ type: "message" as const, role: "assistant" as const, status: "completed" as const },
            content: [{ type: "output_text" as const, text }],
          },
        ],
      };
    },
    // biome-ignore lint/correctness/useYield: nothing streams here.
    async *getStreamedResponse() {
      throw new Error("nothing streams here");
    },
  };
}

const OFFER = { name: "send_offer", args: { to: "dana@example.com", percent: 20 } };

function agentThat(...turns: readonly (readonly Call[])[]) {
  const offer = tool({
    ...{ name: "send_offer", description: "Sends an offer", needsApproval: true },
    parameters: z.object({ to: z.string(), percent: z.number() }),
    execute: async (args) => did("send_offer", args),
  });
  const invoice = tool({
    ...{ name: "send_invoice", description: "Sends an invoice", needsApproval: true },
    parameters: z.object({ amount: z.number() }),
    execute: async (args) => did("send_invoice", args),
  });
  return new Agent({ name: "Sales", model: scripted(...turns), tools: [offer, invoice] });
}

async function finish(agent: ReturnType<typeof agentThat>, options = desk.options): Promise<string> {
  let result = await run(agent, "Make Dana an offer");
  while (result.interruptions.length > 0)
    result = await run(agent, await decideInterruptions(desk.holdpoint, result, options));
  return String(result.finalOutput);
}

it("runs the tool that was approved", async () => {
  const result = finish(agentThat([OFFER]));
  await desk.approve("send_offer");
  await result;
  expect(did).toHaveBeenCalledExactlyOnceWith("send_offer", OFFER.args);
});

it("tells the model why it was rejected, or what was answered instead, and runs nothing", async () => {
  const rejected = finish(agentThat([OFFER]));
  await desk.fill("send_offer", "Reject", { reason: "Dana has the partner price." });
  expect(await rejected).toContain("Dana has the partner price.");
  const answered = finish(agentThat([OFFER]));
  await desk.fill("send_offer", "Answer", { response: "Offer the annual plan." }, 2);
  expect(await answered).toContain("A person answered instead: Offer the annual plan.");
  expect(did).not.toHaveBeenCalled();
});

it("decides several calls of one turn apart", async () => {
  const result = finish(agentThat([OFFER, { name: "send_invoice", args: { amount: 90 } }]));
  await desk.fill("send_invoice", "Reject", { reason: "It went out already." });
  await desk.approve("send_offer");
  expect(await result).toContain("It went out already.");
  expect(did).toHaveBeenCalledExactlyOnceWith("send_offer", OFFER.args);
});

it("offers no edit, because the SDK has none", async () => {
  const result = finish(agentThat([OFFER]));
  const { id } = await desk.card("send_offer");
  const card = desk.house.sarah.cards().find(({ blocks }) => JSON.stringify(blocks).includes(id));
  expect(JSON.stringify(card?.blocks)).not.toContain("Edit");
  await desk.approve("send_offer");
  await result;
});

it("hands an edit to the model where that is asked for, and asks about its next call again", async () => {
  const edited = { name: "send_offer", args: { to: "dana@example.com", percent: 10 } };
  const allow = ["approve", "edit", "reject"] as const;
  const result = finish(agentThat([OFFER], [edited]), { ...desk.options, allow });
  await desk.fill("send_offer", "Edit and approve", { arg1: "10" });
  await desk.approve("send_offer", 2);
  expect(await result).toContain("with these arguments only");
  expect(did).toHaveBeenCalledExactlyOnceWith("send_offer", edited.args);
});

it("goes on with a state that was stored meanwhile", async () => {
  const agent = agentThat([OFFER]);
  const stored = (await run(agent, "Make Dana an offer")).state.toString();
  const state = await RunState.fromString(agent, stored);
  const deciding = decideInterruptions(
    desk.holdpoint,
    { interruptions: state.getInterruptions(), state },
    desk.options,
  );
  await desk.approve("send_offer");
  await run(agent, await deciding);
  expect(did).toHaveBeenCalledOnce();
});

it("leaves the state untouched when nobody decides, and when Holdpoint is gone", async () => {
  const agent = agentThat([OFFER]);
  const result = await run(agent, "Make Dana an offer");
  const before = result.state.toString();
  const expired = expect(decideInterruptions(desk.holdpoint, result, desk.options)).rejects.toMatchObject({
    reason: "expired",
  });
  await desk.card("send_offer");
  await desk.house.pass(24 * 60 * 60_000);
  await expired;
  await desk.house.app.close();
  await expect(decideInterruptions(desk.holdpoint, result, desk.options)).rejects.toMatchObject({
    reason: "unreachable",
  });
  expect(result.state.toString()).toBe(before);
  expect(did).not.toHaveBeenCalled();
  desk = await openDesk();
});
