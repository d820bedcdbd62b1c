/** Cards and forms of many requests: short and long ones, mixed and settled, and as hostile as agents can be. */
import { becameCard, decideAllForm, listable } from "../../../src/cards/decide-all-form.ts";
import type { Form } from "../../../src/cards/form.ts";
import { onQueue } from "../../../src/cards/intent.ts";
import { requestsCard } from "../../../src/cards/queue-card.ts";
import { requestsNudgeCard } from "../../../src/cards/queue-nudge-card.ts";
import type { Escalation } from "../../../src/domain/escalation/escalation.ts";
import type { EscalationRequest } from "../../../src/domain/escalation/request.ts";
import type { CopyId, EscalationId } from "../../../src/domain/ids.ts";
import { MINUTE } from "../../../src/domain/time/time.ts";
import {
  decidedBy,
  type Exhibit,
  exampleAgent,
  exampleEscalation,
  JAMES,
  PEOPLE,
  SARAH,
} from "./gallery-scene.ts";
import { HOSTILE_TEXTS } from "./hostile-texts.ts";

const QUEUE = "copy_01K8ZQ4T9V6E3M2N7P5R8S1Q00" as CopyId;
const DISCOUNT = { action: { name: "discount", args: { percent: 20, to: "dana.reyes@northwind.example" } } };

/** `number` gives the id, and the order in which they are due. */
export function exampleRow(
  now: number,
  number: number,
  over: Partial<Escalation> = {},
  request: Partial<EscalationRequest> = {},
): Escalation {
  return exampleEscalation(
    now,
    {
      id: `esc_01K8ZQ4T9V6E3M2N7P5R8S2X${String(number).padStart(2, "0")}` as EscalationId,
      dueAt: now + (number + 1) * 10 * MINUTE,
      ...over,
    },
    request,
  );
}

function many(now: number, count: number, request: Partial<EscalationRequest> = {}): readonly Escalation[] {
  return Array.from({ length: count }, (_, at) => exampleRow(now, at, {}, request));
}

export function queueExhibits(now: number): readonly Exhibit[] {
  const facts = {
    queue: QUEUE,
    agents: [exampleAgent(now)],
    people: PEOPLE,
    consoleUrl: "https://holdpoint.example.com/",
    now,
  };
  const card = (name: string, requests: readonly Escalation[], from = 0): Exhibit => ({
    name,
    card: requestsCard({ ...facts, requests, from }),
  });
  const settled = many(now, 20).map((one, at) => ({
    ...one,
    ...decidedBy(at % 3 === 0 ? JAMES : SARAH, now),
  }));
  const withdrawn = exampleRow(now, 40, { status: "withdrawn", settledAt: now });
  return [
    card("many requests, like ones", many(now, 4, DISCOUNT)),
    card("many requests, mixed", [
      exampleRow(now, 1, { severity: "high", breached: true, dueAt: now - MINUTE }),
      exampleRow(now, 2, {}, { ...DISCOUNT, trigger: "budget" }),
      exampleRow(
        now,
        3,
        { acknowledged: { by: SARAH, at: now } },
        { trigger: "question", action: undefined },
      ),
    ]),
    card("many requests, a hundred", many(now, 100, DISCOUNT)),
    card("many requests, the next page", many(now, 100, DISCOUNT), 12),
    card("many requests, some settled", [...many(now, 3, DISCOUNT), ...settled, withdrawn]),
    card("many requests, all settled", [...settled, withdrawn]),
    card("many requests, hostile", hostileRows(now)),
    { name: "reminder of many", card: requestsNudgeCard({ ...facts, requests: many(now, 9) }) },
    { name: "reminder of many, settled", card: requestsNudgeCard({ ...facts, requests: settled }) },
    {
      name: "what became of many",
      card: becameCard("You approved 17 requests. 1 was decided already by James Liu."),
    },
  ];
}

export function queueForms(now: number): readonly { readonly name: string; readonly form: Form }[] {
  const facts = { agents: [exampleAgent(now)], more: 29 };
  const on = onQueue("decide_all", QUEUE);
  return [
    {
      name: "decide all",
      form: decideAllForm(on, {
        ...facts,
        listed: listable(many(now, 49, DISCOUNT), facts.agents),
        verdicts: ["approve", "reject", "respond", "dismiss"],
      }),
    },
    {
      name: "decide all, hostile",
      form: decideAllForm(on, {
        ...facts,
        listed: listable(hostileRows(now), facts.agents),
        verdicts: ["dismiss"],
      }),
    },
  ];
}

function hostileRows(now: number): readonly Escalation[] {
  return Object.values(HOSTILE_TEXTS).map((text, at) =>
    exampleRow(
      now,
      at,
      {},
      {
        summary: text,
        action: { name: text.slice(0, 100), args: { [text.slice(0, 80)]: text.slice(0, 150) } },
      },
    ),
  );
}
