/** Confirmations of commands, and the list of them. */
import type { Hold } from "../domain/hold.ts";
import type { Directory, Named } from "../domain/people.ts";
import { holdBlocks, isPaused, resumeButton } from "./agent-cards.ts";
import { type Card, plain, soft, strong, type Text, time } from "./card.ts";
import { counting, quoted } from "./literal.ts";
import { nameOf } from "./names.ts";
import { agentName } from "./words.ts";

/** Tells the one who paused that it is done. */
export function pausedCard(hold: Hold, agent: { readonly name: string } | null): Card {
  const name = agent ? agentName(agent) : "Every agent";
  const until: Text =
    hold.until === null
      ? [plain(" until somebody resumes it.")]
      : [plain(" until "), time(hold.until, "date"), plain(".")];
  const note = "Agents are told at once; one that never asks may finish what it is doing.";
  return {
    summary: `${name} is paused`,
    tone: "urgent",
    blocks: [
      { kind: "text", text: [strong(`${name} is paused`), ...until] },
      { kind: "note", text: [plain(`Reason: ${quoted(hold.reason, 300)}. ${note}`)] },
      { kind: "buttons", buttons: [resumeButton(hold.agent, name)] },
    ],
  };
}

/** Tells the one who resumed what runs again, and what still holds the agent. */
export function resumedCard(
  released: number,
  state: { readonly agent: { readonly name: string } | null; readonly holds: readonly Hold[] },
  facts: { readonly people: Directory; readonly now: number; readonly by: Named },
): Card {
  const name = state.agent ? agentName(state.agent) : "Every agent";
  const paused = isPaused(state.holds);
  const title = paused ? `${name} stays paused` : `${name} is running again`;
  return {
    summary: title,
    tone: paused ? "urgent" : "good",
    blocks: [
      {
        kind: "text",
        text: [
          strong(title),
          plain(`: ${nameOf(facts.people, facts.by)} lifted ${counting(released, "hold")}.`),
        ],
      },
      ...holdBlocks(state.holds, name, facts),
    ],
  };
}

/** @param command how commands start on this platform, such as `/agent` */
export function helpCard(command: string): Card {
  const items = COMMANDS.map(
    ([words, does]): Text => [{ kind: "code", text: `${command} ${words}` }, soft(" "), plain(does)],
  );
  return {
    summary: `What ${command} can do`,
    tone: "quiet",
    blocks: [
      { kind: "heading", text: "Commands" },
      { kind: "list", items },
    ],
  };
}

const COMMANDS: readonly (readonly [string, string])[] = [
  ["list", "every agent and whether it runs"],
  ["status <agent>", "one agent: state, owner, goal"],
  ["pause <agent> [for 2h] [reason]", "stop it; anybody may"],
  ["pause all [reason]", "stop every agent"],
  ["resume <agent>", "lift its pause; owner, deputies and administrators may"],
  ["queue", "what waits for your decision"],
  [
    "out until <day> deputy @name",
    "you are away: your deputy is asked instead; back ends it, out alone says who is away",
  ],
  ["why <agent>", "what holds it, and which request is behind it"],
  ["owner <agent>", "who answers for it"],
  ["flag <agent> [what feels off]", "tell its owner that something feels off"],
  ["digest daily|weekly|monthly|quarterly [agent]", "look back now, on your agents or on one"],
  ["help", "this list"],
];
