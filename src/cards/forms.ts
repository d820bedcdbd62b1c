/** The forms of every gesture that needs more than a click, and what they mean once they are filled in. */

import { SEVERITIES, type Severity } from "../domain/charter/severity.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import { type AgentId, FLEET } from "../domain/ids.ts";
import type { Directory, Person } from "../domain/people.ts";
import type { FieldProblem } from "../domain/refusal.ts";
import { parseDuration } from "../domain/time/time.ts";
import { plain, type Text } from "./card.ts";
import type { Choice, Field, Filled, Form } from "./form.ts";
import { onAgent, onEscalation } from "./intent.ts";
import { quoted, short } from "./literal.ts";
import { agentName, severityWord } from "./words.ts";

/** As long as every platform's fields take. */
const LONGEST_ANSWER = 3_000;
const MOST_CHOICES = 100;

export function rejectForm(escalation: Escalation): Form {
  return {
    title: "Reject",
    send: "Reject",
    intent: onEscalation("reject", escalation),
    intro: about(escalation, "The agent is told your reason."),
    fields: optionsAnd(escalation, "reason", "Reason"),
  };
}

export function rejectKeepForm(escalation: Escalation): Form {
  return {
    ...rejectForm(escalation),
    title: "Reject, keep paused",
    send: "Reject, keep paused",
    intent: onEscalation("reject_keep", escalation),
    intro: about(escalation, "The agent is told your reason and stays paused until somebody resumes it."),
  };
}

export function respondForm(escalation: Escalation): Form {
  return {
    title: "Answer",
    send: "Send the answer",
    intent: onEscalation("respond", escalation),
    intro: about(escalation, "The agent gets your words as they are."),
    fields: optionsAnd(escalation, "response", "Your answer"),
  };
}

/** Everyone in the directory by name; a very large directory is asked for by mail address instead. */
export function reassignForm(escalation: Escalation, people: readonly Person[]): Form {
  const choices = people
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map((person): Choice => ({ value: person.id, label: short(person.name, 75) }));
  const to: Field =
    choices.length <= MOST_CHOICES
      ? { kind: "choice", name: "to", label: "Ask", optional: false, choices }
      : { kind: "line", name: "to", label: "Ask", hint: "their mail address", optional: false, max: 254 };
  return {
    title: "Reassign",
    send: "Ask them",
    intent: onEscalation("reassign", escalation),
    intro: about(escalation, "They are asked too and may decide. The deadline stays."),
    fields: [to],
  };
}

/**
 * @param message what it is about, where it was raised on a message; the person sees and may change it
 * @param seen what they have said already feels off
 */
export function flagForm(
  agents: readonly { readonly id: AgentId; readonly name: string }[],
  message: string | null,
  seen: string | null = null,
): Form {
  const [only] = agents;
  const choices = agents
    .slice(0, MOST_CHOICES)
    .map((agent): Choice => ({ value: agent.id, label: agentName(agent) }));
  return {
    title: "Something feels off",
    send: "Tell the owner",
    intent: onAgent("flag", agents.length === 1 && only ? only.id : FLEET),
    intro: [plain("The agent's owner is asked to look. High and critical also pause the agent.")],
    fields: [
      {
        kind: "choice",
        name: "agent",
        label: "Which agent?",
        optional: false,
        choices,
        ...(agents.length === 1 && only ? { value: only.id } : {}),
      },
      {
        kind: "choice",
        name: "severity",
        label: "How bad is it?",
        optional: false,
        value: "medium",
        choices: SEVERITIES.map((severity) => ({ value: severity, label: severityWord(severity) })),
      },
      {
        kind: "lines",
        name: "what",
        label: "What feels off?",
        optional: false,
        max: 2_000,
        ...(seen === null ? {} : { value: seen.slice(0, 2_000) }),
      },
      ...(message === null
        ? []
        : [
            {
              kind: "lines" as const,
              name: "about",
              label: "The message",
              optional: true,
              value: message.slice(0, LONGEST_ANSWER),
              max: LONGEST_ANSWER,
            },
          ]),
    ],
  };
}

const OPEN_END = "open";
const LENGTHS: readonly Choice[] = [
  { value: OPEN_END, label: "Until somebody resumes it" },
  { value: "30m", label: "30 minutes" },
  { value: "2h", label: "2 hours" },
  { value: "8h", label: "8 hours" },
  { value: "24h", label: "24 hours" },
  { value: "7d", label: "7 days" },
];

/** @param agent null for every agent */
export function pauseForm(agent: { readonly id: AgentId; readonly name: string } | null): Form {
  return {
    title: "Pause",
    send: "Pause",
    intent: onAgent("pause", agent?.id ?? FLEET),
    intro: [plain(`${agent ? agentName(agent) : "Every agent"} stops at once.`)],
    fields: [
      {
        kind: "choice",
        name: "for",
        label: "For how long?",
        optional: false,
        value: OPEN_END,
        choices: LENGTHS,
      },
      { kind: "lines", name: "reason", label: "Why?", optional: false, max: 500 },
    ],
  };
}

/** What somebody filled in to reject or answer; blank is absent. Whether it is enough is the decision's to say. */
export function readAnswer(filled: Filled): {
  readonly reason?: string;
  readonly option?: string;
  readonly response?: string;
} {
  const [reason, option, response] = [
    text(filled, "reason"),
    text(filled, "option"),
    text(filled, "response"),
  ];
  return { ...(reason ? { reason } : {}), ...(option ? { option } : {}), ...(response ? { response } : {}) };
}

type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

export function readReassign(filled: Filled, people: Directory): Read<Person> {
  const to = text(filled, "to");
  const person = people.find(to) ?? people.byEmail(to);
  return person
    ? { ok: true, value: person }
    : { ok: false, problems: { to: "Nobody in the people list is called that." } };
}

export function readFlag(filled: Filled): Read<{
  readonly agent: string;
  readonly severity: Severity;
  readonly what: string;
  readonly about: string | null;
}> {
  const [agent, what, about] = [text(filled, "agent"), text(filled, "what"), text(filled, "about")];
  const severity = SEVERITIES.find((one) => one === (text(filled, "severity") || "medium"));
  const problems = {
    ...(agent === "" ? { agent: "Choose an agent." } : {}),
    ...(severity === undefined ? { severity: "Choose one of the list." } : {}),
    ...(what === "" ? { what: "Say in a sentence what feels off." } : {}),
  };
  if (severity === undefined || Object.keys(problems).length > 0) return { ok: false, problems };
  return { ok: true, value: { agent, severity, what, about: about || null } };
}

export function readPause(
  filled: Filled,
  now: number,
): Read<{ readonly until: number | null; readonly reason: string }> {
  const [length, reason] = [text(filled, "for") || OPEN_END, text(filled, "reason")];
  const ms = length === OPEN_END ? null : parseDuration(length);
  if (ms === undefined) return { ok: false, problems: { for: "Choose one of the list." } };
  if (reason === "") return { ok: false, problems: { reason: "Say in a sentence why." } };
  return { ok: true, value: { until: ms === null ? null : now + ms, reason } };
}

/** Problems of a decision (`/reason`, `/response`, `/option`) by field name. */
export function answerProblems(problems: readonly FieldProblem[]): Readonly<Record<string, string>> {
  return Object.fromEntries(problems.map(({ pointer, detail }) => [pointer.replace(/^\//, ""), detail]));
}

/** Ready answers where the request has some, beside words of one's own; without them words are needed. */
function optionsAnd({ request }: Escalation, name: "reason" | "response", label: string): readonly Field[] {
  const choices = (request.options ?? [])
    .slice(0, MOST_CHOICES)
    .map((option): Choice => ({ value: option.name, label: short(option.title ?? option.name, 75) }));
  const own: Field = { kind: "lines", name, label, optional: choices.length > 0, max: LONGEST_ANSWER };
  if (choices.length === 0) return [own];
  const ready: Field = { kind: "choice", name: "option", label: "Ready answers", optional: true, choices };
  return [ready, { ...own, hint: "Choose above, or write here, or both." }];
}

function about({ request }: Escalation, words: string): Text {
  return [plain(`${words} It is about ${quoted(request.summary, 140)}.`)];
}

function text(filled: Filled, name: string): string {
  const value = Object.hasOwn(filled, name) ? filled[name] : undefined;
  return typeof value === "string" ? value.trim() : "";
}
