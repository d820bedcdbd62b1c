/** A person's home: what waits for them, what is due first, and the agents they answer for. */
import type { Person } from "../domain/people.ts";
import { type AgentState, pauseOrResume, stateWord } from "./agent-cards.ts";
import { type Block, type Card, plain, strong } from "./card.ts";
import { counting } from "./literal.ts";
import { type QueueFacts, queueBlocks } from "./queue.ts";
import { agentName } from "./words.ts";

export interface HomeFacts extends Omit<QueueFacts, "agents"> {
  /** Null where the directory does not know the account. */
  readonly person: Person | null;
  /** Every agent that somebody in the queue or this person is concerned with, by name. */
  readonly agents: QueueFacts["agents"];
  /** The agents that this person owns or stands in for. */
  readonly mine: readonly AgentState[];
  readonly consoleUrl: string | null;
  /** What this person is to know of absences. */
  readonly away: readonly Block[];
}

const REQUESTS = 15;
const AGENTS = 15;

export function homeCard(facts: HomeFacts): Card {
  const { person, mine, consoleUrl } = facts;
  if (!person) {
    return {
      summary: "Holdpoint does not know this account yet",
      tone: "quiet",
      blocks: [
        { kind: "heading", text: "Holdpoint does not know this account yet" },
        {
          kind: "text",
          text: [
            plain(
              "Ask the operator to add it to the people list in holdpoint.yaml. Until then nothing can wait for you here.",
            ),
          ],
        },
      ],
    };
  }
  const waiting = facts.queue.filter(({ status }) => status === "open").length;
  const title = waiting === 0 ? "Nothing waits for you" : `${counting(waiting, "request")} for you`;
  return {
    summary: title,
    tone: waiting > 0 ? "asking" : "quiet",
    blocks: [
      { kind: "heading", text: title },
      ...facts.away,
      ...(waiting > 0 ? queueBlocks(facts, REQUESTS) : []),
      { kind: "divider" },
      { kind: "heading", text: "My agents" },
      ...(mine.length > 0 ? mine.slice(0, AGENTS).flatMap(agentBlocks) : [noAgents()]),
      ...(mine.length > AGENTS
        ? [{ kind: "note" as const, text: [plain(`And ${counting(mine.length - AGENTS, "more agent")}.`)] }]
        : []),
      ...(consoleUrl === null ? [] : [{ kind: "open" as const, label: "Open the console", url: consoleUrl }]),
    ],
  };
}

function agentBlocks({ agent, holds, open }: AgentState): readonly Block[] {
  const name = agentName(agent);
  return [
    {
      kind: "text",
      text: [
        strong(name),
        plain(` · ${stateWord(holds)}`),
        plain(open > 0 ? ` · ${counting(open, "request")} waiting` : ""),
      ],
    },
    { kind: "buttons", buttons: [pauseOrResume(agent.id, name, holds)] },
  ];
}

function noAgents(): Block {
  return { kind: "text", text: [plain("You own no agent and stand in for none.")] };
}
