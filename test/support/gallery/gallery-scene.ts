/** The people, agents and requests that the gallery draws: made-up, whole and the same on every run. */

import { type ApprovalFacts, approvalCard } from "../../../src/cards/approval-card.ts";
import type { Card } from "../../../src/cards/card.ts";
import type { Agent } from "../../../src/domain/agent.ts";
import { charterSchema } from "../../../src/domain/charter/charter.ts";
import type { Decision, Escalation } from "../../../src/domain/escalation/escalation.ts";
import type { EscalationRequest } from "../../../src/domain/escalation/request.ts";
import type { Hold } from "../../../src/domain/hold.ts";
import type { ActionDigest, AgentId, EscalationId, HoldId, PersonId } from "../../../src/domain/ids.ts";
import { directory, type Named, type Person } from "../../../src/domain/people.ts";
import { HOUR, MINUTE } from "../../../src/domain/time/time.ts";

const person = (id: string, name: string, account: string): Person => ({
  id: id as PersonId,
  name,
  email: `${id}@example.com`,
  accounts: { slack: account },
  roles: [],
});

export const SARAH = person("sarah", "Sarah Chen", "U012ABCDEF");
export const JAMES = person("james", "James Liu", "U012ABCDEG");
export const PRIYA = person("priya", "Priya Nair", "U012ABCDEH");
export const PEOPLE = directory([SARAH, JAMES, PRIYA]);

export const CONSOLE_PAGE = "https://holdpoint.example.com/escalations/esc_01K8ZQ4T9V6E3M2N7P5R8S1W0X";
const DIGEST: ActionDigest = "sha256:3f9a1c22b07d4e5f8a6b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f";
export const OTHER_DIGEST: ActionDigest =
  "sha256:b1946ac92492d2347c6235b4d2611184e0e0b1c2d3e4f5a6b7c8d9e0f3f9a1c2";

export function exampleAgent(now: number, over: Partial<Agent> = {}): Agent {
  return {
    id: "trial-nurture" as AgentId,
    name: "Trial nurture",
    environment: "production",
    callbackUrl: null,
    charterVersion: 3,
    charter: charterSchema.parse({
      goal: { outcome: "Increase trial-to-paid conversion in enterprise" },
      actions: { may: ["send_email"], ask_first: [{ action: "discount", when: { percent: { above: 15 } } }] },
      constraints: { budget: { cap: 8000, currency: "GBP", per: "month" } },
      triggers: { low_confidence: { below: 0.7 }, budget: { above: 0.8 } },
      review: { weekly: "Mon 10:00", timezone: "Europe/London" },
      ownership: { owner: "sarah", deputies: ["james"], escalate_to: ["priya"] },
    }),
    createdAt: now - 30 * 24 * HOUR,
    updatedAt: now - 24 * HOUR,
    ...over,
  };
}

export const SEND_EMAIL: EscalationRequest = {
  trigger: "low_confidence",
  summary: "Reply to Dana Reyes at Northwind Health about GDPR and HIPAA",
  reason:
    "The question “Can your compliance module handle GDPR and HIPAA simultaneously?” is about a regulated setup I have little material on.",
  signal: { confidence: 0.62 },
  subject: { type: "contact", id: "4711", name: "Dana Reyes" },
  action: {
    name: "send_email",
    args: {
      to: "dana.reyes@northwind.example",
      subject: "GDPR and HIPAA together",
      body: "Hi Dana,\n\nyes: both rule sets can be active at once, per workspace.\n\nBest,\nMark",
      follow_up_days: 3,
    },
  },
  rep: "mark@example.com",
};

/** An open request for a decision, placed 20 minutes ago, changed as asked. */
export function exampleEscalation(
  now: number,
  over: Partial<Escalation> = {},
  request: Partial<EscalationRequest> = {},
): Escalation {
  const createdAt = now - 20 * MINUTE;
  const asked = { ...SEND_EMAIL, ...request };
  return {
    id: "esc_01K8ZQ4T9V6E3M2N7P5R8S1W0X" as EscalationId,
    revision: 1,
    agent: "trial-nurture" as AgentId,
    charterVersion: 3,
    status: "open",
    trigger: asked.trigger,
    severity: "medium",
    request: asked,
    rule: null,
    actionDigest: asked.action ? DIGEST : null,
    allow: ["approve", ...(asked.action ? ["edit" as const] : []), "reject", "respond", "dismiss"],
    approvalsNeeded: 1,
    approvals: [],
    proposal: null,
    hold: "hold_01K8ZQ4T9V6E3M2N7P5R8S1W0Y" as HoldId,
    chain: {
      stages: [
        { people: [SARAH.id], channel: null, within: 4 * HOUR },
        { people: [JAMES.id], channel: null, within: 4 * HOUR },
        { people: [], channel: "slack:C0123456789", within: 4 * HOUR },
      ],
      onSilence: "keep_held",
    },
    stage: 0,
    stageStartedAt: createdAt,
    reminders: 0,
    rounds: 0,
    asked: [SARAH.id],
    reassigned: [],
    standIns: [],
    acknowledged: null,
    decision: null,
    outcome: null,
    raisedBy: null,
    withdrawnReason: null,
    createdAt,
    dueAt: createdAt + 4 * HOUR,
    breached: false,
    settledAt: null,
    ...over,
  };
}

export function exampleHold(now: number, over: Partial<Hold> = {}): Hold {
  return {
    id: "hold_01K8ZQ4T9V6E3M2N7P5R8S1W0Y" as HoldId,
    agent: "trial-nurture" as AgentId,
    scope: { kind: "agent" },
    reason: "Reply to Dana Reyes at Northwind Health about GDPR and HIPAA",
    placedBy: { id: "trial-nurture", name: "Trial nurture" },
    placedAt: now - 20 * MINUTE,
    until: null,
    escalation: "esc_01K8ZQ4T9V6E3M2N7P5R8S1W0X" as EscalationId,
    confirmedAt: now - 19 * MINUTE,
    releasedAt: null,
    releasedBy: null,
    ...over,
  };
}

/** The fields of an escalation that Sarah has decided a minute ago. */
export function decidedBy(who: Named, now: number, over: Partial<Decision> = {}): Partial<Escalation> {
  const decision: Decision = {
    verdict: "approve",
    by: { id: who.id, name: who.name },
    surface: "slack",
    account: "slack:T0123/U012ABCDEF",
    at: now - MINUTE,
    actionDigest: DIGEST,
    keepHeld: false,
    ...over,
  };
  return { status: "decided", revision: 2, decision, settledAt: decision.at };
}

export function exampleFacts(now: number, over: Partial<ApprovalFacts> = {}): ApprovalFacts {
  return {
    escalation: exampleEscalation(now),
    agent: exampleAgent(now),
    people: PEOPLE,
    hold: exampleHold(now),
    holds: [],
    consoleUrl: CONSOLE_PAGE,
    now,
    ...over,
  };
}

export function exampleCard(now: number, over: Partial<ApprovalFacts> = {}) {
  return approvalCard(exampleFacts(now, over));
}

/** A card under the name that tests and previews know it by. */
export interface Exhibit {
  readonly name: string;
  readonly card: Card;
}

/** Draws the example request, changed as asked. */
export function drawer(now: number) {
  return (
    over: Partial<Escalation> = {},
    request: Partial<EscalationRequest> = {},
    facts: Partial<ApprovalFacts> = {},
  ): Card => exampleCard(now, { escalation: exampleEscalation(now, over, request), ...facts });
}
