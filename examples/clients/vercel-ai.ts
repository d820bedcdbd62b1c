/** Vercel AI SDK: a tool that needs approval stops the conversation, and a person's answer is its next message. */
import { generateText, type ModelMessage, tool } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { z } from "zod";
import { answerApprovals } from "../../src/client/ai.ts"; // "holdpoint/ai"
import { createHoldpoint, HoldpointError } from "../../src/client/index.ts"; // "holdpoint/client"
import { fromEnvironment, OFFER, type Run, type Word } from "./scenario.ts";

export default async function run({ url, key }: Run): Promise<Word> {
  const holdpoint = createHoldpoint({ url, key });
  let given: number | undefined;
  const tools = {
    [OFFER.name]: tool({
      description: "Gives a customer a discount",
      inputSchema: z.object({ customer: z.string(), percent: z.number() }),
      needsApproval: true,
      execute: async ({ percent }) => {
        given = percent;
        return `Dana gets ${percent} %`;
      },
    }),
  };
  const messages: ModelMessage[] = [{ role: "user", content: "Dana asks for a better price" }];

  try {
    for (;;) {
      const result = await generateText({ model: scripted(), tools, messages });
      messages.push(...result.response.messages);
      // The SDK has no edit: the model hears which arguments would be fine, calls again, and is asked about again.
      const allow = ["approve", "edit", "reject", "respond"] as const;
      const answer = await answerApprovals(holdpoint, messages, { allow });
      if (answer === undefined) {
        if (given !== undefined) return given === 20 ? "approved" : "edited";
        return result.text.includes("A person answered instead") ? "answered" : "rejected";
      }
      messages.push(answer);
    }
  } catch (error) {
    if (error instanceof HoldpointError && error.reason === "expired") return "expired";
    throw error;
  }
}

/** A model that calls the tool, calls it again if it hears other arguments, and then repeats what it heard. */
function scripted() {
  return new MockLanguageModelV3({
    doGenerate: async ({ prompt }) => {
      const heard = prompt.filter(({ role }) => role === "tool").at(-1);
      const last = heard && JSON.stringify(heard.content).replaceAll('\\"', '"');
      const args =
        last === undefined ? JSON.stringify(OFFER.args) : /arguments only: (\{[^}]*\})/.exec(last)?.[1];
      const call = { type: "tool-call", toolCallId: crypto.randomUUID(), toolName: OFFER.name } as const;
      return {
        content: [args ? { ...call, input: args } : { type: "text", text: last ?? "" }],
        finishReason: { unified: args ? "tool-calls" : "stop", raw: undefined },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 1, text: 1, reasoning: 0 },
        },
        warnings: [],
      };
    },
  });
}

if (import.meta.main) console.log(await run(fromEnvironment()));
