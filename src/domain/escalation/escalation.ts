/** An escalation: one request for a human decision, with its frozen chain, from opening to outcome. */
import type { Chain } from "../chain/chain.ts";
import type { StandIn } from "../chain/stand-in.ts";
import type { Severity } from "../charter/severity.ts";
import type { Trigger, Verdict } from "../charter/trigger.ts";
import type { ActionDigest, AgentId, EscalationId, HoldId, PersonId } from "../ids.ts";
import type { Named, Surface } from "../people.ts";
import type { EscalationRequest } from "./request.ts";

export type Status = "open" | "decided" | "expired" | "withdrawn";

export interface Decision {
  readonly verdict: Verdict;
  readonly by: Named;
  readonly surface: Surface;
  /** The verified account that pressed the button: evidence, not shown to agents. */
  readonly account: string;
  readonly at: number;
  readonly reason?: string | undefined;
  readonly option?: string | undefined;
  readonly response?: string | undefined;
  /** What may be executed: the approved arguments, changed or not; absent unless approved. */
  readonly args?: Readonly<Record<string, unknown>> | undefined;
  readonly actionDigest: ActionDigest | null;
  /** "Reject and keep paused": the hold outlives the decision. */
  readonly keepHeld: boolean;
}

/** One approval of several: it counts for the arguments whose digest it carries. */
export interface Approval {
  readonly by: Named;
  readonly surface: Surface;
  readonly account: string;
  readonly at: number;
  readonly digest: ActionDigest | null;
}

export interface Outcome {
  readonly executed: boolean;
  readonly detail?: string | undefined;
  readonly metric?: unknown;
  readonly at: number;
}

export interface Escalation {
  readonly id: EscalationId;
  /** Counts changes from 1; a save is refused when somebody was quicker. */
  readonly revision: number;
  readonly agent: AgentId;
  readonly charterVersion: number;
  readonly status: Status;
  readonly trigger: Trigger;
  readonly severity: Severity;
  /** What the agent sent, as it was accepted; never changed afterwards. */
  readonly request: EscalationRequest;
  /** The rule that a signal met, in words of ours: then summary and reason are ours as well. */
  readonly rule: string | null;
  /** The person who raised it, verified by their surface; null: the agent did. */
  readonly raisedBy: Named | null;
  /** The digest of `request.action`. */
  readonly actionDigest: ActionDigest | null;
  readonly allow: readonly Verdict[];
  readonly approvalsNeeded: number;
  readonly approvals: readonly Approval[];
  /** With several approvers, the edit that the next one is asked to approve. */
  readonly proposal: {
    readonly args: Readonly<Record<string, unknown>>;
    readonly digest: ActionDigest;
    readonly by: Named;
  } | null;
  readonly hold: HoldId | null;
  readonly chain: Chain;
  /** Index into `chain.stages`: the stage being asked. */
  readonly stage: number;
  readonly stageStartedAt: number;
  /** Reminders given in this stage. */
  readonly reminders: number;
  /** How often the last stage was asked again. */
  readonly rounds: number;
  /** Everyone asked so far, reassignments included, in the order of asking. */
  readonly asked: readonly PersonId[];
  /** Of those, whom a person asked by reassigning. */
  readonly reassigned: readonly PersonId[];
  /** Deputies in the place of people who were away when they were to be asked, or went away meanwhile. */
  readonly standIns: readonly StandIn[];
  readonly acknowledged: { readonly by: Named; readonly at: number } | null;
  /** When a person first did something about it; absent while nobody has, or where only the decision tells. */
  readonly reactedAt?: number | undefined;
  readonly decision: Decision | null;
  readonly outcome: Outcome | null;
  readonly withdrawnReason: string | null;
  readonly createdAt: number;
  /** When the present stage's time is over. */
  readonly dueAt: number;
  readonly breached: boolean;
  readonly settledAt: number | null;
}

/** The digest of what an approval would release now: the proposed edit where there is one, else the agent's action. */
export function digestAtStake(escalation: Escalation): ActionDigest | null {
  return escalation.proposal?.digest ?? escalation.actionDigest;
}

/** The arguments an approval would release now. */
export function argsAtStake(escalation: Escalation): Readonly<Record<string, unknown>> | undefined {
  return escalation.proposal?.args ?? escalation.request.action?.args;
}
