/** How a trigger behaves for one agent: the defaults of the eleven triggers, changed by the agent's charter. */
import type { Charter, TriggerSetting } from "./charter.ts";
import type { Severity } from "./severity.ts";
import { type HoldScope, type Trigger, VERDICTS, type Verdict } from "./trigger.ts";

/** How one trigger behaves for one agent. */
export interface TriggerRule {
  readonly severity: Severity;
  readonly hold: HoldScope;
  readonly allow: readonly Verdict[];
  /** How many different people must approve. */
  readonly approvals: number;
  /** People asked first instead of the owner, by id; the owner's chain follows. */
  readonly route: readonly string[];
}

const EVERYTHING = VERDICTS;

const DEFAULTS: Readonly<Record<Trigger, Pick<TriggerRule, "severity" | "hold" | "allow">>> = {
  low_confidence: { severity: "medium", hold: "agent", allow: EVERYTHING },
  human_requested: { severity: "high", hold: "agent", allow: ["approve", "reject", "respond", "dismiss"] },
  negative_sentiment: { severity: "medium", hold: "agent", allow: EVERYTHING },
  budget: { severity: "high", hold: "agent", allow: ["approve", "reject", "respond", "dismiss"] },
  metric_deviation: { severity: "high", hold: "agent", allow: ["approve", "reject", "respond", "dismiss"] },
  compliance: { severity: "critical", hold: "agent", allow: EVERYTHING },
  approval_required: { severity: "medium", hold: "action", allow: ["approve", "edit", "reject", "respond"] },
  repeated_contact: { severity: "medium", hold: "subject", allow: EVERYTHING },
  lab_leak: { severity: "critical", hold: "agent", allow: ["reject", "respond", "dismiss"] },
  question: { severity: "low", hold: "subject", allow: ["respond", "dismiss"] },
  flag: { severity: "medium", hold: "agent", allow: ["respond", "dismiss"] },
};

/** The rule in force: the defaults above, changed by what the charter says of this trigger. */
export function ruleFor(charter: Charter, trigger: Trigger): TriggerRule {
  const setting: TriggerSetting = charter.triggers[trigger] ?? {};
  const usual = DEFAULTS[trigger];
  return {
    severity: setting.severity ?? usual.severity,
    hold: setting.hold ?? usual.hold,
    allow: setting.allow ?? usual.allow,
    approvals: setting.approvals ?? charter.ownership.approvals,
    route: setting.route ?? [],
  };
}
