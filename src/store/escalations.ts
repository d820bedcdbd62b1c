/** Escalations and the decisions made on them: written by compare-and-set on the revision, read page by page. */
import { and, asc, desc, eq, getColumns, gte, lt, type SQL, sql } from "drizzle-orm";
import type { Escalations } from "../application/ports.ts";
import type { Step } from "../domain/step.ts";
import { type Engine, FIRST, limitedBy, wholeRow } from "./engine.ts";
import { type Row, toBody, toColumns, toEscalation } from "./escalation-row.ts";
import type { Tables } from "./schema.ts";
import { countOf, many, one, rowsLater, rowsOf, run, type Script } from "./script.ts";

type Change = NonNullable<Step["escalation"]>;

/** How an escalation stood before a change of it, to be asked once it has arrived. */
export interface Standing {
  /** Whether the store has another revision than the step has read. */
  isOutdated(): boolean;
  isOpen(): boolean;
}

/** Sorts after every id: where a first page begins. */
const AFTER_ALL = "\u{10FFFF}";

export function escalationsIn({ build, tables, prepare, read, given }: Engine) {
  const { escalations, decisions, approvals, copies } = tables;
  // Written out, not a parameter: a partial index serves only a query that says what the index says.
  const isOpen = sql`${escalations.status} = 'open'`;
  const isPast = sql`${escalations.status} <> 'open'`;
  const withDecision = () =>
    build
      .select({ ...getColumns(escalations), decision: decisions.decision })
      .from(escalations)
      .leftJoin(decisions, eq(decisions.escalation, escalations.id));

  const find = prepare<{ id: string }, Row>(withDecision().where(eq(escalations.id, given("id"))));
  const inQueue = prepare<{ queue: string }, Row>(
    build
      .select({ ...getColumns(escalations), decision: decisions.decision })
      .from(copies)
      .innerJoin(escalations, eq(escalations.id, copies.escalation))
      .leftJoin(decisions, eq(decisions.escalation, escalations.id))
      .where(and(eq(copies.queue, given("queue")), eq(copies.part, sql`'card'`)))
      .orderBy(asc(escalations.id)),
  );
  // Ids are time-ordered, so newest first is by id, and a page begins below the last id of the one before.
  const pageBy = (...conditions: SQL[]) =>
    prepare<{ agent?: string; status?: string; cursor: string; limit: number }, Row>(
      withDecision()
        .where(and(...conditions, lt(escalations.id, given("cursor"))))
        .orderBy(desc(escalations.id))
        .limit(limitedBy("limit")),
    );
  const ofAgent = eq(escalations.agent, given("agent"));
  const inStatus = eq(escalations.status, given("status"));
  const pages = {
    all: pageBy(),
    byStatus: pageBy(inStatus),
    past: pageBy(isPast, ofAgent),
    settled: pageBy(isPast, ofAgent, inStatus),
  };
  const openOf = prepare<{ agent: string }, Row>(withDecision().where(and(isOpen, ofAgent)));
  const latestByRule = prepare<{ agent: string; trigger: string; rule: string; since: number }, Row>(
    withDecision()
      .where(
        and(
          ofAgent,
          eq(escalations.trigger, given("trigger")),
          eq(escalations.rule, given("rule")),
          gte(escalations.created_at, given("since")),
        ),
      )
      .orderBy(desc(escalations.created_at), desc(escalations.id))
      .limit(FIRST),
  );
  const openByTrigger = prepare<{ agent: string; trigger: string }, Row>(
    withDecision()
      .where(and(isOpen, ofAgent, eq(escalations.trigger, given("trigger"))))
      .orderBy(asc(escalations.id)),
  );
  const count = () => build.select({ n: sql<number>`count(*)`.as("n") }).from(escalations);
  const countOpen = prepare<object, { n: number }>(count().where(isOpen));
  const countOpenOf = prepare<{ agent: string }, { n: number }>(count().where(and(isOpen, ofAgent)));

  const standing = prepare<{ id: string }, { revision: number; status: string }>(
    build
      .select({ revision: escalations.revision, status: escalations.status })
      .from(escalations)
      .where(eq(escalations.id, given("id"))),
  );
  const insert = prepare<Tables["escalations"]["$inferSelect"]>(
    build.insert(escalations).values(wholeRow(escalations)),
  );
  const update = prepare<
    Omit<Tables["escalations"]["$inferSelect"], "agent" | "trigger" | "alike" | "request">
  >(
    build
      .update(escalations)
      .set({
        revision: given("revision"),
        status: given("status"),
        severity: given("severity"),
        due_at: given("due_at"),
        settled_at: given("settled_at"),
        body: given("body"),
      })
      .where(eq(escalations.id, given("id"))),
  );
  const addDecision = prepare<Tables["decisions"]["$inferSelect"]>(
    build.insert(decisions).values(wholeRow(decisions)),
  );
  const addApproval = prepare<Tables["approvals"]["$inferSelect"]>(
    build.insert(approvals).values(wholeRow(approvals)).onConflictDoNothing(),
  );

  const port: Escalations = {
    find: (id) => read(() => one(find, { id }, toEscalation)),
    inQueue: (queue) => read(() => many(inQueue, { queue }, toEscalation)),
    page: (filter) =>
      read(function* () {
        const { agent, status, cursor = AFTER_ALL, limit } = filter;
        const asked = { ...(status && { status }), cursor, limit };
        if (!agent) return yield* many(status ? pages.byStatus : pages.all, asked, toEscalation);
        // What is open of an agent and what is past have an index each. What is open is read whole: it has a limit of its own.
        const open = status && status !== "open" ? [] : yield* rowsOf(openOf, { agent });
        const page = status ? pages.settled : pages.past;
        const past = status === "open" ? [] : yield* rowsOf(page, { ...asked, agent });
        return [...open.filter(({ id }) => id < cursor), ...past]
          .sort((a, b) => (a.id < b.id ? 1 : -1))
          .slice(0, limit)
          .map(toEscalation);
      }),
    latestByRule: (agent, trigger, rule, since) =>
      read(() => one(latestByRule, { agent, trigger, rule, since }, toEscalation)),
    openByTrigger: (agent, trigger) => read(() => many(openByTrigger, { agent, trigger }, toEscalation)),
    countOpen: () => read(() => countOf(countOpen, {})),
    countOpenOf: (agent) => read(() => countOf(countOpenOf, { agent })),
  };

  return {
    port,
    /** How it stands before the change. */
    *standing({ before, after }: Change): Script<Standing> {
      const stored = yield* rowsLater(standing, { id: after.id });
      return {
        isOutdated: () => (stored()[0]?.revision ?? 0) !== before,
        isOpen: () => stored()[0]?.status === "open",
      };
    },
    /** `wasOpen`: only an open escalation can get a decision; a report on the outcome saves one that is there already. */
    *write({ before, after }: Change, wasOpen: boolean): Script<void> {
      const columns = { ...toColumns(after), body: toBody(after) };
      const { decision } = after;
      if (before === 0) {
        yield* run(insert, { ...columns, request: JSON.stringify(after.request) });
      } else {
        yield* run(update, columns);
        if (decision && !wasOpen) return;
      }
      for (const approval of after.approvals) {
        yield* run(addApproval, {
          ...{ escalation: after.id, by_id: approval.by.id, at: approval.at },
          ...{ digest: approval.digest, approval: JSON.stringify(approval) },
        });
      }
      if (decision) {
        yield* run(addDecision, {
          ...{ escalation: after.id, verdict: decision.verdict, by_id: decision.by.id, at: decision.at },
          decision: JSON.stringify(decision),
        });
      }
    },
  };
}
