/** The one decision: what a person's verdict makes of an open escalation, or why it changes nothing. */
import { type Action, actionDigest, type Sha256 } from "./action-digest.ts";
import type { Agent } from "./agent.ts";
import type { AuditActor, AuditLine } from "./audit.ts";
import { tellHold, tellOutcome } from "./callback.ts";
import type { CardDelivery } from "./copy.ts";
import { type Approval, argsAtStake, type Decision, digestAtStake, type Escalation } from "./escalation.ts";
import type { Hold } from "./hold.ts";
import type { ActionDigest } from "./ids.ts";
import { due } from "./job.ts";
import { type Actor, named } from "./people.ts";
import type { FieldProblem, Refusal } from "./refusal.ts";
import { no, type Result, yes } from "./result.ts";
import type { HoldChange, Step } from "./step.ts";
import type { Verdict } from "./trigger.ts";

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
  /** Checks edited arguments against the request's `args_schema`. */
  readonly checkArgs: (args: unknown) => readonly FieldProblem[];
  readonly sha256: Sha256;
  readonly newId: () => string;
}

export function decide(before: Escalation, deciding: Deciding, facts: Facts): Result<Step, Refusal> {
  const refusal = whyNotNow(before, deciding) ?? whatIsMissing(before, deciding, facts);
  if (refusal) return no(refusal);
  const missing = approvalsMissing(before, deciding, facts.sha256);
  return yes(missing > 0 ? countApproval(before, deciding, facts, missing) : settle(before, deciding, facts));
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

/** How many more people must approve the same arguments after this one; 0 for every verdict that needs one person. */
function approvalsMissing(before: Escalation, deciding: Deciding, sha256: Sha256): number {
  if (deciding.verdict !== "approve" && deciding.verdict !== "edit") return 0;
  const digest = digestDecided(before, deciding, sha256);
  const others = before.approvals.filter(
    (approval) => approval.digest === digest && approval.by.id !== named(deciding.actor).id,
  );
  return Math.max(0, before.approvalsNeeded - others.length - 1);
}

function countApproval(before: Escalation, deciding: Deciding, facts: Facts, missing: number): Step {
  const { actor, now } = deciding;
  const digest = digestDecided(before, deciding, facts.sha256);
  const approval: Approval = {
    by: named(actor),
    surface: actor.surface,
    account: actor.account,
    at: now,
    digest,
  };
  const kept = before.approvals.filter((other) => other.digest === digest && other.by.id !== approval.by.id);
  const edited = deciding.verdict === "edit" && deciding.args && digest;
  const proposal =
    edited && deciding.args ? { args: deciding.args, digest, by: approval.by } : before.proposal;
  const after: Escalation = {
    ...before,
    revision: before.revision + 1,
    approvals: [...kept, approval],
    proposal,
  };
  return {
    escalation: { before: before.revision, after },
    jobs: [due("publish", before.id, now)],
    audit: [{ ...line(before, deciding), kind: "escalation.approval_counted", detail: { digest, missing } }],
  };
}

function settle(before: Escalation, deciding: Deciding, facts: Facts): Step {
  const { actor, now } = deciding;
  const by = named(actor);
  const approved = deciding.verdict === "approve" || deciding.verdict === "edit";
  const verdict = deciding.verdict === "approve" && before.proposal ? "edit" : deciding.verdict;
  const decision: Decision = {
    verdict,
    by,
    surface: actor.surface,
    account: actor.account,
    at: now,
    reason: deciding.reason?.trim() || undefined,
    option: deciding.option,
    response: deciding.response?.trim() || undefined,
    args: approved ? (deciding.args ?? argsAtStake(before)) : undefined,
    actionDigest: approved ? digestDecided(before, deciding, facts.sha256) : before.actionDigest,
    keepHeld: deciding.keepHeld ?? false,
  };
  const after: Escalation = {
    ...before,
    revision: before.revision + 1,
    status: "decided",
    decision,
    settledAt: now,
  };
  const told = tellOutcome(after, "escalation.decided", { ...facts, id: facts.newId(), now });
  const released = facts.hold ? holdAfter(facts.hold, decision, facts, now) : undefined;
  const about = line(before, deciding);
  const heldLine: AuditLine[] = facts.hold
    ? [{ ...about, kind: decision.keepHeld ? "hold.kept" : "hold.released", detail: { hold: facts.hold.id } }]
    : [];
  return {
    escalation: { before: before.revision, after },
    holds: released ? [released.change] : [],
    callbacks: [...told.callbacks, ...(released?.callbacks ?? [])],
    jobs: [due("publish", before.id, now), ...told.jobs, ...(released?.jobs ?? [])],
    cancelled: [`advance:${before.id}`],
    audit: [
      {
        ...about,
        kind: "escalation.decided",
        detail: {
          verdict,
          digest: decision.actionDigest,
          seconds: Math.round((now - before.createdAt) / 1000),
        },
      },
      ...heldLine,
    ],
  };
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

function digestDecided(before: Escalation, deciding: Deciding, sha256: Sha256): ActionDigest | null {
  const action = before.request.action;
  if (deciding.verdict !== "edit" || !action || !deciding.args) return digestAtStake(before);
  const edited: Action = { name: action.name, args: deciding.args };
  return actionDigest(edited, sha256);
}

function line(escalation: Escalation, { actor, now }: Deciding) {
  return { at: now, agent: escalation.agent, escalation: escalation.id, actor: auditActor(actor) };
}

export function auditActor(actor: Actor): AuditActor {
  return { kind: "person", ...named(actor), surface: actor.surface, account: actor.account };
}
