/** Opens an escalation: its frozen chain, its hold, its first timer and its first card, in one step. */

import type { Agent } from "../agent.ts";
import { type AuditActor, type AuditLine, SYSTEM } from "../audit.ts";
import { type Absence, coverAt } from "../chain/absence.ts";
import { instead, nextWake } from "../chain/advance.ts";
import { freezeChain, timeOver } from "../chain/chain.ts";
import { stageAsItIs, stageToAsk } from "../chain/stand-in.ts";
import type { HoldScope, Verdict } from "../charter/trigger.ts";
import { ruleFor } from "../charter/trigger-rule.ts";
import { tellHold } from "../delivery/callback.ts";
import type { Hold, Scope } from "../hold.ts";
import type { ActionDigest, EscalationId, HoldId } from "../ids.ts";
import { CONFIRMED, due } from "../job.ts";
import type { Named } from "../people.ts";
import { countOpened } from "../review/counts.ts";
import type { Step } from "../step.ts";
import { MINUTE } from "../time/time.ts";
import { actionDigest, type Sha256 } from "./action-digest.ts";
import { deciders } from "./authorize.ts";
import type { Escalation } from "./escalation.ts";
import { firstCopies, type Showing } from "./first-copies.ts";
import { type EscalationRequest, subjectKey } from "./request.ts";

/** An agent-level hold that the agent has not confirmed by then shows as "not confirmed" on its card. */
export const CONFIRM_WITHIN = 1 * MINUTE;

export interface Opening extends Showing {
  readonly absences: readonly Absence[];
  readonly id: EscalationId;
  readonly holdId: HoldId;
  readonly callbackId: string;
  readonly agent: Agent;
  readonly request: EscalationRequest;
  /** Who opened it: the agent, or a person who raised a flag. */
  readonly by: AuditActor;
  /** The rule that was met, in words, when a signal opened it. */
  readonly rule?: string;
  /** The charter forbids the action, so that nobody can approve it. */
  readonly never?: boolean;
  readonly sha256: Sha256;
}

export interface Opened {
  readonly escalation: Escalation;
  readonly hold: Hold | null;
  readonly step: Step;
}

export function openEscalation(opening: Opening): Opened {
  const { agent, request, now } = opening;
  const rule = ruleFor(agent.charter, request.trigger);
  const severity = request.severity ?? rule.severity;
  const digest = request.action ? actionDigest(request.action, opening.sha256) : null;
  const rep = request.rep ? opening.people.byEmail(request.rep)?.id : undefined;
  const cover = coverAt(opening.absences, opening.people, now);
  const chain = freezeChain({
    charter: agent.charter,
    rule,
    severity,
    people: opening.people,
    cover,
    also: request.trigger === "human_requested" ? rep : undefined,
    respondWithin: request.respond_within,
  });
  const nobody = { asked: [], standIns: [] };
  const first = stageToAsk(chain, 0, nobody, cover, now) ?? stageAsItIs(chain, 0, nobody);
  // Whoever raises it: an agent that asks by itself can't get approved what its charter never allows.
  const never = agent.charter.actions.never.includes(request.action?.name ?? "");
  const forbidden = never || (opening.never ?? false);
  const scope = holdScope(rule.hold, request, digest, severity);
  const hold = scope && placeHold(opening, scope, now);
  const escalation: Escalation = {
    id: opening.id,
    revision: 1,
    agent: agent.id,
    charterVersion: agent.charterVersion,
    status: "open",
    trigger: request.trigger,
    severity,
    request,
    rule: opening.rule ?? null,
    raisedBy:
      opening.by.kind === "person" ? { id: opening.by.id, name: opening.by.name ?? opening.by.id } : null,
    actionDigest: digest,
    allow: allowed(request, rule.allow, forbidden),
    approvalsNeeded: rule.approvals,
    approvals: [],
    proposal: null,
    hold: hold?.id ?? null,
    chain,
    ...first,
    stageStartedAt: now,
    reminders: 0,
    rounds: 0,
    reassigned: [],
    acknowledged: null,
    decision: null,
    outcome: null,
    withdrawnReason: null,
    createdAt: now,
    dueAt: timeOver(chain, now, (chain.stages[first.stage] ?? chain.stages[0]).within),
    breached: false,
    settledAt: null,
  };
  const told = hold ? tellHold(hold, "hold.placed", { agent, id: opening.callbackId, now }) : undefined;
  const about = { at: now, agent: agent.id, escalation: opening.id };
  const shown = firstCopies(escalation, opening);
  const step: Step = {
    escalation: { before: 0, after: escalation },
    copies: shown.copies,
    holds: hold ? [{ change: "place", hold }] : [],
    callbacks: told?.callbacks ?? [],
    jobs: [
      ...shown.jobs,
      due("advance", escalation.id, nextWake(escalation)),
      ...(hold?.scope.kind === "agent" && opening.platforms.length > 0
        ? [due("publish", escalation.id, now + CONFIRM_WITHIN, CONFIRMED)]
        : []),
      ...(told?.jobs ?? []),
    ],
    counts: countOpened(escalation, agent),
    audit: [
      {
        ...about,
        kind: "escalation.opened",
        actor: opening.by,
        detail: {
          trigger: request.trigger,
          severity,
          digest,
          charter: agent.charterVersion,
          asked: escalation.asked,
          ...instead(escalation.standIns, chain.stages[escalation.stage]?.people ?? []),
        },
      },
      ...(hold ? [holdLine(hold, opening)] : []),
      ...alarm(escalation, opening),
    ],
  };
  return { escalation, hold, step };
}

function holdLine(hold: Hold, { id, agent, by, now }: Opening): AuditLine {
  const detail = { hold: hold.id, scope: hold.scope };
  return { at: now, kind: "hold.placed", actor: by, agent: agent.id, escalation: id, detail };
}

/** An owner whom the people list does not know: the hold stands, and the operator has to name somebody. */
function alarm(escalation: Escalation, { agent, people, id, now }: Opening): AuditLine[] {
  const { charter } = agent;
  const { owner } = charter.ownership;
  if (people.find(owner)) return [];
  const nobody = deciders({ charter, people, escalation }).length === 0;
  const why = nobody ? "nobody in the charter can be reached" : "the owner is not in the people list";
  const about = { at: now, agent: agent.id, escalation: id };
  return [{ ...about, kind: "operator.alarmed", actor: SYSTEM, detail: { why, owner } }];
}

/** Narrower scopes need what they name; without it the whole agent is held. A flag that is not grave holds nothing. */
function holdScope(
  wanted: HoldScope,
  request: EscalationRequest,
  digest: ActionDigest | null,
  severity: Escalation["severity"],
): Scope | null {
  if (request.trigger === "flag" && (severity === "low" || severity === "medium")) return null;
  if (wanted === "subject" && request.subject)
    return { kind: "subject", subject: subjectKey(request.subject) };
  if (wanted === "capability" && request.action)
    return { kind: "capability", capability: request.action.name };
  if (wanted === "action" && digest) return { kind: "action", digest };
  return { kind: "agent" };
}

function placeHold(opening: Opening, scope: Scope, now: number): Hold {
  const by: Named = { id: opening.by.id, name: opening.by.name ?? opening.by.id };
  return {
    ...{
      id: opening.holdId,
      agent: opening.agent.id,
      scope,
      reason: opening.request.summary,
      placedBy: by,
      placedAt: now,
      until: null,
    },
    ...{ escalation: opening.id, confirmedAt: null, releasedAt: null, releasedBy: null },
  };
}

/**
 * What the request asks for, within what the charter allows; an edit needs an action to change, and what the charter never
 * allows can't be approved. Never empty: a request that nobody could answer would hold its agent for ever.
 */
function allowed(
  request: EscalationRequest,
  charter: readonly Verdict[],
  never: boolean,
): readonly Verdict[] {
  const possible = charter.filter((verdict) => {
    if (verdict === "approve") return !never;
    return verdict === "edit" ? !never && request.action !== undefined : true;
  });
  if (never && !possible.includes("reject")) possible.push("reject");
  const asked = possible.filter((verdict) => request.allow?.includes(verdict));
  if (asked.length > 0) return asked;
  return possible.length > 0 ? possible : ["reject"];
}
