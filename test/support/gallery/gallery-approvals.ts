/** The approval card in every state it can be in, and with every text that means ill. */
import type { EscalationRequest } from "../../../src/domain/escalation/request.ts";
import { HOUR, MINUTE } from "../../../src/domain/time/time.ts";
import {
  drawer,
  type Exhibit,
  exampleAgent,
  exampleEscalation,
  exampleHold,
  JAMES,
  OTHER_DIGEST,
  SARAH,
  SEND_EMAIL,
} from "./gallery-scene.ts";
import { settledExhibits } from "./gallery-settled.ts";
import { HONEST_TEXTS, HOSTILE_TEXTS } from "./hostile-texts.ts";

export function approvalExhibits(now: number): readonly Exhibit[] {
  return [...open(now), ...settledExhibits(now), ...hostile(now)];
}

const WITHOUT_ACTION: Partial<EscalationRequest> = { action: undefined };

function open(now: number): readonly Exhibit[] {
  const card = drawer(now);
  const nested = {
    name: "update_campaign",
    args: { id: 88, audience: { segment: "trial", regions: ["UK", "DE"] }, steps: [{ day: 1 }, { day: 4 }] },
  };
  const askedAgain = {
    stage: 1,
    stageStartedAt: now - 10 * MINUTE,
    dueAt: now + 230 * MINUTE,
    breached: true,
  };
  return [
    { name: "approve an e-mail", card: card({ rule: "confidence below 70 %" }) },
    { name: "no console", card: card({}, {}, { consoleUrl: null }) },
    { name: "carry on without an action", card: card({}, WITHOUT_ACTION) },
    {
      name: "a customer asks for a person",
      card: card(
        { severity: "high", allow: ["approve", "reject", "respond", "dismiss"] },
        { ...WITHOUT_ACTION, trigger: "human_requested", signal: undefined },
      ),
    },
    {
      name: "budget passes 80 %",
      card: card(
        { severity: "high", rule: "budget above 80 %", allow: ["approve", "reject", "respond", "dismiss"] },
        {
          ...WITHOUT_ACTION,
          trigger: "budget",
          subject: undefined,
          signal: { budget: { spent: 6_720, cap: 8_000, currency: "GBP" } },
        },
      ),
    },
    {
      name: "a metric off its baseline",
      card: card(
        { severity: "high", rule: "open_rate more than 30 % from its baseline within 2 d" },
        {
          ...WITHOUT_ACTION,
          trigger: "metric_deviation",
          signal: { metric: { name: "open_rate", baseline: 0.34, current: 0.21, window: 48 * HOUR } },
        },
      ),
    },
    {
      name: "replies turn negative",
      card: card({}, { ...WITHOUT_ACTION, trigger: "negative_sentiment", signal: { sentiment: -0.62 } }),
    },
    {
      name: "legal words, critical",
      card: card(
        { severity: "critical", rule: "the text says “data breach”" },
        { trigger: "compliance", signal: undefined },
      ),
    },
    {
      name: "a lab agent touches production",
      card: card(
        {
          severity: "critical",
          allow: ["reject", "respond", "dismiss"],
          rule: "a lab agent touches contact 4711",
        },
        { trigger: "lab_leak", signal: undefined },
        { agent: exampleAgent(now, { environment: "lab" }) },
      ),
    },
    {
      name: "a question with ready answers",
      card: card(
        { severity: "low", allow: ["respond", "dismiss"] },
        {
          ...WITHOUT_ACTION,
          trigger: "question",
          signal: undefined,
          options: [
            { name: "yes", title: "Yes, both at once" },
            { name: "no", title: "No, one per workspace" },
          ],
        },
        { hold: exampleHold(now, { scope: { kind: "subject", subject: "contact:4711" } }) },
      ),
    },
    {
      name: "something feels off",
      card: card(
        { allow: ["respond", "dismiss"], hold: null },
        { ...WITHOUT_ACTION, trigger: "flag", signal: undefined, subject: undefined },
        { hold: null },
      ),
    },
    {
      name: "nested arguments, one action held",
      card: card(
        { rule: "the charter does not list update_campaign" },
        { trigger: "approval_required", signal: undefined, action: nested },
        { hold: exampleHold(now, { scope: { kind: "action", digest: OTHER_DIGEST } }) },
      ),
    },
    {
      name: "an action without arguments",
      card: card({}, { action: { name: "pause_campaigns", args: {} } }),
    },
    { name: "held, not confirmed", card: card({}, {}, { hold: exampleHold(now, { confirmedAt: null }) }) },
    {
      name: "somebody is on it",
      card: card({ acknowledged: { by: SARAH, at: now - 3 * MINUTE }, revision: 2 }),
    },
    { name: "the next stage is asked", card: card({ ...askedAgain, asked: [SARAH.id, JAMES.id] }) },
    { name: "the channel is asked", card: card({ ...askedAgain, stage: 2 }) },
    { name: "asked again in vain", card: card({ ...askedAgain, stage: 2, rounds: 3 }) },
    {
      name: "nobody can be reached",
      card: card({
        asked: [],
        chain: { stages: [{ people: [], channel: null, within: 4 * HOUR }], onSilence: "keep_held" },
      }),
    },
    {
      name: "one of two approvals",
      card: card({
        approvalsNeeded: 2,
        approvals: [
          { by: SARAH, surface: "slack", account: "a", at: now, digest: exampleEscalation(now).actionDigest },
        ],
      }),
    },
    {
      name: "a proposed change waits for the second approver",
      card: card({
        approvalsNeeded: 2,
        approvals: [{ by: SARAH, surface: "slack", account: "a", at: now, digest: OTHER_DIGEST }],
        proposal: {
          args: { ...SEND_EMAIL.action?.args, follow_up_days: 7, subject: "GDPR and HIPAA at once" },
          digest: OTHER_DIGEST,
          by: SARAH,
        },
      }),
    },
    {
      name: "everything came with it",
      card: card(
        { severity: "critical" },
        {
          reason: "Because. ".repeat(220),
          context: [{ label: "Plan", value: "Enterprise trial, day 11" }],
          transcript: [{ who: "Dana Reyes", text: "Can your compliance module handle both?" }],
          links: [{ label: "CRM", url: "https://crm.example/4711" }],
          options: Array.from({ length: 50 }, (_, at) => ({
            name: `answer-${at}`,
            title: `Answer number ${at}`,
          })),
        },
      ),
    },
  ];
}

/** Each text in every place where an agent can put one, within what the door lets in. */
function hostile(now: number): readonly Exhibit[] {
  const card = drawer(now);
  return Object.entries({ ...HOSTILE_TEXTS, ...HONEST_TEXTS }).map(([name, text]) => ({
    name: `text: ${name}`,
    card: card(
      { rule: text.slice(0, 500) },
      {
        summary: text.slice(0, 300),
        reason: text,
        subject: { type: "contact", id: text.slice(0, 200), name: text.slice(0, 200) },
        action: {
          name: text.slice(0, 100),
          args: { [text.slice(0, 80)]: text, short: text.slice(0, 100), body: text },
        },
        options: [{ name: text.slice(0, 75), title: text.slice(0, 150) }],
      },
    ),
  }));
}
