/** The scene the domain's tests play in: a few people, one agent under the charter of the documentation, and its requests. */
import { createHash } from "node:crypto";
import type { Agent } from "../../src/domain/agent.ts";
import type { CoverFor } from "../../src/domain/chain/absence.ts";
import { type Charter, type CharterInput, charterSchema } from "../../src/domain/charter/charter.ts";
import type { Deciding, Facts } from "../../src/domain/escalation/decide.ts";
import type { Escalation } from "../../src/domain/escalation/escalation.ts";
import { type Opened, type Opening, openEscalation } from "../../src/domain/escalation/open-escalation.ts";
import { requestSchema } from "../../src/domain/escalation/request.ts";
import type { Hold } from "../../src/domain/hold.ts";
import type { AgentId, CopyId, EscalationId, HoldId, PersonId } from "../../src/domain/ids.ts";
import { type Actor, type Directory, directory, type Person } from "../../src/domain/people.ts";
import type { Refusal } from "../../src/domain/refusal.ts";
import type { Result } from "../../src/domain/result.ts";
import type { Step } from "../../src/domain/step.ts";

/** Monday, 2 March 2026, 10:00 UTC. */
export const NOW = Date.UTC(2026, 2, 2, 10);

/** Nobody is away. */
export const here: CoverFor = () => ({ kind: "here" });

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export function person(id: string, more: Partial<Person> = {}): Person {
  const name = id.charAt(0).toUpperCase() + id.slice(1);
  const accounts = { slack: `U${id}` };
  return { id: id as PersonId, name, email: `${id}@example.com`, accounts, roles: [], ...more };
}

/** sarah owns, james stands in, nina may approve, the cmo is asked late, ada administers, otto audits, rita is a rep. */
export const people: Directory = directory([
  ...["sarah", "james", "nina", "cmo", "rita", "milo"].map((id) => person(id)),
  person("ada", { roles: ["admin"] }),
  person("otto", { roles: ["auditor"] }),
]);

export function actor(who: string | Person, more: Partial<Actor> = {}): Actor {
  const one = typeof who === "string" ? (people.find(who) ?? null) : who;
  const id = typeof who === "string" ? who : who.id;
  const account = `slack:T1/U${id}`;
  return { surface: "slack", account, name: one?.name ?? id, standing: "member", person: one, ...more };
}

export const CHARTER: CharterInput = {
  goal: { outcome: "Increase trial-to-paid conversion", metric: "conversion", target: "+25%" },
  actions: {
    may: ["send_email", "in_app_message"],
    ask_first: [{ action: "discount", when: { percent: { above: 15 } } }],
    never: ["change_pricing"],
  },
  constraints: {
    budget: { cap: 8000, currency: "GBP", per: "month" },
    frequency: [{ action: "send_email", at_most: 3, per: "7d", by: "subject" }],
  },
  triggers: {},
  review: { timezone: "Europe/London" },
  ownership: {
    owner: "sarah",
    deputies: ["james"],
    approvers: ["nina", "rep"],
    escalate_to: ["cmo"],
    fallback: "chat:C0FALLBACK",
  },
};

/** The scene's charter with whole parts, or single fields of a part, replaced. */
export function charter(
  changes: { readonly [Part in keyof CharterInput]?: Partial<CharterInput[Part]> } = {},
): Charter {
  const parts = Object.entries(changes).map(([part, change]) => [
    part,
    { ...CHARTER[part as keyof CharterInput], ...change },
  ]);
  return charterSchema.parse({ ...CHARTER, ...Object.fromEntries(parts) });
}

export function agent(under: Charter = charter(), more: Partial<Agent> = {}): Agent {
  return {
    ...{
      id: "trial-nurture" as AgentId,
      name: "Trial nurture",
      environment: "production",
      callbackUrl: null,
    },
    ...{ charterVersion: 3, charter: under, createdAt: NOW, updatedAt: NOW },
    ...more,
  };
}

let ids = 0;
export const newId = (): string => `cb_${++ids}`;

/** A request for 20 % discount, with whatever is different about it. */
export function request(more: Record<string, unknown> = {}) {
  return requestSchema.parse({
    trigger: "approval_required",
    summary: "20 % discount for Acme",
    reason: "The charter asks first above 15 %",
    action: { name: "discount", args: { percent: 20 } },
    subject: { type: "contact", id: "123" },
    ...more,
  });
}

export function open(more: Record<string, unknown> = {}, about: Partial<Opening> = {}): Opened {
  const under = about.agent ?? agent();
  return openEscalation({
    ...{ id: "esc_1" as EscalationId, holdId: "hold_1" as HoldId, callbackId: newId(), agent: under },
    ...{ platforms: ["slack"], absences: [], newCopyId: () => newId() as CopyId },
    ...{ request: request(more), by: { kind: "agent", id: under.id, name: under.name } },
    ...{ people, sha256, now: NOW },
    ...about,
  });
}

export function facts(hold: Hold | null, more: Partial<Facts> = {}): Facts {
  return {
    ...{ agent: agent(), hold, card: "shown" as const, platforms: ["slack"] },
    ...{ checkArgs: () => [], sha256, newId },
    ...more,
  };
}

export function deciding(
  who: string | Actor,
  verdict: Deciding["verdict"],
  more: Partial<Deciding> = {},
): Deciding {
  return { verdict, actor: typeof who === "string" ? actor(who) : who, now: NOW + 60_000, ...more };
}

/** The escalation after a step; fails the test when the step has none. */
export function changed(step: Step | undefined): Escalation {
  if (!step?.escalation) throw new Error("the step changes no escalation");
  return step.escalation.after;
}

export function allowed(result: Result<Step, Refusal>): Step {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.no)}`);
  return result.value;
}

export function refusal(result: Result<Step, Refusal>): Refusal {
  if (result.ok) throw new Error("not refused");
  return result.no;
}
