/** The real Vercel AI SDK with a scripted model: a conversation asks for approval, people decide, it goes on. */
import { generateText, type ModelMessage, tool } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { answerApprovals } from "../../src/client/ai.ts";
import { type Desk, openDesk } from "./desk.ts";

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

const OFFER = { name: "send_offer", args: { to: "dana@example.com", percent: 20 } };

/** Makes the calls of each turn in turn, and then says what it read. */
function scripted(...turns: readonly (readonly Call[])[]) {
  let turn = 0;
  return new MockLanguageModelV3({
    doGenerate: async ({ prompt }) => {
      const calls = turns[turn++];
      const content = calls?.map(({ name, args }, at) => ({
        ...{ type: "tool-call" as const, toolCallId: `call-${turn}-${at}`, toolName: name },
        input: JSON.stringify(args),
      })) ?? [{ type: "text" as const, text: JSON.stringify(prompt) }];
      return {
        ...{ content, warnings: [] },
        finishReason: { unified: calls ? "tool-calls" : "stop", raw: undefined },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 1, text: 1, reasoning: 0 },
        },
      };
    },
  });
}

const tools = {
  send_offer: tool({
    ...{ description: "Sends an offer", needsApproval: true },
    inputSchema: z.object({ to: z.string(), percent: z.number() }),
    execute: async (args) => did("send_offer", args),
  }),
  send_invoice: tool({
    ...{ description: "Sends an invoice", needsApproval: true },
    inputSchema: z.object({ amount: z.number() }),
    execute: async (args) => did("send_invoice", args),
  }),
};

async function converse(
  model: MockLanguageModelV3,
  options = desk.options,
  more: { readonly experimental_toolApprovalSecret?: string } = {},
) {
  const messages: ModelMessage[] = [{ role: "user", content: "Make Dana an offer" }];
  for (;;) {
    const result = await generateText({ model, tools, messages, ...more });
    messages.push(...result.response.messages);
    const answer = await answerApprovals(desk.holdpoint, messages, options);
    if (answer === undefined) return { text: result.text, messages };
    messages.push(answer);
  }
}

it("runs the tool that was approved", async () => {
  const conversation = converse(scripted([OFFER]));
  await desk.approve("send_offer");
  await conversation;
  expect(did).toHaveBeenCalledExactlyOnceWith("send_offer", OFFER.args);
});

it("leaves the signatures of requests as they are", async () => {
  const conversation = converse(scripted([OFFER]), desk.options, {
    experimental_toolApprovalSecret: "a secret of the caller's own",
  });
  await desk.approve("send_offer");
  const { messages } = await conversation;
  expect(JSON.stringify(messages)).toMatch(/"signature":"[\w-]+"/);
  expect(did).toHaveBeenCalledOnce();
});

it("tells the model why it was rejected, or what was answered instead, and runs nothing", async () => {
  const rejected = converse(scripted([OFFER]));
  await desk.fill("send_offer", "Reject", { reason: "Dana has the partner price." });
  expect((await rejected).text).toContain("Dana has the partner price.");
  const answered = converse(scripted([OFFER]));
  await desk.fill("send_offer", "Answer", { response: "Offer the annual plan." }, 2);
  expect((await answered).text).toContain("A person answered instead: Offer the annual plan.");
  expect(did).not.toHaveBeenCalled();
});

it("decides several calls of one turn apart", async () => {
  const conversation = converse(scripted([OFFER, { name: "send_invoice", args: { amount: 90 } }]));
  await desk.fill("send_invoice", "Reject", { reason: "It went out already." });
  await desk.approve("send_offer");
  expect((await conversation).text).toContain("It went out already.");
  expect(did).toHaveBeenCalledExactlyOnceWith("send_offer", OFFER.args);
});

it("hands an edit to the model where that is asked for, and asks about its next call again", async () => {
  const edited = { name: "send_offer", args: { to: "dana@example.com", percent: 10 } };
  const allow = ["approve", "edit", "reject"] as const;
  const conversation = converse(scripted([OFFER], [edited]), { ...desk.options, allow });
  await desk.fill("send_offer", "Edit and approve", { arg1: "10" });
  await desk.approve("send_offer", 2);
  expect((await conversation).text).toContain("with these arguments only");
  expect(did).toHaveBeenCalledExactlyOnceWith("send_offer", edited.args);
});

it("says nothing when nobody decides, and when Holdpoint is gone", async () => {
  const conversation = expect(converse(scripted([OFFER]))).rejects.toMatchObject({ reason: "expired" });
  await desk.card("send_offer");
  await desk.house.pass(24 * 60 * 60_000);
  await conversation;
  await desk.house.app.close();
  await expect(converse(scripted([OFFER]))).rejects.toMatchObject({ reason: "unreachable" });
  expect(did).not.toHaveBeenCalled();
  desk = await openDesk();
});
