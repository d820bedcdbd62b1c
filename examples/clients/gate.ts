/** The shortest way: the charter is asked before the action, and the action runs only with what was approved. */
import { createHoldpoint } from "../../src/client/index.ts"; // in your project: "holdpoint/client"
import { fromEnvironment, OFFER, type Run, type Word } from "./scenario.ts";

export default async function run({ url, key }: Run): Promise<Word> {
  const holdpoint = createHoldpoint({ url, key });
  const dana = { type: "contact", id: "dana-17", name: "Dana Whitfield" };

  const gated = await holdpoint.gate(OFFER, dana, ({ percent }) => `Dana gets ${percent} %`);

  switch (gated.outcome) {
    case "ran":
      return gated.value === "Dana gets 20 %" ? "approved" : "edited";
    case "rejected":
    case "answered":
      return gated.words ? gated.outcome : "held";
    case "expired":
      return "expired";
    case "dismissed":
    case "withdrawn":
    case "held":
      return "held";
  }
}

if (import.meta.main) console.log(await run(fromEnvironment()));
