/** What a load generator is told to do, and what it tells of it. */

export type Kind = "escalate" | "escalate signed" | "signal" | "state";

/** One agent's credentials, as the bench made them. */
export interface Credential {
  readonly agent: string;
  readonly key: string;
  readonly signingSecret: string;
}

export interface Job {
  readonly kind: Kind;
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Where escalations go instead of our own path; `{n}` is another number each time. */
  readonly path?: string;
  /** So many requests a second, whatever the answers take; absent: each as soon as the one before is answered. */
  readonly perSecond?: number;
  /** Sends back the id of every escalation that was answered with 202. */
  readonly collectIds?: boolean;
}

export interface Outcome {
  readonly answers: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The share of its core that the generator used: close to 1, and it measures itself. */
  readonly busy: number;
  readonly ids: readonly string[];
  /** Why connections ended early: expected only of a server that is killed. */
  readonly broken: readonly string[];
}
