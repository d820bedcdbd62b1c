/** What goes over the wire between an agent and Holdpoint, with the names it has there. */

export type Verdict = "approve" | "edit" | "reject" | "respond" | "dismiss";
export type Severity = "low" | "medium" | "high" | "critical";
export type Trigger =
  | "low_confidence"
  | "human_requested"
  | "negative_sentiment"
  | "budget"
  | "metric_deviation"
  | "compliance"
  | "approval_required"
  | "repeated_contact"
  | "lab_leak"
  | "question"
  | "flag";

/** The arguments of an action, as JSON has them. */
export type Args = Readonly<Record<string, unknown>>;

/** What the agent will do if it is approved. */
export interface Action<A extends Args = Args> {
  readonly name: string;
  readonly args: A;
}

/** Whom or what it is about: a contact, a conversation, a campaign. */
export interface Subject {
  readonly type: string;
  readonly id: string;
  readonly name?: string;
  readonly url?: string;
}

/** What the agent has measured. */
export interface Signal {
  /** 0 to 1. */
  readonly confidence?: number;
  /** -1 to 1. */
  readonly sentiment?: number;
  readonly budget?: { readonly spent: number; readonly cap: number; readonly currency: string };
  readonly metric?: {
    readonly name: string;
    readonly baseline: number;
    readonly current: number;
    /** A duration such as `48h`. */
    readonly window?: string;
  };
}

/** The body of `POST /v1/escalations`. */
export interface EscalationRequest {
  readonly trigger: Trigger;
  /** What this is, in one line of at most 300 characters. */
  readonly summary: string;
  /** Why the agent stopped, in at most 2,000 characters. */
  readonly reason: string;
  readonly severity?: Severity;
  readonly signal?: Signal;
  readonly subject?: Subject;
  readonly action?: Action;
  /** Narrows what the person may do; the charter may narrow it further. */
  readonly allow?: readonly Verdict[];
  /** JSON Schema of `action.args`: makes the edit form typed, and edits checked. */
  readonly args_schema?: Readonly<Record<string, unknown>>;
  readonly options?: readonly { readonly name: string; readonly title?: string }[];
  readonly context?: readonly { readonly label: string; readonly value: string }[];
  readonly transcript?: readonly { readonly who: string; readonly at?: string; readonly text: string }[];
  readonly links?: readonly { readonly label: string; readonly url: string }[];
  /** The e-mail address of the person in whose name the agent writes. */
  readonly rep?: string;
  readonly requested_by?: string;
  readonly group?: string;
  /** A duration such as `15m`: shortens the charter's target, and never lengthens it. */
  readonly respond_within?: string;
  readonly callback_url?: string;
  /** Any JSON of at most 16 KB; it comes back unchanged. */
  readonly state?: unknown;
}

/** The body of `POST /v1/signals`. */
export interface SignalRequest {
  readonly signal: Signal;
  readonly subject?: Subject;
  readonly action?: Action;
  /** The customer's message or the draft: phrase rules look at it. */
  readonly text?: string;
  readonly rep?: string;
  readonly callback_url?: string;
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** The answer to an accepted escalation: it is on disk, its hold stands, and people are being asked. */
export interface Accepted {
  readonly id: string;
  readonly status: "open";
  readonly agent: string;
  readonly trigger: Trigger;
  readonly severity: Severity;
  readonly hold: { readonly id: string; readonly scope: string } | null;
  readonly owner: Named;
  readonly action_digest: string | null;
  readonly due_at: string;
  readonly url: string;
  readonly created_at: string;
}

/** The answer of the charter. */
export type Asked =
  | { readonly verdict: "proceed"; readonly charter_version: number }
  | { readonly verdict: "hold"; readonly rule: string; readonly escalation: Accepted };

export interface Decision {
  readonly verdict: Verdict;
  readonly by: Named;
  readonly surface: string;
  /** A `reject` carries a reason or the name of an option. */
  readonly reason?: string;
  readonly option?: string;
  /** The approved arguments; for `edit` they are not those that were asked for. */
  readonly args?: Args;
  readonly response?: string;
  readonly at: string;
  /** Of the action that was decided on. */
  readonly action_digest: string | null;
  /** The person wants the hold to stay, whatever they decided. */
  readonly kept_held?: boolean;
}

interface Facts {
  readonly id: string;
  readonly agent: string;
  readonly action_digest: string | null;
  readonly stage: number;
  readonly due_at: string;
  readonly state: unknown;
}

export type Decided = Facts & { readonly status: "decided"; readonly decision: Decision };
/** Nobody decided in time. That is no person's "no", and the hold stands. */
export type Expired = Facts & { readonly status: "expired"; readonly decision: null };
/** The agent took it back. */
export type Withdrawn = Facts & { readonly status: "withdrawn"; readonly decision: null };
/** How an escalation ended. */
export type Settled = Decided | Expired | Withdrawn;
export type Followed = Settled | (Facts & { readonly status: "open"; readonly decision: null });

export interface Hold {
  readonly id: string;
  /** `agent`, `fleet`, `subject:contact:123`, `capability:send_email`, `action:sha256:…`. */
  readonly scope: string;
  readonly reason: string;
  readonly placed_by: Named;
  readonly placed_at: string;
  readonly until: string | null;
  readonly escalation: string | null;
}

/** The answer to "may I act?". */
export interface StateAnswer {
  readonly state: "running" | "held";
  /** Those that cover what was asked about. */
  readonly holds: readonly Hold[];
  readonly version: number;
}

/** What became of a decision. */
export interface Outcome {
  readonly executed: boolean;
  readonly detail?: string;
  readonly metric?: unknown;
}
