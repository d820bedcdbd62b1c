/** OpenAI Agents SDK: a tool that needs approval interrupts the run, and a person decides. */
import { Agent, type Model, run as runAgent, setTracingDisabled, tool, Usage } from "@openai/agents";
import { z } from "zod";
import { createHoldpoint, HoldpointError } from "../../src/client/index.ts"; // "holdpoint/client"
import { decideInterruptions } from "../../src/client/openai-agents.ts"; // "holdpoint/openai-agents"
import { fromEnvironment, OFFER, type Run, type Word } from "./scenario.ts";

setTracingDisabled(true);

export default async function run({ url, key }: Run): Promise<Word> {
  const holdpoint = createHoldpoint({ url, key });
  let given: number | undefined;
  const offerDiscount = tool({
    name: OFFER.name,
    description: "Gives a customer a discount",
    parameters: z.object({ customer: z.string(), percent: z.number() }),
    needsApproval: true,
    execute: async ({ percent }) => {
      given = percent;
      return `Dana gets ${percent} %`;
    },
  });
  const agent = new Agent({ name: "Sales", model: scripted, tools: [offerDiscount] });

  try {
    let result = await runAgent(agent, "Dana asks for a better price");
    while (result.interruptions.length > 0) {
      // The SDK has no edit: the model hears which arguments would be fine, calls again, and is asked about again.
      const allow = ["approve", "edit", "reject", "respond"] as const;
      result = await runAgent(agent, await decideInterruptions(holdpoint, result, { allow }));
    }
    if (given !== undefined) return given === 20 ? "approved" : "edited";
    return result.finalOutput?.includes("A person answered instead") ? "answered" : "rejected";
  } catch (error) {
    if (error instanceof HoldpointError && error.reason === "expired") return "expired";
    throw error;
  }
}

/** A model that calls the tool, calls it again if it hears other arguments, and then repeats what it heard. */
const scripted: Model = {
  async getResponse({ input }) {
    const heard = Array.isArray(input) ? input.filter(({ type }) => type === "function_call_result") : [];
    const last = heard.length > 0 ? textIn(heard.at(-1)) : undefined;
    const args = last === undefined ? JSON.stringify(OFFER.args) : /arguments only: (\{.*\})/.exec(last)?.[1];
    const call = { type: "function_call", callId: crypto.randomUUID(), name: OFFER.name } as const;
    const say = { type: "message", role: "assistant", status: "completed" } as const;
    const output = args
      ? { ...call, arguments: args }
      : { ...say, content: [{ type: "output_text" as const, text: last ?? "" }] };
    return { usage: new Usage(), output: [output] };
  },
  getStreamedResponse: () => {
    throw new Error("this model does not stream");
  },
};

function textIn(result: unknown): string {
  const { output } = result as { readonly output: string | { readonly text?: string } };
  return typeof output === "string" ? output : (output.text ?? "");
}

if (import.meta.main) console.log(await run(fromEnvironment()));
