/** The whole outside world, as the use-cases need it. No port has an optional member. */
import type { Card } from "../cards/card.ts";
import type { Form } from "../cards/form.ts";
import type { Intent } from "../cards/intent.ts";
import type { Agent, Key } from "../domain/agent.ts";
import type { SealedLine } from "../domain/audit.ts";
import type { Question } from "../domain/charter/judge.ts";
import type { Callback, CallbackState } from "../domain/delivery/callback.ts";
import type { Hold } from "../domain/hold.ts";
import type { AgentId, CallbackId, EscalationId, HoldId } from "../domain/ids.ts";
import type { Job } from "../domain/job.ts";
import type { Step, StoredAnswer } from "../domain/step.ts";
import type { Gesture } from "./gesture.ts";
import type { Absences } from "./ports/absence.ts";
import type { Copies } from "./ports/copies.ts";
import type { Escalations } from "./ports/escalations.ts";
import type { Paces } from "./ports/pace.ts";
import type { Counts, Digests, Inspections, Overview } from "./ports/reviews.ts";
import type { Watch } from "./ports/watch.ts";

export type { AbsenceIndex, Absences } from "./ports/absence.ts";
export type { CallbackResult, CallbackSender } from "./ports/callback.ts";
export type {
  BehindCard,
  ChatPlatform,
  Drawn,
  Found,
  LookBehind,
  RawRequest,
  RawResponse,
  Route,
} from "./ports/chat.ts";
export type { Copies } from "./ports/copies.ts";
export type { EscalationFilter, Escalations } from "./ports/escalations.ts";
export type { Paces } from "./ports/pace.ts";

/** Wall-clock milliseconds since 1970; tests move it. */
export interface Clock {
  now(): number;
}

/** New, time-ordered, unguessable ids (ULIDs), and randomness for jitter. */
export interface Ids {
  next(): string;
  /** In [0, 1). */
  chance(): number;
}

/**
 * The one writer. A step is written whole, in one durable transaction, or not at all: `conflict` when the escalation,
 * agent or hold it read has changed meanwhile, or when its idempotency key is already there.
 */
export interface Store {
  save(step: Step): Promise<"saved" | "conflict">;
  readonly escalations: Escalations;
  readonly holds: Holds;
  readonly absences: Absences;
  readonly agents: Agents;
  readonly keys: Keys;
  readonly copies: Copies;
  readonly callbacks: Callbacks;
  readonly answers: Answers;
  readonly tallies: Tallies;
  readonly counts: Counts;
  readonly overview: Overview;
  readonly watch: Watch;
  readonly digests: Digests;
  readonly inspections: Inspections;
  readonly audit: AuditTrail;
  readonly jobs: Jobs;
  readonly paces: Paces;
  readonly notes: Notes;
  /** Throws when nothing can be written: `/readyz` asks. */
  ping(): Promise<void>;
  /** How far commits are behind at this moment; costs nothing to ask. */
  pressure(): Pressure;
  /**
   * Called after each commit of this process, before `save` answers. `versions`: of the agent's state after each of the
   * step's hold changes; undefined where a change made no new one.
   */
  onCommit(listener: (step: Step, versions: readonly (number | undefined)[]) => void): void;
  /**
   * Called with what other replicas have committed, or `anything` when nobody knows what was missed: one listener after
   * the other, each when the one before has kept its promise. One that fails is called again, with `anything`.
   */
  onElsewhere(listener: (news: News | "anything") => Promise<void> | void): void;
  /** Whether the listeners are done with everything that other replicas had committed until a second ago. */
  current(): boolean;
  close(): Promise<void>;
}

export interface Pressure {
  /** Steps in line for a commit. Agents' new work waits behind everything else. */
  readonly waiting: number;
  /** Milliseconds in which new work that came now would be committed, as far as the last commits tell. */
  readonly expectedMs: number;
}

/** What another replica committed: enough to wake and to look again; what there is to know is read from the store. */
export interface News {
  /** As `Changes` has them. */
  readonly topics: readonly string[];
  /** Whose holds changed; `all` for the fleet's. */
  readonly holds: readonly AgentId[];
  /** Whose charter or keys changed; `admin` for administrators'. */
  readonly agents: readonly string[];
  /** When the first of the jobs it put falls due; null: it put none. */
  readonly due: number | null;
}

export interface Holds {
  find(id: HoldId): Promise<Hold | undefined>;
  active(): Promise<readonly Hold[]>;
  activeOf(agent: AgentId): Promise<readonly Hold[]>;
  /** Counts every change of the holds that concern an agent (the fleet's included): the `version` of its state. */
  versions(): Promise<ReadonlyMap<string, number>>;
  /** What stands under each agent's own name, and its version of the same moment. Who never had a hold is not in it. */
  standing(agents: readonly AgentId[] | "all"): Promise<ReadonlyMap<AgentId, StandingHolds>>;
}

export type StandingHolds = { readonly version: number; readonly holds: readonly Hold[] };

export interface Agents {
  find(id: AgentId): Promise<Agent | undefined>;
  all(): Promise<readonly Agent[]>;
  charterVersions(
    id: AgentId,
  ): Promise<readonly { readonly version: number; readonly by: string; readonly at: number }[]>;
}

export interface Keys {
  findByHash(hash: string): Promise<Key | undefined>;
  /** Keys that are not revoked, newest first. */
  of(agent: AgentId): Promise<readonly Key[]>;
  /** Administrators' keys that are not revoked, newest first. */
  ofAdmin(): Promise<readonly Key[]>;
}

export interface Callbacks {
  find(id: CallbackId): Promise<Callback | undefined>;
  of(escalation: EscalationId): Promise<readonly Callback[]>;
  inState(state: CallbackState, limit: number): Promise<readonly Callback[]>;
}

export interface Answers {
  find(scope: string, key: string): Promise<StoredAnswer | undefined>;
  /** Forgets answers older than an instant. Says how many. */
  forget(before: number): Promise<number>;
}

export interface Tallies {
  /** One count per question, in order. */
  count(agent: AgentId, questions: readonly Question[]): Promise<readonly number[]>;
  /** Forgets what happened before an instant. Says how much. */
  forget(before: number): Promise<number>;
}

export interface AuditTrail {
  /** Lines after `seq`, oldest first. */
  after(seq: number, limit: number): Promise<readonly SealedLine[]>;
  latest(limit: number): Promise<readonly SealedLine[]>;
  ofEscalation(id: EscalationId): Promise<readonly SealedLine[]>;
}

export interface Jobs {
  /** Takes due jobs for `leaseMs`; nobody else gets them until then. */
  claim(now: number, limit: number, leaseMs: number): Promise<readonly Job[]>;
  /** Removes a finished job; one put again while it ran becomes due. False for a stale fence. */
  finish(job: Job): Promise<boolean>;
  /** Puts a job back for later, with the error where it failed. False for a stale fence. */
  retry(job: Job, at: number, error: string | null): Promise<boolean>;
  /** When the next job can be claimed: it falls due, or somebody's lease on it ends. */
  nextDue(): Promise<number | undefined>;
  /** When the job under a key falls due; undefined where there is none. */
  dueAt(key: string): Promise<number | undefined>;
  /** Jobs that have been due since before an instant: something is wrong. */
  countOverdue(before: number): Promise<number>;
}

/** Small facts that adapters keep across restarts, such as a person's conversation on a platform. */
export interface Notes {
  get(key: string): Promise<string | undefined>;
  /** @param until milliseconds since 1970 from which on it may be forgotten; without, it is kept until it is deleted */
  set(key: string, value: string, until?: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Reads and deletes it: of several who do so at the same moment, on whatever replica, one gets it. */
  take(key: string): Promise<string | undefined>;
  /** Forgets those whose time is over. Says how many. */
  forget(now: number): Promise<number>;
}

/** Wakes whoever waits for a change: an escalation's id, an agent's id, `all` for the fleet, `*` for anything. */
export interface Changes {
  announce(topics: readonly string[]): void;
  /** Resolves when a topic changes, or after `ms`, or when aborted. */
  wait(topics: readonly string[], ms: number, signal: AbortSignal): Promise<void>;
  listen(topic: string, listener: () => void): () => void;
}

/** What an agent asks before every action, answered from memory. */
export interface HoldIndex {
  /** Holds that concern an agent, the fleet's included, in the order of placing; and their version. */
  of(agent: AgentId): { readonly holds: readonly Hold[]; readonly version: number };
}

/** Secrets at rest, and the marks that make our buttons ours. */
export interface Seal {
  /** Encrypts a secret for the store. */
  close(secret: string): string;
  open(sealed: string): string;
  /** A button's value: the intent and a MAC over it and the action's digest. */
  token(intent: Intent): string;
  /** The intent behind a token; undefined when we did not make it. */
  intent(token: string): Intent | undefined;
}

/** One structured line per interaction and job: ids and words of ours, never card text, arguments or tokens. */
export interface Log {
  info(facts: Readonly<Record<string, unknown>>, words: string): void;
  warn(facts: Readonly<Record<string, unknown>>, words: string): void;
  error(facts: Readonly<Record<string, unknown>>, words: string): void;
}

/** The one door for what people do, whatever the surface. Never throws for bad input; what it throws is a fault of ours. */
export type Receive = (gesture: Gesture) => Promise<Answer>;

/** What the person who made a gesture gets back, on their own surface. */
export type Answer =
  /** Nothing to say: the card itself shows what happened. */
  | { readonly kind: "done"; readonly words: string }
  /** `over`: what they pressed is redrawn for everybody at this moment, so that words beside it would go with it. */
  | { readonly kind: "refused"; readonly words: string; readonly over?: boolean }
  | { readonly kind: "form"; readonly form: Form }
  /** Field name → what is wrong with it. */
  | { readonly kind: "fields"; readonly problems: Readonly<Record<string, string>> }
  /** A card for this person only. */
  | { readonly kind: "card"; readonly card: Card };
