/** The words for triggers, verdicts and what a charter may hold. */
export const TRIGGERS = [
  "low_confidence",
  "human_requested",
  "negative_sentiment",
  "budget",
  "metric_deviation",
  "compliance",
  "approval_required",
  "repeated_contact",
  "lab_leak",
  "question",
  "flag",
] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const VERDICTS = ["approve", "edit", "reject", "respond", "dismiss"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a charter may hold; `pause all` is a person's doing and no charter's. */
export const HOLD_SCOPES = ["agent", "subject", "capability", "action"] as const;
export type HoldScope = (typeof HOLD_SCOPES)[number];
