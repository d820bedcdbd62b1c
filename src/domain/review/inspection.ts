/** Inspections: somebody signs what a digest says of an agent; what nobody signs in time may hold the agent. */
import type { Agent } from "../agent.ts";
import { type AuditLine, SYSTEM } from "../audit.ts";
import type { Copy } from "../delivery/copy.ts";
import { auditActor } from "../escalation/decide.ts";
import type { Hold } from "../hold.ts";
import type { AgentId, DigestId, HoldId } from "../ids.ts";
import { due } from "../job.ts";
import { pause, resume } from "../pause.ts";
import { type Actor, type Named, named } from "../people.ts";
import type { Step } from "../step.ts";
import { DAY, formatDuration } from "../time/time.ts";
import type { AgentReport, Digest, DigestKind, Inspection } from "./digest.ts";

/** What a quarterly audit says of an agent's future. */
export const FUTURES = ["keep", "change", "retire"] as const;
export type Future = (typeof FUTURES)[number];

export interface Signing {
  readonly id: string;
  readonly digest: Digest;
  readonly report: AgentReport;
  readonly agent: Agent;
  readonly actor: Actor;
  readonly note: string | null;
  readonly future: Future | null;
  /** Holds of this agent that are there because nobody had signed. */
  readonly holds: readonly Hold[];
  /** Where the digest stands, so that its cards say who signed. */
  readonly copies: readonly Copy[];
  readonly now: number;
  readonly newId: () => string;
}

/** Signing a digest settles earlier ones of its kind as well: whoever signs has looked at the agent since. */
export function sign(signing: Signing): { readonly inspection: Inspection; readonly step: Step } {
  const { digest, report, agent, actor, note, future, now } = signing;
  const inspection: Inspection = {
    ...{ id: signing.id, digest: digest.id, kind: digest.kind, agent: agent.id },
    ...{ charterVersion: report.charterVersion, by: named(actor), at: now },
    lookedAt: whatWasLookedAt(report),
    note: future === null ? note : [futureWord(future), note].filter(Boolean).join(" "),
  };
  const freed = resume(signing.holds, {
    ...{ agents: [agent], by: named(actor), actor: auditActor(actor), now, newId: signing.newId },
  });
  const line: AuditLine = {
    ...{ at: now, kind: "inspection.signed", actor: auditActor(actor), agent: agent.id },
    detail: { digest: digest.id, kind: digest.kind, charter: report.charterVersion, future },
  };
  return {
    inspection,
    step: {
      ...freed,
      inspection,
      jobs: [...(freed.jobs ?? []), ...signing.copies.map((copy) => due("draw", copy.id, now))],
      audit: [line, ...freed.audit],
    },
  };
}

function futureWord(future: Future): string {
  return `${future.charAt(0).toUpperCase()}${future.slice(1)}.`;
}

/** The numbers under the signature, in a sentence. */
function whatWasLookedAt({ period, now }: AgentReport): string {
  const { verdicts, inTime } = period;
  const decided = Object.values(verdicts).reduce((sum, n) => sum + n, 0);
  const held = period.heldFor > 0 ? `, held for ${formatDuration(period.heldFor)}` : "";
  return `${period.opened} opened, ${decided} decided, ${period.expired} expired, ${inTime.n} of ${inTime.of} in time${held}; ${now.waiting} waiting`;
}

/** What was not signed for longer than this is no longer asked for: later ones are. */
export const ASKED_FOR = 400 * DAY;

/** One hold for each digest and agent, however often it is asked for. */
export function reviewHoldId(digest: DigestId, agent: AgentId): HoldId {
  return `hold_${digest.replace(/^digest_/, "")}-${agent}` as HoldId;
}

const NOBODY: Named = { id: SYSTEM.id, name: "Holdpoint" };

/** Holds an agent whose review nobody has signed for as long as its charter allows. */
export function holdUnsigned(
  { id, kind, date }: { readonly id: DigestId; readonly kind: DigestKind; readonly date: string },
  agent: Agent,
  facts: { readonly after: number; readonly now: number; readonly newId: () => string },
): Step {
  const { step } = pause({
    ...{ id: reviewHoldId(id, agent.id), agent: agent.id, agents: [agent], scope: { kind: "agent" } },
    ...{ by: NOBODY, actor: SYSTEM, until: null, now: facts.now, newId: facts.newId },
    reason: `Nobody has signed the ${kind} review of ${date} for ${formatDuration(facts.after)}: the charter holds the agent until its owner does`,
  });
  return step;
}
