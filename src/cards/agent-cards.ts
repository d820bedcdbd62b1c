/** Answers to chat commands about agents: list, status, why, owner and queue. */
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { Hold } from "../domain/hold.ts";
import { type AgentId, FLEET, type PersonId } from "../domain/ids.ts";
import type { Directory } from "../domain/people.ts";
import { type AwayFacts, awayWords } from "./absence-cards.ts";
import { type Block, type Button, type Card, type Fact, plain, strong, type Text, time } from "./card.ts";
import { confirmation } from "./hold-words.ts";
import { onAgent, onEscalation } from "./intent.ts";
import { counting, quoted, short } from "./literal.ts";
import { mention, nameOf } from "./names.ts";
import { type QueueFacts, queueBlocks } from "./queue.ts";
import { agentName, type CardAgent, heldThing } from "./words.ts";

/** An agent with the active holds that concern it, the fleet's included. */
export interface AgentState {
  readonly agent: CardAgent;
  readonly holds: readonly Hold[];
  /** Requests of it that wait. */
  readonly open: number;
}

/** Whether a hold on the whole agent, or on the fleet, stops it. */
export function isPaused(holds: readonly Hold[]): boolean {
  return holds.some(({ scope }) => scope.kind === "agent" || scope.kind === "fleet");
}

/** "running", "paused", or "running; 2 narrower holds". */
export function stateWord(holds: readonly Hold[]): string {
  if (isPaused(holds)) return "paused";
  return holds.length === 0 ? "running" : `running; ${counting(holds.length, "narrower hold")}`;
}

const MOST = 30;

export function agentListCard(states: readonly AgentState[], people: Directory): Card {
  const paused = states.filter(({ holds }) => isPaused(holds)).length;
  const items = states
    .slice(0, MOST)
    .map(
      ({ agent, holds, open }): Text => [
        strong(agentName(agent)),
        plain(" "),
        { kind: "code", text: agent.id },
        plain(` · ${stateWord(holds)}`),
        plain(agent.environment === "lab" ? " · lab" : ""),
        plain(` · owner ${nameOf(people, agent.charter.ownership.owner)}`),
        ...(open > 0 ? [plain(` · ${open} waiting`)] : []),
      ],
    );
  const summary =
    states.length === 0 ? "No agents yet" : `${counting(states.length, "agent")}, ${paused} paused`;
  return {
    summary,
    tone: "quiet",
    blocks: [
      { kind: "heading", text: summary },
      ...(items.length > 0
        ? [{ kind: "list" as const, items }]
        : [
            {
              kind: "text" as const,
              text: [plain("Name the first in holdpoint.yaml.")],
            },
          ]),
      ...restNote(states.length - MOST, "more agent"),
    ],
  };
}

export function agentStatusCard(
  state: AgentState,
  facts: { readonly people: Directory; readonly now: number },
): Card {
  const { agent, holds, open } = state;
  const name = agentName(agent);
  const { charter } = agent;
  const rows: Fact[] = [
    { label: "State", value: [strong(stateWord(holds))] },
    { label: "Waiting", value: [plain(counting(open, "request"))] },
    { label: "Owner", value: [mention(facts.people, charter.ownership.owner)] },
    { label: "Goal", value: [plain(short(charter.goal.outcome, 300))] },
    { label: "Environment", value: [plain(agent.environment)] },
    { label: "Charter", value: [plain(`version ${agent.charterVersion}`)] },
  ];
  return {
    summary: `${name} is ${stateWord(holds)}`,
    tone: isPaused(holds) ? "urgent" : "good",
    blocks: [
      { kind: "heading", text: `${name} is ${isPaused(holds) ? "paused" : "running"}` },
      { kind: "facts", facts: rows },
      ...holdBlocks(holds, name, facts),
      { kind: "buttons", buttons: [pauseOrResume(agent.id, name, holds)] },
    ],
  };
}

/** Why an agent stands still: its holds, and the requests behind them. */
export function whyCard(
  state: AgentState,
  facts: { readonly behind: readonly Escalation[]; readonly people: Directory; readonly now: number },
): Card {
  const name = agentName(state.agent);
  const { holds } = state;
  const waiting = holds.flatMap((hold) => facts.behind.filter(({ id }) => id === hold.escalation));
  const buttons: Button[] = waiting.slice(0, 5).map((one, at) => ({
    label: waiting.length === 1 ? "Open the request" : `Open request ${at + 1}`,
    tone: "plain",
    intent: onEscalation("show", one),
  }));
  const title = holds.length === 0 ? `${name} is running: nothing holds it` : `Why ${name} is held`;
  return {
    summary: title,
    tone: isPaused(holds) ? "urgent" : "quiet",
    blocks: [
      { kind: "heading", text: title },
      ...holdBlocks(holds, name, facts),
      ...(buttons.length > 0 ? [{ kind: "buttons" as const, buttons }] : []),
    ],
  };
}

export function ownerCard(agent: CardAgent, away: AwayFacts): Card {
  const { people } = away;
  const { owner, deputies, approvers, escalate_to } = agent.charter.ownership;
  const named = (ids: readonly string[]): Text =>
    ids.flatMap((id, at) => [
      ...(at > 0 ? [plain(", ")] : []),
      id === "rep" ? plain("the rep of the request") : plain(nameOf(people, id)),
    ]);
  const row = (label: string, ids: readonly string[]): Fact[] =>
    ids.length > 0 ? [{ label, value: named(ids) }] : [];
  const name = agentName(agent);
  const facts = [
    ...row("Deputies", deputies),
    ...row("Also decide", approvers),
    ...row("Asked next", escalate_to),
  ];
  return {
    summary: `${name} is owned by ${nameOf(people, owner)}`,
    tone: "quiet",
    blocks: [
      {
        kind: "text",
        text: [
          strong(name),
          plain(" is owned by "),
          mention(people, owner),
          ...awayWords(owner as PersonId, away),
          plain("."),
        ],
      },
      ...(facts.length > 0 ? [{ kind: "facts" as const, facts }] : []),
    ],
  };
}

/** @param away what the reader is to know of absences */
export function queueCard(facts: QueueFacts, away: readonly Block[] = []): Card {
  const waiting = facts.queue.filter(({ status }) => status === "open").length;
  const title = waiting === 0 ? "Nothing waits for you" : `${counting(waiting, "request")} for you`;
  return {
    summary: title,
    tone: waiting > 0 ? "asking" : "quiet",
    blocks: [{ kind: "heading", text: title }, ...away, ...queueBlocks(facts, 10)],
  };
}

/** Active holds as a list: what, since when, by whom and why. */
export function holdBlocks(
  holds: readonly Hold[],
  agent: string,
  { people, now }: { readonly people: Directory; readonly now: number },
): readonly Block[] {
  if (holds.length === 0) return [];
  const items = holds
    .slice(0, 10)
    .map(
      (hold): Text => [
        strong(heldThing(hold.scope, agent)),
        plain(" held since "),
        time(hold.placedAt, "date"),
        ...(hold.until === null ? [] : [plain(" until "), time(hold.until, "date")]),
        plain(` by ${nameOf(people, hold.placedBy)}, ${quoted(hold.reason, 160)}`),
        plain(hold.escalation === null ? "" : "; a request is behind it"),
        plain(confirmation(hold, now)),
      ],
    );
  return [{ kind: "list", items }, ...restNote(holds.length - 10, "more hold")];
}

function restNote(rest: number, thing: string): readonly Block[] {
  return rest > 0 ? [{ kind: "note", text: [plain(`And ${counting(rest, thing)}.`)] }] : [];
}

export function pauseOrResume(agent: AgentId, name: string, holds: readonly Hold[]): Button {
  return isPaused(holds)
    ? resumeButton(agent, name)
    : { label: "Pause", tone: "stop", intent: onAgent("pause", agent) };
}

export function resumeButton(agent: AgentId, name: string): Button {
  const whom = agent === FLEET ? "Every agent" : name;
  return {
    label: "Resume",
    tone: "go",
    intent: onAgent("resume", agent),
    confirm: `Resume? ${whom} will act again.`,
  };
}
