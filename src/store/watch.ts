/** What an auditor reads of the store. */
import { and, asc, eq, gt, lt, sql } from "drizzle-orm";
import type { Watch } from "../application/ports/watch.ts";
import { auditTrailIn } from "./audit-trail.ts";
import { limitedBy, type Reading } from "./engine.ts";
import { countOf, many } from "./script.ts";
import { verifyAudit } from "./verify-audit.ts";

/** Lines of the trail read at once, some 3 ms of work; between two reads the walk of a whole trail rests so many milliseconds. */
const LINES = 250;
const REST = 5;

/** Over what somebody else closes. */
export function watchIn(reading: Reading): Watch {
  const { build, tables, prepare, read, given } = reading;
  const { escalations, jobs } = tables;
  const wakes = prepare<
    { after: string; limit: number },
    { id: string; due_at: number; wakes_at: number | null }
  >(
    build
      .select({
        id: escalations.id,
        due_at: escalations.due_at,
        wakes_at: sql<number | null>`${jobs.due_at}`.as("wakes_at"),
      })
      .from(escalations)
      .leftJoin(jobs, eq(jobs.key, sql`'advance:' || ${escalations.id}`))
      .where(and(sql`${escalations.status} = 'open'`, gt(escalations.id, given("after"))))
      .orderBy(asc(escalations.id))
      .limit(limitedBy("limit")),
  );
  const overdue = prepare<{ before: number }, { n: number }>(
    build
      .select({ n: sql<number>`count(*)`.as("n") })
      .from(jobs)
      .where(lt(jobs.ready_at, given("before"))),
  );
  const trail = auditTrailIn(reading);

  return {
    wakes: (after, limit) =>
      read(() =>
        many(wakes, { after, limit }, (row) => ({ id: row.id, dueAt: row.due_at, wakesAt: row.wakes_at })),
      ),
    countOverdue: (before) => read(() => countOf(overdue, { before })),
    async walkTrail(from) {
      const walked = await verifyAudit(trail, {
        page: LINES,
        rest: from ? 0 : REST,
        ...(from ? { from } : {}),
      });
      return walked.ok ? { ok: true, mark: { seq: walked.lines, hash: walked.hash } } : walked;
    },
    close: async () => {},
  };
}
