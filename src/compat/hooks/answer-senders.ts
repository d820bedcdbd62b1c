/** Words a callback for the sender that asked: CrewAI and n8n wait at a URL for a body of their own. */
import type { CallbackSender } from "../../application/ports.ts";
import type { EscalationView } from "../../domain/views.ts";

/** Stands in an escalation's state, so that it comes with every callback; agents may use the rest of their state freely. */
const MARK = "holdpoint:sender";

type Sender = "crewai" | "n8n";

/** The state of an escalation whose callbacks are worded for a sender. */
export function answeredAs(sender: Sender, facts: Readonly<Record<string, string>>) {
  return { [MARK]: sender, ...facts };
}

/** Sends as `sender` does, with the body the receiver knows. The signature is made over what is sent. */
export function answerSenders(sender: CallbackSender): CallbackSender {
  return {
    async send(callback) {
      const view = callback.body.includes(MARK) ? marked(callback.body) : undefined;
      if (!view) return sender.send(callback);
      if (view.sender === "n8n") return sender.send({ ...callback, body: JSON.stringify(forN8n(view.data)) });
      const feedback = feedbackIn(view.data);
      if (feedback === undefined) {
        // A flow takes whatever it hears for a reviewer's words, and might find an approval in them.
        const why = `CrewAI has no word for ${view.data.status}, so it was told nothing and its flow goes on waiting`;
        return { kind: "untellable", why };
      }
      const body = JSON.stringify({ feedback, source: "holdpoint" });
      const result = await sender.send({ ...callback, body });
      // Somebody has answered in CrewAI itself and was faster; there is nothing left to tell.
      return result.kind === "retry" && result.status === 409 ? { kind: "delivered", status: 409 } : result;
    },
  };
}

function marked(body: string): { readonly sender: Sender; readonly data: EscalationView } | undefined {
  const { data } = JSON.parse(body) as { readonly data?: EscalationView };
  const state: unknown = data?.state;
  if (!data || typeof state !== "object" || state === null || !(MARK in state)) return undefined;
  const sender = state[MARK];
  return sender === "crewai" || sender === "n8n" ? { sender, data } : undefined;
}

/** An outcome of the flow's own comes first, so that it is found; undefined: no person has said anything. */
function feedbackIn({ decision }: EscalationView): string | undefined {
  if (!decision) return undefined;
  const words = decision.response ?? decision.reason;
  if (decision.option !== undefined) return words ? `${decision.option}: ${words}` : decision.option;
  return words ?? `${decision.verdict}, says ${decision.by.name}`;
}

/** Flat, for the expressions of a workflow. `approved` is null where nobody decided: neither yes nor no. */
function forN8n({ id, status, decision }: EscalationView) {
  const verdict = decision?.verdict ?? null;
  return {
    ...{ escalation: id, status, verdict },
    approved: verdict === null ? null : verdict === "approve" || verdict === "edit",
    args: decision?.args ?? null,
    option: decision?.option ?? null,
    comment: decision?.response ?? decision?.reason ?? null,
    by: decision?.by.name ?? null,
    at: decision?.at ?? null,
  };
}
