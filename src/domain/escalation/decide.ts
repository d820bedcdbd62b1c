/** The one decision: what a person's verdict makes of an open escalation, or why it changes nothing. */

import type { Agent } from "../agent.ts";
import type { AuditActor, AuditLine } from "../audit.ts";
import type { Verdict } from "../charter/trigger.ts";
import { tellHold, tellOutcome } from "../delivery/callback.ts";
import type { CardDelivery } from "../delivery/copy.ts";
import type { Hold } from "../hold.ts";
import type { ActionDigest } from "../ids.ts";
import { type Due, due, endsWithIt } from "../job.ts";
import { type Actor, named } from "../people.ts";
import type { FieldProblem, Refusal } from "../refusal.ts";
import { no, type Result, yes } from "../result.ts";
import { countDecided, countHeld, countReacted } from "../review/counts.ts";
import type { HoldChange, Step } from "../step.ts";
import { SECOND } from "../time/time.ts";
import type { Sha256 } from "./action-digest.ts";
import { type Approval, type Decision, digestAtStake, type Escalation } from "./escalation.ts";
import { approvalsWith, isApproval, type Stake, stakeOf } from "./quorum.ts";

/** What somebody pressed or filled in. Who they are was verified, and whether they may was asked, before this. */
export interface Deciding {
  readonly verdict: Verdict;
  readonly actor: Actor;
  readonly now: number;
  readonly reason?: string | undefined;
  readonly option?: string | undefined;
  readonly args?: Readonly<Record<string, unknown>> | undefined;
  readonly response?: string | undefined;
  readonly keepHeld?: boolean | undefined;
  /** The digest on the card that was read: another one at stake by now means they decided on something else. */
  readonly seen?: ActionDigest | null | undefined;
}

export interface Facts {
  readonly agent: Agent;
  /** The escalation's hold where it is still active. */
  readonly hold: Hold | null;
  readonly card: CardDelivery;
  /** The chat platforms that are on. */
  readonly platforms: readonly string[];
  /** Checks edited arguments against the request's `args_schema`. */
  readonly checkArgs: (args: unknown) => readonly FieldProblem[];
  readonly sha256: Sha256;
  readonly newId: () => string;
}

export function decide(before: Escalation, deciding: Deciding, facts: Facts): Result<Step, Refusal> {
  const refusal = whyNotNow(before, deciding) ?? whatIsMissing(before, deciding, facts);
  if (refusal) return no(refusal);
  const stake = stakeOf(before, deciding, facts.sha256);
  if (!isApproval(deciding.verdict)) return yes(settle(before, deciding, facts, stake, before.approvals));
  const approvals = approvalsWith(before, deciding, stake.digest);
  return yes(
    approvals.length < before.approvalsNeeded
      ? countApproval(before, deciding, facts, stake, approvals)
      : settle(before, deciding, facts, stake, approvals),
  );
}

/** The refusal that a settled escalation answers with; null while it is open. */
export function settledRefusal(escalation: Escalation, actor: Actor): Refusal | null {
  const { decision } = escalation;
  if (decision) {
    const yours = decision.by.id === named(actor).id;
    return { code: "already_decided", verdict: decision.verdict, by: decision.by, at: decision.at, yours };
  }
  if (escalation.status === "expired" || escalation.status === "withdrawn")
    return { code: escalation.status };
  return null;
}

function whyNotNow(before: Escalation, { verdict, actor, seen }: Deciding): Refusal | null {
  const settled = settledRefusal(before, actor);
  if (settled) return settled;
  if (!before.allow.includes(verdict)) return { code: "not_offered", verdict };
  if (seen !== undefined && seen !== digestAtStake(before)) return { code: "stale_card" };
  return null;
}

function whatIsMissing(before: Escalation, deciding: Deciding, facts: Facts): Refusal | null {
  const problems: FieldProblem[] = [];
  const known = before.request.options?.map((option) => option.name) ?? [];
  if (deciding.option !== undefined && !known.includes(deciding.option)) {
    problems.push({ pointer: "/option", detail: "choose one of the options this request offers" });
  }
  switch (deciding.verdict) {
    case "reject":
      if (!deciding.reason?.trim() && deciding.option === undefined) {
        problems.push({ pointer: "/reason", detail: "say why: the agent is told your reason" });
      }
      break;
    case "respond":
      if (!deciding.response?.trim() && deciding.option === undefined) {
        problems.push({ pointer: "/response", detail: "write the answer the agent should have" });
      }
      break;
    case "edit":
      if (deciding.args === undefined)
        problems.push({ pointer: "/args", detail: "give the arguments as they should be" });
      else problems.push(...facts.checkArgs(deciding.args));
      break;
    case "approve":
    case "dismiss":
      break;
  }
  return problems.length > 0 ? { code: "invalid", problems } : approvedBefore(before, deciding);
}

/** Somebody whose approval counts already can't be the second approver as well. */
function approvedBefore(before: Escalation, { verdict, actor }: Deciding): Refusal | null {
  const mine = before.approvals.some((approval) => approval.by.id === named(actor).id);
  return verdict === "approve" && mine
    ? { code: "already_approved_by_you", missing: before.approvalsNeeded - before.approvals.length }
    : null;
}

/** Not enough people yet: this approval counts, and the next person is asked to approve the same arguments. */
function countApproval(
  before: Escalation,
  deciding: Deciding,
  facts: Facts,
  { args, digest }: Stake,
  approvals: readonly Approval[],
): Step {
  const edited = deciding.verdict === "edit" && args && digest;
  const after: Escalation = {
    ...before,
    revision: before.revision + 1,
    approvals,
    reactedAt: before.reactedAt ?? deciding.now,
    proposal: edited ? { args, digest, by: named(deciding.actor) } : before.proposal,
  };
  const missing = before.approvalsNeeded - approvals.length;
  return {
    escalation: { before: before.revision, after },
    jobs: redrawn(before, facts, deciding.now),
    counts: countReacted(before, facts.agent, deciding.now),
    audit: [{ ...line(before, deciding), kind: "escalation.approval_counted", detail: { digest, missing } }],
  };
}

function settle(
  before: Escalation,
  deciding: Deciding,
  facts: Facts,
  stake: Stake,
  approvals: readonly Approval[],
): Step {
  const { actor, now } = deciding;
  const approved = isApproval(deciding.verdict);
  const verdict = deciding.verdict === "approve" && before.proposal ? "edit" : deciding.verdict;
  const decision: Decision = {
    verdict,
    by: named(actor),
    surface: actor.surface,
    account: actor.account,
    at: now,
    reason: deciding.reason?.trim() || undefined,
    option: deciding.option,
    response: deciding.response?.trim() || undefined,
    args: approved ? stake.args : undefined,
    actionDigest: approved ? stake.digest : before.actionDigest,
    // Nothing is kept where the hold is gone already.
    keepHeld: (deciding.keepHeld ?? false) && facts.hold !== null,
  };
  const after: Escalation = {
    ...before,
    ...{ revision: before.revision + 1, status: "decided", approvals, decision, settledAt: now },
  };
  const told = tellOutcome(after, "escalation.decided", { ...facts, id: facts.newId(), now });
  const released = facts.hold ? holdAfter(facts.hold, decision, facts, now) : undefined;
  const about = line(before, deciding);
  const seconds = Math.round((now - before.createdAt) / SECOND);
  const heldLine: AuditLine[] = facts.hold
    ? [{ ...about, kind: decision.keepHeld ? "hold.kept" : "hold.released", detail: { hold: facts.hold.id } }]
    : [];
  return {
    escalation: { before: before.revision, after },
    holds: released ? [released.change] : [],
    callbacks: [...told.callbacks, ...(released?.callbacks ?? [])],
    // What falls due together is begun in this order: the agent waits for the answer.
    jobs: [...told.jobs, ...(released?.jobs ?? []), ...redrawn(before, facts, now)],
    cancelled: endsWithIt(before.id),
    counts: [
      ...countDecided(before, after, facts.agent),
      ...(facts.hold && !decision.keepHeld ? countHeld(facts.hold, facts.agent, now) : []),
    ],
    audit: [
      { ...about, kind: "escalation.decided", detail: { verdict, digest: decision.actionDigest, seconds } },
      ...heldLine,
    ],
  };
}

/** The cards of an escalation, where there is a platform they can stand on: the console draws its own when it is read. */
function redrawn({ id }: Escalation, { platforms }: Facts, now: number): readonly Due[] {
  return platforms.length > 0 ? [due("publish", id, now)] : [];
}

function holdAfter(hold: Hold, decision: Decision, facts: Facts, now: number) {
  const change: HoldChange = decision.keepHeld
    ? { change: "keep", hold, by: decision.by, reason: decision.reason ?? decision.option ?? hold.reason }
    : { change: "release", hold, by: decision.by, at: now };
  const told = decision.keepHeld
    ? undefined
    : tellHold(hold, "hold.released", { agent: facts.agent, id: facts.newId(), now });
  return { change, callbacks: told?.callbacks ?? [], jobs: told?.jobs ?? [] };
}

function line(escalation: Escalation, { actor, now }: Deciding) {
  return { at: now, agent: escalation.agent, escalation: escalation.id, actor: auditActor(actor) };
}

export function auditActor(actor: Actor): AuditActor {
  return { kind: "person", ...named(actor), surface: actor.surface, account: actor.account };
}
