/** Asks the charter: which of its rules a signal meets, in words a person can check. */

import type { Agent } from "../agent.ts";
import { type SignalRequest, subjectKey } from "../escalation/request.ts";
import { DAY, formatDuration } from "../time/time.ts";
import { actionBounds } from "./action-bounds.ts";
import type { Charter } from "./charter.ts";
import type { Finding, Met } from "./finding.ts";
import { measured } from "./measurements.ts";
import { ASKS_FOR_A_CHANGE, ASKS_FOR_A_PERSON, LEGAL_CONCERNS, phraseIn } from "./phrases.ts";
import { graver, SEVERITIES } from "./severity.ts";
import { TRIGGERS } from "./trigger.ts";
import { ruleFor } from "./trigger-rule.ts";

export type { Finding } from "./finding.ts";
export { NEGATIVE_REPLIES } from "./measurements.ts";

/** A count the judge needs: how often something happened on a subject since an instant. */
export interface Question {
  readonly what: string;
  readonly subject: string;
  readonly since: number;
}

/** What has to be counted before judging, and what this signal adds to the counts. */
export interface Counting {
  readonly questions: readonly Question[];
  /** Counted at once: a contact that asks for a change. */
  readonly contact?: { readonly what: string; readonly subject: string };
  /** Counted only if the signal may proceed: an action with a frequency limit. */
  readonly permits: readonly { readonly what: string; readonly subject: string }[];
}

export function whatToCount(agent: Agent, request: SignalRequest, now: number): Counting {
  const { charter } = agent;
  const limits = frequencyLimits(charter, request);
  const repeated = asksForChange(charter, request);
  return {
    questions: [
      ...limits.map(({ what, subject, per }) => ({ what, subject, since: now - per })),
      ...(repeated ? [{ what: repeated.what, subject: repeated.subject, since: now - repeated.within }] : []),
    ],
    ...(repeated ? { contact: { what: repeated.what, subject: repeated.subject } } : {}),
    permits: [
      ...new Map(limits.map(({ what, subject }) => [`${what} ${subject}`, { what, subject }])).values(),
    ],
  };
}

/** Every rule that is met, gravest first. `counts` answers the questions of `whatToCount`, in their order. */
export function judge(
  agent: Agent,
  request: SignalRequest,
  counts: readonly number[],
  now: number,
): readonly Finding[] {
  const { charter } = agent;
  const found: Met[] = [
    ...labLeak(agent, request),
    ...saidInText(charter, request),
    ...measured(charter, request.signal, now),
    ...(request.action ? actionBounds(charter, request.action) : []),
    ...counted(charter, request, counts),
  ];
  return (
    found
      // What the charter never allows stays forbidden, whichever questions it has switched off.
      .filter((met) => met.never || !charter.triggers[met.trigger]?.off)
      .map((met): Finding => {
        const usual = ruleFor(charter, met.trigger).severity;
        return { ...met, severity: met.severity ? graver(met.severity, usual) : usual };
      })
      .sort(
        (a, b) =>
          SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
          TRIGGERS.indexOf(a.trigger) - TRIGGERS.indexOf(b.trigger),
      )
  );
}

/** A lab agent may touch only subjects whose id matches one of these patterns; every other subject counts as production. */
const LAB_SUBJECTS: readonly string[] = ["lab-*", "test-*"];

function labLeak(agent: Agent, { subject }: SignalRequest): Met[] {
  if (agent.environment !== "lab" || !subject) return [];
  const patterns = agent.charter.triggers.lab_leak?.lab_subjects ?? LAB_SUBJECTS;
  const inLab = patterns.some((pattern) =>
    pattern.endsWith("*") ? subject.id.startsWith(pattern.slice(0, -1)) : subject.id === pattern,
  );
  return inLab ? [] : [{ trigger: "lab_leak", rule: `a lab agent touches ${subject.type} ${subject.id}` }];
}

function saidInText(charter: Charter, { text }: SignalRequest): Met[] {
  if (!text) return [];
  const legal = phraseIn(text, charter.triggers.compliance?.phrases ?? LEGAL_CONCERNS);
  const person = phraseIn(text, charter.triggers.human_requested?.phrases ?? ASKS_FOR_A_PERSON);
  const met: Met[] = [];
  if (legal) met.push({ trigger: "compliance", rule: `the text says “${legal}”` });
  if (person) met.push({ trigger: "human_requested", rule: `the customer asks for a person: “${person}”` });
  return met;
}

/** What has happened too often. An answer that is missing counts as none. */
function counted(charter: Charter, request: SignalRequest, counts: readonly number[]): Met[] {
  const limits = frequencyLimits(charter, request);
  const met: Met[] = limits
    .filter((limit, at) => (counts[at] ?? 0) >= limit.atMost)
    .map(({ rule }) => ({ trigger: "approval_required", rule }));
  const repeated = asksForChange(charter, request);
  if (repeated && (counts[limits.length] ?? 0) + 1 > repeated.moreThan) {
    const often = repeated.moreThan === 1 ? "once" : `${repeated.moreThan} times`;
    met.push({ trigger: "repeated_contact", rule: `asked for a change more than ${often}` });
  }
  return met;
}

/** Actions that name no subject share one count, so that leaving it out evades no limit. */
const NO_SUBJECT = "-";
const ANY_SUBJECT = "*";

function frequencyLimits(charter: Charter, { action, subject }: SignalRequest) {
  return charter.constraints.frequency
    .filter((limit) => limit.action === action?.name)
    .map((limit) => {
      const one = subject ? subjectKey(subject) : NO_SUBJECT;
      return {
        rule: `${limit.action} more than ${limit.at_most} times in ${formatDuration(limit.per)}`,
        what: `action:${limit.action}`,
        subject: limit.by === "subject" ? one : ANY_SUBJECT,
        atMost: limit.at_most,
        per: limit.per,
      };
    });
}

function asksForChange(charter: Charter, { text, subject }: SignalRequest) {
  const rule = charter.triggers.repeated_contact;
  if (!text || !subject || !phraseIn(text, rule?.phrases ?? ASKS_FOR_A_CHANGE)) return undefined;
  return {
    what: "repeated_contact",
    subject: subjectKey(subject),
    moreThan: rule?.more_than ?? 1,
    within: rule?.within ?? 30 * DAY,
  };
}
