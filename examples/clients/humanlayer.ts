/** The HumanLayer SDK, unchanged: another base URL and our key, and a person decides here. */
import { HumanLayer } from "@humanlayer/sdk";
import { fromEnvironment, type Run, type Word } from "./scenario.ts";

/** The SDK waits without an end, three seconds at a time; an agent of this kind gives up some day. */
const PATIENCE = 4;

class NobodyAnswered extends Error {}

export default async function run({ url, key, scenario }: Run): Promise<Word> {
  // The SDK has no word for it: its function runs with the arguments it was called with, so no edit is offered.
  if (scenario === "edit") return "unsupported";

  let naps = 0;
  const layer = new HumanLayer({
    apiBaseUrl: `${url}/humanlayer/v1`, // or HUMANLAYER_API_BASE in the environment
    apiKey: key, // or HUMANLAYER_API_KEY
    async sleep(ms) {
      if (++naps > PATIENCE) throw new NobodyAnswered();
      await new Promise((resolve) => setTimeout(resolve, ms));
    },
  });
  async function offer_discount({ customer, percent }: { customer: string; percent: number }) {
    return `${customer} gets ${percent} %`;
  }

  try {
    if (scenario === "answer") {
      const words = await layer.humanAsTool()({
        message: "Dana asks for a better price. What do I offer her?",
      });
      return words ? "answered" : "held";
    }
    const said = await layer.requireApproval()(offer_discount)({ customer: "dana-17", percent: 20 });
    if (said === "dana-17 gets 20 %") return "approved";
    if (/^User denied function offer_discount with comment: ./.test(String(said))) return "rejected";
    throw new Error(`this is neither a yes nor a no: ${said}`);
  } catch (error) {
    // The SDK knows no "expired": to it the call is pending still.
    if (error instanceof NobodyAnswered) return "held";
    throw error;
  }
}

if (import.meta.main) console.log(await run(fromEnvironment()));
