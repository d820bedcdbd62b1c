/** Steps as the domain makes them, for the store's contract: agents, escalations, decisions, holds. */
import { createHash } from "node:crypto";
import type { Agent, Key } from "../../src/domain/agent.ts";
import type { AuditLine } from "../../src/domain/audit.ts";
import { charterSchema } from "../../src/domain/charter/charter.ts";
import type { Callback } from "../../src/domain/delivery/callback.ts";
import { type Copy, newCopy } from "../../src/domain/delivery/copy.ts";
import { decide } from "../../src/domain/escalation/decide.ts";
import type { Escalation } from "../../src/domain/escalation/escalation.ts";
import { type Opened, openEscalation } from "../../src/domain/escalation/open-escalation.ts";
import { type EscalationRequest, requestSchema } from "../../src/domain/escalation/request.ts";
import type { Hold } from "../../src/domain/hold.ts";
import type {
  AgentId,
  CallbackId,
  CopyId,
  EscalationId,
  HoldId,
  KeyId,
  PersonId,
} from "../../src/domain/ids.ts";
import { type Actor, directory, type Person } from "../../src/domain/people.ts";
import type { Step } from "../../src/domain/step.ts";

/** Monday 2 November 2026, 09:00 UTC. */
export const NINE = Date.UTC(2026, 10, 2, 9);

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** An id that sorts by its number, as ULIDs sort by their time. */
export function numbered(kind: string, number: number): string {
  return `${kind}_${String(number).padStart(8, "0")}`;
}

export function person(number: number): Person {
  return { id: `person-${number}` as PersonId, name: `Person ${number}`, accounts: {}, roles: [] };
}

export function actor(number: number): Actor {
  return {
    surface: "slack",
    account: `slack:T1/U${number}`,
    name: `Person ${number}`,
    standing: "member",
    person: person(number),
  };
}

export const people = directory([person(1), person(2)]);

export function agent(id = "trial-nurture", charterVersion = 1): Agent {
  return {
    id: id as AgentId,
    name: "Trial nurture",
    environment: "production",
    callbackUrl: "https://agent.example/callbacks",
    charterVersion,
    charter: charterSchema.parse({
      goal: { outcome: `Win trials, version ${charterVersion}` },
      actions: { may: ["send_email"], ask_first: [{ action: "discount", when: { percent: { above: 15 } } }] },
      constraints: {},
      triggers: {},
      review: {},
      ownership: { owner: "person-1" },
    }),
    createdAt: NINE,
    updatedAt: NINE + charterVersion,
  };
}

export function chartered(after: Agent, before = after.charterVersion - 1): Step {
  return {
    agent: { before, after, by: { id: "admin", name: "An admin" } },
    audit: [line("agent.chartered", { agent: after.id })],
  };
}

export function line(kind: AuditLine["kind"], more: Partial<AuditLine> = {}): AuditLine {
  return { at: NINE, kind, actor: { kind: "system", id: "holdpoint" }, ...more };
}

/** The number gives all ids. */
export function opened(
  number: number,
  more: {
    readonly agent?: Agent;
    readonly request?: Partial<EscalationRequest>;
    readonly rule?: string;
    readonly now?: number;
  } = {},
): Opened {
  const of = more.agent ?? agent();
  return openEscalation({
    id: numbered("esc", number) as EscalationId,
    holdId: numbered("hold", number) as HoldId,
    callbackId: numbered("cb", number),
    newCopyId: () => numbered("copy", number) as CopyId,
    agent: of,
    platforms: [],
    absences: [],
    request: requestSchema.parse({
      trigger: "approval_required",
      summary: `Request ${number}`,
      reason: "The charter asks first for discounts",
      action: { name: "discount", args: { percent: 20, to: "Łukasz “Ω” 🚀" } },
      state: { nested: [1, null, { deep: true }] },
      ...more.request,
    }),
    by: { kind: "agent", id: of.id, name: of.name },
    people,
    sha256,
    now: more.now ?? NINE + number,
    ...(more.rule === undefined ? {} : { rule: more.rule }),
  });
}

/** What a person's approval makes of an open escalation. */
export function approved(
  before: Escalation,
  hold: Hold | null,
  by: number,
  more: { readonly keepHeld?: boolean; readonly of?: Agent; readonly now?: number } = {},
): Step {
  const result = decide(
    before,
    { verdict: "approve", actor: actor(by), now: more.now ?? NINE + 60_000, keepHeld: more.keepHeld },
    {
      agent: more.of ?? agent(),
      hold,
      card: "shown",
      platforms: ["slack"],
      checkArgs: () => [],
      sha256,
      newId: () => `cb_${before.id}_${by}_${before.revision}_${callbackNumber++}`,
    },
  );
  if (!result.ok) throw new Error(`the sample was refused: ${result.no.code}`);
  return result.value;
}
let callbackNumber = 1;

export function pauseHold(number: number, of: string): Hold {
  return {
    id: numbered("hold", number) as HoldId,
    agent: of as AgentId,
    scope: of === "all" ? { kind: "fleet" } : { kind: "subject", subject: "contact:1:2" },
    reason: "Something feels off",
    placedBy: { id: "person-1", name: "Person 1" },
    placedAt: NINE + number,
    until: null,
    escalation: null,
    confirmedAt: null,
    releasedAt: null,
    releasedBy: null,
  };
}

export function key(number: number, of: string | null, more: Partial<Key> = {}): Key {
  return {
    id: numbered("key", number) as KeyId,
    agent: of as AgentId | null,
    hash: sha256(`key ${number}`),
    signingSecret: of === null ? null : "sealed",
    createdAt: NINE + number,
    revokedAt: null,
    ...more,
  };
}

export function copy(number: number, escalation: EscalationId, more: Partial<Copy> = {}): Copy {
  const address = { platform: "slack", kind: "person", id: "U1" } as const;
  const id = numbered("copy", number) as CopyId;
  return newCopy({ id, escalation, part: "card", address, createdAt: NINE + number, ...more });
}

export function callback(
  number: number,
  escalation: EscalationId | null,
  more: Partial<Callback> = {},
): Callback {
  return {
    id: numbered("cb", number) as CallbackId,
    agent: agent().id,
    escalation,
    type: "escalation.decided",
    url: "https://agent.example/callbacks",
    body: '{"type":"escalation.decided"}',
    state: "pending",
    attempts: 0,
    lastError: null,
    createdAt: NINE + number,
    startedAt: NINE + number,
    deliveredAt: null,
    ...more,
  };
}
