/** Requests that wait, as a list: what is due first stands first. */
import type { Escalation } from "../domain/escalation/escalation.ts";
import { dueSpan, titleOf } from "./approval-card.ts";
import { type Block, plain, strong, type Text } from "./card.ts";
import { onEscalation } from "./intent.ts";
import { counting, quoted } from "./literal.ts";
import { agentName, severityWord } from "./words.ts";

export interface QueueFacts {
  readonly queue: readonly Escalation[];
  /** Names of agents by id. */
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly now: number;
}

/** @param most requests listed; the rest is counted */
export function queueBlocks({ queue, agents, now }: QueueFacts, most: number): readonly Block[] {
  const names = new Map(agents.map((agent) => [agent.id, agentName(agent)]));
  const waiting = queue.filter(({ status }) => status === "open").toSorted((a, b) => a.dueAt - b.dueAt);
  const shown = waiting.slice(0, most).flatMap((one): Block[] => [
    { kind: "text", text: rowText(one, names.get(one.agent) ?? one.agent, now) },
    { kind: "buttons", buttons: [{ label: "Open", tone: "plain", intent: onEscalation("show", one) }] },
  ]);
  if (shown.length === 0) return [{ kind: "text", text: [plain("Nothing waits for a decision.")] }];
  const rest = waiting.length - most;
  return rest > 0
    ? [...shown, { kind: "note", text: [plain(`And ${counting(rest, "more request")}.`)] }]
    : shown;
}

/**
 * One open request in a list: what is asked, how grave it is, until when, and the agent's own line.
 * @param agent its agent's name; null where the list's title says already what all of them ask
 */
export function rowText(one: Escalation, agent: string | null, now: number): Text {
  const says = quoted(one.request.summary, 120);
  return [
    strong(agent === null ? says : titleOf(one, agent)),
    plain(` · ${severityWord(one.severity)} · ${one.dueAt < now ? "was due" : "due"} `),
    dueSpan(one, now),
    ...(agent === null ? [] : [plain(` · ${says}`)]),
    ...(one.acknowledged ? [plain(` · ${one.acknowledged.by.name} is on it`)] : []),
  ];
}
