/** A finding: one rule of the charter that a signal meets, in words a person can check. */
import type { Severity } from "./severity.ts";
import type { Trigger } from "./trigger.ts";

export interface Finding {
  readonly trigger: Trigger;
  /** The rule that was met, level included: the same words mean the same rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** The charter forbids this action: no approval is possible. */
  readonly never?: boolean;
  /** From when a decision on the same rule still stands, so that it is not asked again: budget and metric levels. */
  readonly standsSince?: number;
}

/** A finding before the charter's severity is laid over it: `severity` is set only where a rule is graver than its trigger. */
export type Met = Omit<Finding, "severity"> & { readonly severity?: Severity };
