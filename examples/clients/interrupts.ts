/** A graph that runs elsewhere: its interrupt is sent as it is, and what comes back is what the graph resumes with. */
import { fromEnvironment, OFFER, type Run, type Word } from "./scenario.ts";

/** As LangChain's middleware in Python writes it; its answer comes in the same case. */
const HITL_REQUEST = {
  action_requests: [{ ...OFFER, description: "Dana asked for a better price." }],
  review_configs: [{ action_name: OFFER.name, allowed_decisions: ["approve", "edit", "reject", "respond"] }],
};

interface HitlResponse {
  readonly decisions: readonly {
    readonly type: "approve" | "edit" | "reject" | "respond";
    readonly edited_action?: { readonly name: string; readonly args: { readonly percent: number } };
    readonly message?: string;
  }[];
}

export default async function run({ url, key }: Run): Promise<Word> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const asked = await fetch(`${url}/v1/interrupts`, {
    method: "POST",
    headers: { ...headers, "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify(HITL_REQUEST),
  });
  if (asked.status !== 202) throw new Error(`${asked.status} ${await asked.text()}`);
  const { poll } = (await asked.json()) as { readonly poll: string };

  for (;;) {
    const now = (await (await fetch(`${url}${poll}?wait=30`, { headers })).json()) as {
      readonly status: "pending" | "decided" | "expired" | "withdrawn";
      readonly response?: HitlResponse;
    };
    if (now.status === "pending") continue;
    if (now.status === "expired") return "expired";
    // new Command({ resume: now.response }), where the graph runs
    const [decision] = now.response?.decisions ?? [];
    switch (decision?.type) {
      case "approve":
        return "approved";
      case "edit":
        return decision.edited_action?.args.percent === 10 ? "edited" : "held";
      case "reject":
        return decision.message ? "rejected" : "held";
      case "respond":
        return decision.message ? "answered" : "held";
      default:
        return "held";
    }
  }
}

if (import.meta.main) console.log(await run(fromEnvironment()));
