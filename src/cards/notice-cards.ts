/** Notices: a hold was placed, kept or lifted by somebody, told to those whose agent it is. */
import type { Hold } from "../domain/hold.ts";
import type { Directory, Named } from "../domain/people.ts";
import { resumeButton } from "./agent-cards.ts";
import { type Block, type Card, plain, strong, type Text, time } from "./card.ts";
import { clip, literal, quoted } from "./literal.ts";
import { mention, nameOf } from "./names.ts";
import { agentName, heldThing, lowerFirst } from "./words.ts";

export interface NoticeFacts {
  /** The agent's name; null for the fleet. */
  readonly agent: { readonly name: string } | null;
  readonly people: Directory;
}

/** Somebody paused an agent, or all of them. */
export function holdPlacedCard(hold: Hold, facts: NoticeFacts): Card {
  const thing = thingOf(hold, facts);
  const until: Text = hold.until === null ? [] : [plain(", until "), time(hold.until, "date")];
  return {
    summary: `${thing} paused by ${nameOf(facts.people, hold.placedBy)}: ${quoted(hold.reason, 140)}`,
    tone: "urgent",
    blocks: [
      { kind: "heading", text: `${thing} paused` },
      {
        kind: "text",
        text: [
          plain("By "),
          mention(facts.people, hold.placedBy),
          plain(", "),
          time(hold.placedAt, "date"),
          ...until,
          plain("."),
        ],
      },
      reason(hold),
      resumeNote(),
      resumeBlock(hold, thing),
    ],
  };
}

/** A request was rejected and its hold kept. */
export function holdKeptCard(hold: Hold, facts: NoticeFacts & { readonly by: Named }): Card {
  const thing = thingOf(hold, facts);
  const who = nameOf(facts.people, facts.by);
  return {
    summary: `${thing} stays paused: ${who} rejected a request and kept the hold`,
    tone: "bad",
    blocks: [
      { kind: "heading", text: `${thing} stays paused` },
      {
        kind: "text",
        text: [mention(facts.people, facts.by), plain(" rejected a request and kept the hold.")],
      },
      reason(hold),
      resumeNote(),
      resumeBlock(hold, thing),
    ],
  };
}

/** A hold was lifted; `running` says whether nothing else stops the agent. */
export function holdReleasedCard(
  hold: Hold,
  facts: NoticeFacts & { readonly by: Named; readonly running: boolean },
): Card {
  const thing = thingOf(hold, facts);
  const who = nameOf(facts.people, facts.by);
  const text: Text = facts.running
    ? [strong(`${thing}: running again.`), plain(` The hold was lifted by ${who}.`)]
    : [strong(`${thing}: still paused.`), plain(` ${who} lifted one hold; others stand.`)];
  return {
    summary: facts.running ? `${thing}: running again` : `${thing}: one hold lifted, others stand`,
    tone: facts.running ? "good" : "quiet",
    blocks: [{ kind: "text", text }],
  };
}

function thingOf(hold: Hold, { agent }: NoticeFacts): string {
  const name = agent ? agentName(agent) : "Every agent";
  return isNarrow(hold) ? `${name}, ${lowerFirst(heldThing(hold.scope, name))}` : name;
}

function isNarrow({ scope }: Hold): boolean {
  return scope.kind !== "agent" && scope.kind !== "fleet";
}

function reason(hold: Hold): Block {
  return { kind: "quote", from: "Reason", text: clip(literal(hold.reason), 600, 10).text };
}

function resumeNote(): Block {
  return { kind: "note", text: [plain("The owner, deputies and administrators can resume it.")] };
}

function resumeBlock(hold: Hold, thing: string): Block {
  return { kind: "buttons", buttons: [resumeButton(hold.agent, thing)] };
}
