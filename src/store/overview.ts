/** How things stand with an agent, for digests: what waits, what is overdue, what was decided last. */
import { and, asc, desc, eq, gte, lt, sql } from "drizzle-orm";
import type { Overview } from "../application/ports/reviews.ts";
import type { Severity } from "../domain/charter/severity.ts";
import type { Trigger } from "../domain/charter/trigger.ts";
import type { Decision } from "../domain/escalation/escalation.ts";
import type { EscalationId } from "../domain/ids.ts";
import { type Engine, limitedBy } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { countOf, many } from "./script.ts";

type Row = Tables["escalations"]["$inferSelect"];

export function overviewIn({ build, tables, prepare, read, given }: Engine): Overview {
  const { escalations, decisions, callbacks } = tables;
  const { id, agent, trigger, severity, request, created_at, due_at, settled_at } = escalations;
  const n = sql<number>`count(*)`.as("n");
  // Written out, as the partial indexes have it.
  const openOf = and(sql`${escalations.status} = 'open'`, eq(agent, given("agent")));
  const byTrigger = prepare<{ agent: string }, { trigger: string; n: number }>(
    build.select({ trigger, n }).from(escalations).where(openOf).groupBy(trigger),
  );
  // `breached` stands last in a body, so that its end tells, whatever else is in there.
  const isOverdue = sql`(${due_at} <= ${given("now")} or ${escalations.body} like '%"breached":true}')`;
  const overdue = prepare<{ agent: string; now: number }, { n: number }>(
    build.select({ n }).from(escalations).where(and(openOf, isOverdue)),
  );
  const pressing = prepare<
    { agent: string; limit: number },
    Pick<Row, "id" | "trigger" | "severity" | "request" | "created_at" | "due_at">
  >(
    build
      .select({ id, trigger, severity, request, created_at, due_at })
      .from(escalations)
      .where(openOf)
      // And by nothing more: to save sorting by the id, the planner would walk through what is open of everybody.
      .orderBy(asc(due_at))
      .limit(limitedBy("limit")),
  );
  const dead = prepare<{ agent: string }, { n: number }>(
    build
      .select({ n })
      .from(callbacks)
      .where(and(sql`${callbacks.state} = 'dead'`, eq(callbacks.agent, given("agent")))),
  );
  const decided = prepare<
    { agent: string; from: number; to: number; limit: number },
    Pick<Row, "id" | "request"> & { readonly decision: string }
  >(
    build
      .select({ id, request, decision: decisions.decision })
      .from(escalations)
      .innerJoin(decisions, eq(decisions.escalation, id))
      .where(
        and(
          eq(agent, given("agent")),
          sql`${settled_at} is not null`,
          gte(settled_at, given("from")),
          lt(settled_at, given("to")),
        ),
      )
      .orderBy(desc(settled_at))
      .limit(limitedBy("limit")),
  );

  return {
    openByTrigger: (of) =>
      read(() => many(byTrigger, { agent: of }, (row) => ({ trigger: row.trigger as Trigger, n: row.n }))),
    deadCallbacks: (of) => read(() => countOf(dead, { agent: of })),
    overdue: (of, now) => read(() => countOf(overdue, { agent: of, now })),
    mostPressing: (of, limit) =>
      read(() =>
        many(pressing, { agent: of, limit }, (row) => ({
          ...{ id: row.id as EscalationId, trigger: row.trigger as Trigger },
          ...{ severity: row.severity as Severity, summary: summaryIn(row.request) },
          ...{ createdAt: row.created_at, dueAt: row.due_at },
        })),
      ),
    latestDecisions: (of, { from, to }, limit) =>
      read(() =>
        many(decided, { agent: of, from, to, limit }, (row) => {
          const { verdict, by, at } = JSON.parse(row.decision) as Decision;
          return { id: row.id as EscalationId, verdict, by, summary: summaryIn(row.request), at };
        }),
      ),
  };
}

function summaryIn(request: string): string {
  return (JSON.parse(request) as { readonly summary: string }).summary;
}
