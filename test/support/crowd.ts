/** Many requests to one person, raised so that it is sure which of them share a card. */
import type { AgentClient } from "./agent-client.ts";
import type { Holdpoint } from "./holdpoint.ts";

type Request = Readonly<Record<string, unknown>>;

/** An action that fits on a line, where it is approved from the list; longer ones are read first. */
export const SHORT = { action: { name: "send_email", args: { to: "dana@example.com", percent: 10 } } };

/** `Request 0`, `Request 1` and so on. */
export function numbered(many: number, more: Request = {}): readonly Request[] {
  return Array.from({ length: many }, (_, at) => ({ ...SHORT, summary: `Request ${at}`, ...more }));
}

/** A lone request and, so soon after its card that they wait together, the others: these share one card. Answers with their ids. */
export async function raiseCrowd(
  house: Holdpoint,
  agent: AgentClient,
  requests: readonly Request[],
): Promise<readonly string[]> {
  await agent.escalate({ summary: "The lone one" });
  await house.settle();
  const ids: string[] = [];
  for (const request of requests) {
    ids.push(String((await agent.escalate(request)).body.id));
    // Lists are in the order of coming, where all are due after the same time.
    house.clock.advance(1);
  }
  await house.settle();
  return ids;
}
