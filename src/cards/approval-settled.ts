/** What became of a request: who decided what, when, where and why; what was changed; what the agent did with it. */
import type { Decision, Escalation, Outcome } from "../domain/escalation/escalation.ts";
import type { Directory } from "../domain/people.ts";
import { changes } from "./action.ts";
import { type Block, plain, strong, type Tone, time } from "./card.ts";
import { clip, literal, quoted } from "./literal.ts";
import { mention, nameOf } from "./names.ts";
import { outcomeWord, surfaceWord } from "./words.ts";

interface SettledFacts {
  readonly escalation: Escalation;
  readonly people: Directory;
}

/** UTF-16 units of a person's reason or answer. */
const ROOM = 1_000;

export function settledTone(escalation: Escalation): Tone {
  switch (escalation.decision?.verdict) {
    case "approve":
    case "edit":
    case "respond":
      return "good";
    case "reject":
      return "bad";
    case "dismiss":
      return "quiet";
    case undefined:
      return escalation.status === "expired" ? "bad" : "quiet";
  }
}

export function settledBlocks(facts: SettledFacts, agent: string): readonly Block[] {
  const { escalation, people } = facts;
  const { decision, outcome } = escalation;
  return [
    ...(decision ? decided(decision, facts) : [undecided(escalation, agent)]),
    ...(escalation.approvals.length > 0 && decision ? [approvers(escalation, decision, people)] : []),
    ...(outcome ? reported(outcome) : []),
  ];
}

function decided(decision: Decision, { escalation, people }: SettledFacts): readonly Block[] {
  const { verdict, by, at, surface, reason, option, response } = decision;
  const who = nameOf(people, by);
  const before = escalation.request.action?.args;
  const edited = verdict === "edit" && before && decision.args ? changes(before, decision.args).blocks : [];
  return [
    {
      kind: "text",
      text: [
        strong(outcomeWord("decided", verdict)),
        plain(" by "),
        mention(people, by),
        plain(", "),
        time(at, "date"),
        plain(`, ${surfaceWord(surface)}.`),
      ],
    },
    ...(option === undefined ? [] : [chosen(option, escalation)]),
    ...(reason === undefined ? [] : [said(`${who}'s reason`, reason)]),
    ...(response === undefined ? [] : [said(`${who}'s answer`, response)]),
    ...(edited.length > 0
      ? [{ kind: "text" as const, text: [strong(`Changed by ${who}:`)] }, ...edited]
      : []),
  ];
}

function undecided({ status, settledAt, withdrawnReason }: Escalation, agent: string): Block {
  const at = settledAt === null ? [] : [plain(", "), time(settledAt, "date")];
  const text =
    status === "withdrawn"
      ? [
          strong(`Withdrawn by ${agent}`),
          ...at,
          plain(withdrawnReason === null ? "." : `: ${quoted(withdrawnReason, 300)}`),
        ]
      : [strong("Expired: nobody decided in time"), ...at, plain(".")];
  return { kind: "text", text };
}

function approvers({ approvals }: Escalation, decision: Decision, people: Directory): Block {
  const counted = approvals.filter(
    (one) => one.digest === decision.actionDigest && one.by.id !== decision.by.id,
  );
  const names = [...counted.map(({ by }) => nameOf(people, by)), nameOf(people, decision.by)];
  const approved = decision.verdict === "approve" || decision.verdict === "edit";
  return {
    kind: "note",
    text: [
      plain(approved ? `Approved by ${names.join(" and ")}.` : "Approvals given before no longer count."),
    ],
  };
}

function chosen(option: string, { request }: Escalation): Block {
  const title = request.options?.find(({ name }) => name === option)?.title ?? option;
  return { kind: "text", text: [plain("Chosen: "), plain(quoted(title, 150))] };
}

function said(from: string, words: string): Block {
  return { kind: "quote", from, text: clip(literal(words), ROOM, 20).text };
}

function reported({ executed, detail, at }: Outcome): readonly Block[] {
  const did = executed ? "The agent reports that it was done" : "The agent reports that it was not done";
  return [
    { kind: "text", text: [plain(`${did}, `), time(at, "date"), plain(".")] },
    ...(detail === undefined ? [] : [said("It says (unverified)", detail)]),
  ];
}
