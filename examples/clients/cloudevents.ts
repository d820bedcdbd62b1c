/** A system that speaks CloudEvents: an event with a request in it goes to the agent's hook, and its escalation is followed. */
import { CloudEvent, HTTP } from "cloudevents";
import { fromEnvironment, OFFER, type Run, type Word } from "./scenario.ts";

interface Followed {
  readonly status: "open" | "decided" | "expired" | "withdrawn";
  readonly decision: {
    readonly verdict: string;
    readonly args?: { readonly percent: number };
    readonly reason?: string;
    readonly response?: string;
  } | null;
}

export default async function run({ url, key }: Run): Promise<Word> {
  // hp_<agent>_…: the agent's name is in its key, and in the hook's path.
  const agent = key.split("_")[1];
  const event = new CloudEvent({
    source: "/pricing",
    type: "com.example.discount.requested",
    data: {
      trigger: "approval_required",
      summary: "Offer Dana Whitfield 20 %",
      reason: "She asked for a better price.",
      action: OFFER,
    },
  });
  const { headers, body } = HTTP.structured(event);
  const authorization = `Bearer ${key}`;
  const heard = await fetch(`${url}/v1/hooks/${agent}/cloudevents`, {
    method: "POST",
    headers: { ...(headers as Record<string, string>), authorization },
    body: String(body),
  });
  if (heard.status !== 202) throw new Error(`${heard.status} ${await heard.text()}`);
  const { follow } = (await heard.json()) as { readonly follow: string };

  for (;;) {
    const answer = await fetch(`${url}${follow}?wait=30`, { headers: { authorization } });
    const now = (await answer.json()) as Followed;
    if (now.status === "open") continue;
    if (now.decision === null) return now.status === "expired" ? "expired" : "held";
    switch (now.decision.verdict) {
      case "approve":
        return "approved";
      case "edit":
        return now.decision.args?.percent === 10 ? "edited" : "held";
      case "reject":
        return now.decision.reason ? "rejected" : "held";
      case "respond":
        return now.decision.response ? "answered" : "held";
      default:
        return "held";
    }
  }
}

if (import.meta.main) console.log(await run(fromEnvironment()));
