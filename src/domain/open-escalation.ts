/** Opens an escalation: its frozen chain, its hold, its first timer and its first card, in one step. */

import { actionDigest, type Sha256 } from "./action-digest.ts";
import { nextWake } from "./advance.ts";
import type { Agent } from "./agent.ts";
import type { AuditActor } from "./audit.ts";
import { tellHold } from "./callback.ts";
import { freezeChain } from "./chain.ts";
import type { Escalation } from "./escalation.ts";
import type { Hold, Scope } from "./hold.ts";
import { type ActionDigest, type AgentId, type EscalationId, FLEET, type HoldId } from "./ids.ts";
import { due } from "./job.ts";
import type { Directory, Named } from "./people.ts";
import { type EscalationRequest, subjectKey } from "./request.ts";
import type { Step } from "./step.ts";
import { MINUTE } from "./time.ts";
import type { HoldScope, Verdict } from "./trigger.ts";
import { ruleFor } from "./trigger-rule.ts";

/** An agent-level hold that the agent has not confirmed by then shows as "not confirmed" on its card. */
export const CONFIRM_WITHIN = 1 * MINUTE;

export interface Opening {
  readonly id: EscalationId;
  readonly holdId: HoldId;
  readonly callbackId: string;
  readonly agent: Agent;
  readonly request: EscalationRequest;
  /** Who opened it: the agent, or a person who raised a flag. */
  readonly by: AuditActor;
  /** The rule that was met, in words, when a signal opened it. */
  readonly rule?: string;
  /** What the trigger's verdicts are narrowed to: an action the charter forbids can't be approved by anybody. */
  readonly never?: boolean;
  readonly people: Directory;
  readonly sha256: Sha256;
  readonly now: number;
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
  const chain = freezeChain({
    charter: agent.charter,
    rule,
    severity,
    people: opening.people,
    also: request.trigger === "human_requested" ? rep : undefined,
    respondWithin: request.respond_within,
  });
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
    actionDigest: digest,
    allow: allowed(request, rule.allow, opening.never ?? false),
    approvalsNeeded: rule.approvals,
    approvals: [],
    proposal: null,
    hold: hold?.id ?? null,
    chain,
    stage: 0,
    stageStartedAt: now,
    reminders: 0,
    rounds: 0,
    asked: chain.stages[0].people,
    reassigned: [],
    acknowledged: null,
    decision: null,
    outcome: null,
    withdrawnReason: null,
    createdAt: now,
    dueAt: now + chain.stages[0].within,
    breached: false,
    settledAt: null,
  };
  const told = hold ? tellHold(hold, "hold.placed", { agent, id: opening.callbackId, now }) : undefined;
  const unreachable = escalation.asked.length === 0 && !chain.stages[0].channel;
  const about = { at: now, agent: agent.id, escalation: opening.id };
  const step: Step = {
    escalation: { before: 0, after: escalation },
    holds: hold ? [{ change: "place", hold }] : [],
    callbacks: told?.callbacks ?? [],
    jobs: [
      due("publish", escalation.id, now),
      due("advance", escalation.id, nextWake(escalation)),
      ...(hold?.scope.kind === "agent"
        ? [due("publish", escalation.id, now + CONFIRM_WITHIN, "confirmed")]
        : []),
      ...(told?.jobs ?? []),
    ],
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
        },
      },
      ...(hold
        ? [
            {
              ...about,
              kind: "hold.placed" as const,
              actor: opening.by,
              detail: { hold: hold.id, scope: hold.scope },
            },
          ]
        : []),
      ...(unreachable
        ? [
            {
              ...about,
              kind: "operator.alarmed" as const,
              actor: { kind: "system" as const, id: "holdpoint" },
              detail: { why: "nobody in the charter can be reached" },
            },
          ]
        : []),
    ],
  };
  return { escalation, hold, step };
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
  const agent: AgentId = scope.kind === "fleet" ? FLEET : opening.agent.id;
  const by: Named = { id: opening.by.id, name: opening.by.name ?? opening.by.id };
  return {
    ...{
      id: opening.holdId,
      agent,
      scope,
      reason: opening.request.summary,
      placedBy: by,
      placedAt: now,
      until: null,
    },
    ...{ escalation: opening.id, confirmedAt: null, releasedAt: null, releasedBy: null },
  };
}

/** What the request asks for, within what the charter allows; an edit or "never" needs an action to be about. */
function allowed(
  request: EscalationRequest,
  charter: readonly Verdict[],
  never: boolean,
): readonly Verdict[] {
  const asked = request.allow ? charter.filter((verdict) => request.allow?.includes(verdict)) : charter;
  const within = asked.length > 0 ? asked : charter;
  const possible = within.filter((verdict) => (verdict === "edit" ? request.action !== undefined : true));
  return never
    ? [
        ...new Set<Verdict>([
          ...possible.filter((verdict) => verdict !== "approve" && verdict !== "edit"),
          "reject",
        ]),
      ]
    : possible;
}
