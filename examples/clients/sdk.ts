/** An agent that stops by itself: it raises an escalation in its own words, and waits for the decision. */
import { approvedArgs, createHoldpoint } from "../../src/client/index.ts"; // in your project: "holdpoint/client"
import { fromEnvironment, OFFER, type Run, type Word } from "./scenario.ts";

export default async function run({ url, key }: Run): Promise<Word> {
  const holdpoint = createHoldpoint({ url, key });

  const raised = await holdpoint.escalate({
    trigger: "approval_required",
    summary: "Offer Dana Whitfield 20 %",
    reason: "She asked for a better price, and 15 % is the most I may give by myself.",
    subject: { type: "contact", id: "dana-17", name: "Dana Whitfield" },
    transcript: [{ who: "Dana", text: "Can you do something about the price?" }],
    action: OFFER,
  });
  const settled = await raised.decision();

  if (settled.status !== "decided") return settled.status === "expired" ? "expired" : "held";
  switch (settled.decision.verdict) {
    case "approve":
    case "edit": {
      const { percent } = await approvedArgs(OFFER, settled); // throws if the decision is about anything else
      await raised.outcome({ executed: true, detail: `Dana gets ${percent} %` });
      return percent === 20 ? "approved" : "edited";
    }
    case "reject":
      return settled.decision.reason ? "rejected" : "held";
    case "respond":
      return settled.decision.response ? "answered" : "held";
    case "dismiss":
      return "held";
  }
}

if (import.meta.main) console.log(await run(fromEnvironment()));
