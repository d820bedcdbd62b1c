/** The audit trail: one line per change of state, each sealed to the one before by its hash. */
import { canonicalJson, type Sha256 } from "./escalation/action-digest.ts";

export const AUDIT_KINDS = [
  "agent.chartered",
  "key.issued",
  "key.revoked",
  "escalation.opened",
  "escalation.acknowledged",
  "escalation.reassigned",
  "escalation.approval_counted",
  "escalation.decided",
  "escalation.expired",
  "escalation.withdrawn",
  "escalation.reminded",
  "escalation.stage_advanced",
  "escalation.outcome_reported",
  "escalation.handed_over",
  "absence.declared",
  "absence.ended",
  "hold.placed",
  "hold.kept",
  "hold.released",
  "hold.confirmed",
  "digest.made",
  "digest.skipped",
  "inspection.signed",
  "card.shown",
  "card.undeliverable",
  "card.duplicate_possible",
  "callback.delivered",
  "callback.dead",
  "callback.replayed",
  "gesture.refused",
  "idempotency.mismatch",
  "console.signed_in",
  "operator.alarmed",
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** Who did it: a person by id, an agent by id, or Holdpoint itself. */
export interface AuditActor {
  readonly kind: "person" | "agent" | "system";
  readonly id: string;
  readonly name?: string;
  readonly surface?: string;
  readonly account?: string;
}

export const SYSTEM: AuditActor = { kind: "system", id: "holdpoint" };

/** What happened. `detail` holds ids, numbers and words of ours: no card text, no arguments, no secrets. */
export interface AuditLine {
  readonly at: number;
  readonly kind: AuditKind;
  readonly actor: AuditActor;
  readonly agent?: string | undefined;
  readonly escalation?: string | undefined;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** A line as it is stored. `seq` counts from 1 without gaps. */
export interface SealedLine extends AuditLine {
  readonly seq: number;
  readonly hash: string;
}

/** The hash before the first line. */
export const GENESIS = "0".repeat(64);

/** h(n) = SHA-256(h(n-1) ‖ canonical JSON of line n), so that changing any line breaks every later hash. */
export function sealLine(previous: string, seq: number, line: AuditLine, sha256: Sha256): string {
  return sha256(previous + canonicalJson({ ...line, seq }));
}
