/** An escalation as a row: what queries ask about in columns, the request and the rest as JSON, the decision beside it. */
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { AgentId, EscalationId } from "../domain/ids.ts";
import type { Tables } from "./schema.ts";

export type Row = Tables["escalations"]["$inferSelect"] & { readonly decision: string | null };

type Columns = Omit<Tables["escalations"]["$inferSelect"], "request" | "body">;

/** What stands in `body`: all that has no column of its own. */
type Body = Omit<
  Escalation,
  | ("id" | "revision" | "agent" | "charterVersion" | "status" | "trigger" | "severity" | "rule")
  | ("createdAt" | "dueAt" | "settledAt" | "request" | "decision")
>;

export function toColumns(escalation: Escalation): Columns {
  return {
    id: escalation.id,
    revision: escalation.revision,
    agent: escalation.agent,
    charter_version: escalation.charterVersion,
    status: escalation.status,
    trigger: escalation.trigger,
    severity: escalation.severity,
    rule: escalation.rule,
    created_at: escalation.createdAt,
    due_at: escalation.dueAt,
    settled_at: escalation.settledAt,
    alike: escalation.request.group ?? null,
  };
}

export function toBody(escalation: Escalation): string {
  const body: Body = {
    raisedBy: escalation.raisedBy,
    actionDigest: escalation.actionDigest,
    allow: escalation.allow,
    approvalsNeeded: escalation.approvalsNeeded,
    approvals: escalation.approvals,
    proposal: escalation.proposal,
    hold: escalation.hold,
    chain: escalation.chain,
    stage: escalation.stage,
    stageStartedAt: escalation.stageStartedAt,
    reminders: escalation.reminders,
    rounds: escalation.rounds,
    asked: escalation.asked,
    reassigned: escalation.reassigned,
    standIns: escalation.standIns,
    acknowledged: escalation.acknowledged,
    reactedAt: escalation.reactedAt,
    outcome: escalation.outcome,
    withdrawnReason: escalation.withdrawnReason,
    // Last: a query for what is overdue looks for it at the end of the text.
    breached: escalation.breached,
  };
  return JSON.stringify(body);
}

export function toEscalation(row: Row): Escalation {
  return {
    // Bodies of earlier versions know of no deputies.
    standIns: [],
    ...(JSON.parse(row.body) as Omit<Body, "standIns">),
    id: row.id as EscalationId,
    revision: row.revision,
    agent: row.agent as AgentId,
    charterVersion: row.charter_version,
    status: row.status as Escalation["status"],
    trigger: row.trigger as Escalation["trigger"],
    severity: row.severity as Escalation["severity"],
    rule: row.rule,
    createdAt: row.created_at,
    dueAt: row.due_at,
    settledAt: row.settled_at,
    request: JSON.parse(row.request) as Escalation["request"],
    decision: row.decision === null ? null : (JSON.parse(row.decision) as Escalation["decision"]),
  };
}
