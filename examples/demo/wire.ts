/** What Holdpoint answers, as far as these agents read it. */

export interface Escalation {
  readonly id: string;
  readonly severity: string;
  readonly hold: { readonly id: string; readonly scope: string } | null;
  readonly owner: { readonly id: string; readonly name: string };
  readonly action_digest: string | null;
  readonly url: string;
  /** The rule of the charter that was met, where a signal met one. */
  readonly rule?: string;
}

export interface Decision {
  readonly verdict: "approve" | "edit" | "reject" | "respond" | "dismiss";
  readonly by: { readonly id: string; readonly name: string };
  readonly surface: string;
  readonly reason?: string;
  readonly option?: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly response?: string;
  readonly at: string;
  readonly action_digest: string | null;
  readonly kept_held: boolean;
}

export interface Followed {
  readonly status: "open" | "decided" | "expired" | "withdrawn";
  readonly decision: Decision | null;
  readonly approvals: { readonly needed: number; readonly given: readonly { readonly name: string }[] };
}

export interface State {
  readonly state: "running" | "held";
  readonly holds: readonly {
    readonly id: string;
    readonly reason: string;
    readonly placed_by: { readonly name: string };
  }[];
  readonly version: number;
}
