/** Every card and form the product can show, hostile ones included: each renderer draws them all, in tests and in previews. */

import {
  agentListCard,
  agentStatusCard,
  ownerCard,
  queueCard,
  whyCard,
} from "../../../src/cards/agent-cards.ts";
import { helpCard, pausedCard, resumedCard } from "../../../src/cards/command-cards.ts";
import { contextCard } from "../../../src/cards/context-card.ts";
import { editForm } from "../../../src/cards/edit-form.ts";
import type { Form } from "../../../src/cards/form.ts";
import {
  flagForm,
  pauseForm,
  reassignForm,
  rejectForm,
  rejectKeepForm,
  respondForm,
} from "../../../src/cards/forms.ts";
import { homeCard } from "../../../src/cards/home-card.ts";
import { holdKeptCard, holdPlacedCard, holdReleasedCard } from "../../../src/cards/notice-cards.ts";
import { nudgeCard } from "../../../src/cards/nudge-card.ts";
import type { EscalationRequest } from "../../../src/domain/escalation/request.ts";
import type { AgentId, EscalationId, HoldId } from "../../../src/domain/ids.ts";
import { HOUR, MINUTE } from "../../../src/domain/time/time.ts";
import { absenceExhibits } from "./gallery-absences.ts";
import { approvalExhibits } from "./gallery-approvals.ts";
import { digestExhibits } from "./gallery-digests.ts";
import { queueExhibits, queueForms } from "./gallery-queues.ts";
import {
  CONSOLE_PAGE,
  decidedBy,
  type Exhibit,
  exampleAgent,
  exampleCard,
  exampleEscalation,
  exampleHold,
  JAMES,
  PEOPLE,
  SARAH,
} from "./gallery-scene.ts";
import { HOSTILE_TEXTS } from "./hostile-texts.ts";

export type { Exhibit } from "./gallery-scene.ts";

/** The same cards for the same instant, in the same order; names are unique. */
export function gallery(now: number): readonly Exhibit[] {
  return [
    ...approvalExhibits(now),
    ...replies(now),
    ...queueExhibits(now),
    ...agents(now),
    ...absenceExhibits(now),
    ...notices(now),
    ...digestExhibits(now),
  ];
}

/** Every form, with plain and with hostile contents. */
export function formGallery(now: number): readonly { readonly name: string; readonly form: Form }[] {
  const agent = exampleAgent(now);
  const request = exampleEscalation(now);
  const options = exampleEscalation(now, {}, { options: [{ name: "legal", title: "Legal answers this" }] });
  const typed = exampleEscalation(now, {}, TYPED);
  return [
    { name: "reject", form: rejectForm(request) },
    { name: "reject with options", form: rejectForm(options) },
    { name: "reject and keep paused", form: rejectKeepForm(request) },
    { name: "answer", form: respondForm(options) },
    { name: "edit without a schema", form: editForm(request) },
    { name: "edit with a schema", form: editForm(typed) },
    { name: "reassign", form: reassignForm(request, PEOPLE.people) },
    { name: "flag", form: flagForm([agent], "Hi Dana, as agreed we double the price.") },
    { name: "pause", form: pauseForm(agent) },
    { name: "pause everything", form: pauseForm(null) },
    ...queueForms(now),
    ...Object.entries(HOSTILE_TEXTS).map(([name, text]) => ({
      name: `edit: ${name}`,
      form: editForm(
        exampleEscalation(
          now,
          {},
          { action: { name: text.slice(0, 100), args: { [text.slice(0, 80)]: text } } },
        ),
      ),
    })),
  ];
}

const TYPED: Partial<EscalationRequest> = {
  action: { name: "discount", args: { percent: 20, reason: "retention", notify: true, tier: "gold" } },
  args_schema: {
    type: "object",
    required: ["percent", "tier"],
    properties: {
      percent: { type: "integer", minimum: 0, maximum: 50, description: "How much off, in per cent" },
      tier: { enum: ["silver", "gold", "platinum"] },
      notify: { type: "boolean", title: "Tell the customer" },
      reason: { type: "string", maxLength: 120 },
      until: { type: "string", format: "date" },
    },
  },
};

function replies(now: number): readonly Exhibit[] {
  const agent = exampleAgent(now);
  const facts = { agent, consoleUrl: CONSOLE_PAGE, people: PEOPLE, now };
  const transcript = [
    {
      who: "Dana Reyes",
      at: "2026-11-20T09:12:00Z",
      text: "Can your compliance module handle GDPR and HIPAA simultaneously?",
    },
    { who: "Trial nurture", at: "2026-11-20T09:12:30Z", text: "Let me find that out for you." },
  ];
  const full = exampleEscalation(
    now,
    {},
    {
      transcript,
      context: [
        { label: "Plan", value: "Enterprise trial, day 11 of 30" },
        { label: "Industry", value: "Healthcare" },
      ],
      links: [
        { label: "Contact in the CRM", url: "https://crm.example.com/contacts/4711" },
        { label: "Approve in Slack", url: "https://xn--pple-43d.example/approve" },
      ],
    },
  );
  const flood = exampleEscalation(
    now,
    {},
    {
      transcript: Array.from({ length: 500 }, (_, at) => ({
        who: `Speaker ${at}`,
        text: "blah ".repeat(at),
      })),
      context: Array.from({ length: 100 }, (_, at) => ({ label: `Label ${at}`, value: "x".repeat(at * 80) })),
    },
  );
  const hostile = exampleEscalation(
    now,
    {},
    {
      transcript: Object.entries(HOSTILE_TEXTS).map(([who, text]) => ({ who, text: text.slice(0, 8_000) })),
      context: Object.values(HOSTILE_TEXTS).map((text) => ({
        label: text.slice(0, 100),
        value: text.slice(0, 8_000),
      })),
    },
  );
  return [
    { name: "context", card: contextCard({ ...facts, escalation: full }, 9_000) },
    { name: "context, far too much", card: contextCard({ ...facts, escalation: flood }, 9_000) },
    { name: "context, hostile", card: contextCard({ ...facts, escalation: hostile }, 9_000) },
    { name: "reminder", card: nudgeCard({ ...facts, escalation: exampleEscalation(now) }) },
    {
      name: "reminder of something settled",
      card: nudgeCard({ ...facts, escalation: exampleEscalation(now, decidedBy(SARAH, now)) }),
    },
    {
      name: "an agent with a hostile name",
      card: exampleCard(now, {
        agent: exampleAgent(now, { name: "<!channel> *APPROVED by @ciso* \u202Eevil https://evil.example" }),
      }),
    },
  ];
}

function agents(now: number): readonly Exhibit[] {
  const agent = exampleAgent(now);
  const lab = exampleAgent(now, { id: "content-lab" as AgentId, name: "Content lab", environment: "lab" });
  const hold = exampleHold(now);
  const narrow = exampleHold(now, {
    id: "hold_01K8ZQ4T9V6E3M2N7P5R8S1W12" as HoldId,
    scope: { kind: "capability", capability: "send_email" },
    escalation: null,
    placedBy: JAMES,
    reason: "The mail provider complains",
    until: now + 2 * HOUR,
  });
  const held = { agent, holds: [hold, narrow], open: 1 };
  const free = { agent: lab, holds: [], open: 0 };
  const facts = { people: PEOPLE, now };
  const queue = Array.from({ length: 22 }, (_, at) =>
    exampleEscalation(now, {
      id: `esc_01K8ZQ4T9V6E3M2N7P5R8S1X${String(at).padStart(2, "0")}` as EscalationId,
      dueAt: now + (at - 2) * 20 * MINUTE,
    }),
  );
  const home = {
    now,
    away: [],
    agents: [agent, lab],
    mine: [held, free],
    consoleUrl: "https://holdpoint.example.com/",
  };
  return [
    { name: "home", card: homeCard({ ...home, person: SARAH, queue: queue.slice(0, 3) }) },
    { name: "home, a long queue", card: homeCard({ ...home, person: SARAH, queue }) },
    { name: "home, nothing waits", card: homeCard({ ...home, person: JAMES, queue: [], mine: [] }) },
    { name: "home of somebody unknown", card: homeCard({ ...home, person: null, queue: [], mine: [] }) },
    { name: "agent list", card: agentListCard([held, free], PEOPLE) },
    { name: "agent list, none", card: agentListCard([], PEOPLE) },
    { name: "agent status, paused", card: agentStatusCard(held, facts) },
    { name: "agent status, running", card: agentStatusCard(free, facts) },
    { name: "why", card: whyCard(held, { ...facts, behind: [exampleEscalation(now)] }) },
    { name: "why, nothing holds it", card: whyCard(free, { ...facts, behind: [] }) },
    { name: "owner", card: ownerCard(agent, { people: PEOPLE, absences: [], now }) },
    { name: "queue", card: queueCard({ queue, agents: [agent], now }) },
    { name: "queue, empty", card: queueCard({ queue: [], agents: [agent], now }) },
    { name: "help", card: helpCard("/agent") },
    { name: "paused", card: pausedCard(narrow, agent) },
    {
      name: "paused, every agent",
      card: pausedCard(exampleHold(now, { agent: "all" as AgentId, scope: { kind: "fleet" } }), null),
    },
    { name: "resumed", card: resumedCard(1, { agent, holds: [] }, { ...facts, by: SARAH }) },
    { name: "resumed, still held", card: resumedCard(1, { agent, holds: [hold] }, { ...facts, by: SARAH }) },
  ];
}

function notices(now: number): readonly Exhibit[] {
  const agent = exampleAgent(now);
  const hold = exampleHold(now, {
    escalation: null,
    placedBy: JAMES,
    reason: "Numbers look wrong since noon",
  });
  const facts = { agent, people: PEOPLE };
  const subject = exampleHold(now, { scope: { kind: "subject", subject: "contact:4711" } });
  return [
    { name: "hold placed", card: holdPlacedCard(hold, facts) },
    { name: "hold placed for two hours", card: holdPlacedCard({ ...hold, until: now + 2 * HOUR }, facts) },
    { name: "hold kept", card: holdKeptCard(subject, { ...facts, by: SARAH }) },
    { name: "hold lifted", card: holdReleasedCard(hold, { ...facts, by: SARAH, running: true }) },
    {
      name: "hold lifted, others stand",
      card: holdReleasedCard(hold, { ...facts, by: SARAH, running: false }),
    },
  ];
}
