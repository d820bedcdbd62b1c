/** What the HTTP server needs from the rest of the house: the use-cases as functions, the reads, and a few judges. */
import type { KeyObject } from "node:crypto";
import type { FastifyPluginAsync } from "fastify";
import type { AgentRoute } from "../application/agent-route.ts";
import type { Changes, Clock, HoldIndex, Log, Route, Store } from "../application/ports.ts";
import type { Agent } from "../domain/agent.ts";
import type { AgentSettings } from "../domain/charter/charter.ts";
import type { EscalationRequest, SignalRequest } from "../domain/escalation/request.ts";
import type { AgentId, CallbackId, EscalationId, HoldId } from "../domain/ids.ts";
import type { Named } from "../domain/people.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { Result } from "../domain/result.ts";
import type { Flaw } from "../domain/review/flaw.ts";
import type { StoredAnswer } from "../domain/step.ts";

/** Somebody with the same idempotency key was quicker: the answer they got is the answer to give. */
export interface KeyReused {
  readonly code: "key_reused";
}

/** Makes the row that keeps an answer for repetitions; `body` is the JSON text that is sent, byte for byte. */
export type Remember = (status: number, body: string) => StoredAnswer;

type Told = Promise<Result<{ readonly body: object }, Refusal>>;

/** What agents and administrators can have done; each is one file of `application/`. */
export interface UseCases {
  /** `body` is the answer to "Escalate". With `remember`, the answer is kept in the same transaction. */
  raiseEscalation(input: {
    readonly agent: Agent;
    readonly request: EscalationRequest;
    readonly remember?: Remember;
  }): Promise<Result<{ readonly body: object }, Refusal | KeyReused>>;
  checkSignal(input: {
    readonly agent: Agent;
    readonly request: SignalRequest;
    readonly remember?: Remember;
  }): Promise<Result<{ readonly verdict: "proceed" | "hold"; readonly body: object }, Refusal | KeyReused>>;
  /** `agent` null: an administrator, who may follow any. Another agent's is `not_found`. */
  followEscalation(input: {
    readonly id: EscalationId;
    readonly agent: AgentId | null;
  }): Promise<
    Result<{ readonly revision: number; readonly settled: boolean; readonly body: object }, Refusal>
  >;
  withdrawEscalation(input: {
    readonly id: EscalationId;
    readonly agent: Agent;
    readonly reason: string;
  }): Told;
  reportOutcome(input: {
    readonly id: EscalationId;
    readonly agent: Agent;
    readonly outcome: {
      readonly executed: boolean;
      readonly detail?: string | undefined;
      readonly metric?: unknown;
    };
  }): Told;
  acknowledgeState(input: { readonly agent: Agent; readonly version: number }): Told;
  applyCharter(input: {
    readonly settings: AgentSettings;
    readonly by: Named;
  }): Promise<
    Result<{ readonly agent: Agent; readonly created: boolean; readonly changed: boolean }, Refusal>
  >;
  issueKey(input: {
    readonly agent: AgentId;
    readonly by: Named;
  }): Promise<
    Result<{ readonly id: string; readonly key: string; readonly signing_secret: string }, Refusal>
  >;
  revokeKey(input: {
    readonly agent: AgentId;
    readonly id: string;
    readonly by: Named;
  }): Promise<Result<object, Refusal>>;
  placeHold(input: {
    /** `all`: the fleet. */
    readonly agent: AgentId;
    /** A scope word, such as `subject:contact:123`; absent: the whole agent. */
    readonly scope?: string | undefined;
    readonly reason: string;
    /** Milliseconds; absent: until somebody releases it. */
    readonly for?: number | undefined;
    readonly by: Named;
  }): Told;
  releaseHold(input: { readonly agent: AgentId; readonly id: HoldId; readonly by: Named }): Told;
  replayCallback(input: { readonly id: CallbackId; readonly by: Named }): Told;
}

/** Signing secrets as text, or decoded once by whoever verifies with them. */
export type WebhookSecrets = readonly string[] | { readonly hmacKeys: readonly KeyObject[] };

export type Verified =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly why: string };

/** How much one caller may ask for. */
export interface Limits {
  /** Writes per second and key, in the long run. */
  readonly writesPerSecond: number;
  /** Writes that a key may have saved up for one burst. */
  readonly writeBurst: number;
  readonly openPerAgent: number;
  readonly longPolls: number;
  /** Milliseconds a job may be late before the process calls itself not ready. */
  readonly overdueMs: number;
  /** Milliseconds that running requests get when the server closes. */
  readonly drainMs: number;
  /** Milliseconds that new work may have to wait for its commit before it is refused. */
  readonly commitWaitMs: number;
  /** Milliseconds for which new work may be refused before the process calls itself not ready. */
  readonly behindMs: number;
}

export const USUAL_LIMITS: Limits = {
  writesPerSecond: 50,
  writeBurst: 500,
  openPerAgent: 1_000,
  longPolls: 2_000,
  overdueMs: 120_000,
  drainMs: 10_000,
  // Far above any commit of a healthy disk, and short enough that a click behind it is answered within a chat's 3 s.
  commitWaitMs: 1_000,
  // Moving away from a process costs the people and agents who wait at it: so only from one that does not recover.
  behindMs: 60_000,
};

export interface HttpDoor {
  readonly useCases: UseCases;
  readonly store: Pick<
    Store,
    | "escalations"
    | "agents"
    | "keys"
    | "callbacks"
    | "answers"
    | "audit"
    | "jobs"
    | "ping"
    | "pressure"
    | "onCommit"
    | "onElsewhere"
  >;
  readonly holds: HoldIndex;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly log: Log;
  /** Checks a Standard Webhooks signature over the very bytes that came. */
  verifyWebhook(
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
    rawBody: Buffer,
    secrets: WebhookSecrets,
  ): Verified;
  /** The secrets of an agent's keys that are not revoked; none for an agent nobody knows. */
  signingSecrets(agent: AgentId): Promise<WebhookSecrets>;
  /** What is wrong with a callback URL, as a sentence; null when it may be called. */
  checkCallbackUrl(text: string): string | null;
  /** What is wrong with a JSON Schema for arguments, as a sentence; null when a form can be made of it. */
  checkArgsSchema(schema: Readonly<Record<string, unknown>>): string | null;
  /** Writes the audit line about a key that came again with another body. */
  noteMismatch(facts: { readonly agent: AgentId; readonly endpoint: string }): Promise<void>;
  /** Whether the worker that runs due jobs is taking them. */
  workerAlive(): boolean;
  /** What the auditor found when it looked last. */
  flaws(): readonly Flaw[];
  /** What chat platforms want mounted: they get raw bytes and check their own signatures. */
  readonly routes: readonly Route[];
  /** Ways in for agents that other edges bring. */
  readonly agentRoutes: readonly AgentRoute[];
  /** Others who live on the same port, such as the console; each registers its own paths. */
  readonly plugins: readonly FastifyPluginAsync[];
  readonly limits: Limits;
  /** Holdpoint's own version, for the API document. */
  readonly version: string;
}
