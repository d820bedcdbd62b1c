/** What digests count, per agent and local day: added up as it happens, so that looking back reads a few hundred rows. */
import { and, asc, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { Counts } from "../application/ports/reviews.ts";
import type { Trigger } from "../domain/charter/trigger.ts";
import type { AgentId } from "../domain/ids.ts";
import { type Count, type Days, TOTALLED, type Total } from "../domain/review/counts.ts";
import { eachDay } from "../domain/review/digest-days.ts";
import { type Engine, limitedBy, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { arrived, rowsLater, rowsOf, run, type Script, type Statement } from "./script.ts";

interface Asked {
  readonly agent: string;
}

/**
 * Days are named one by one, so many at a time: the index leads from an agent and a day to one thing that was counted, and a
 * range of days would walk past everything else.
 */
const SLOTS = Array.from({ length: 31 }, (_, at) => `day${at}`);

export function dailyCountsIn({ build, tables: { daily_counts: counts }, prepare, read, given }: Engine) {
  const { agent, day, what, trigger, of } = counts;
  // Cast, because a sum may be of another type than what it adds up.
  const sum = sql<number>`cast(sum(${counts.n}) as bigint)`;
  const n = sum.as("n");
  const list = (words: readonly SQL[]) => sql.join([...words], sql`, `);
  const onDays = sql`${day} in (${list(SLOTS.map((slot) => given(slot)))})`;
  const over = (which: SQL) => and(eq(agent, given("agent")), onDays, which);
  const isWhat = eq(what, given("what"));
  const isTotalled = sql`${what} in (${list(TOTALLED.map((word) => sql.raw(`'${word}'`)))})`;

  const totals = prepare<Asked, Total>(
    build.select({ what, trigger, of, n }).from(counts).where(over(isTotalled)).groupBy(what, trigger, of),
  );
  const byDay = prepare<Asked & { what: string }, { day: string; trigger: Trigger | ""; n: number }>(
    build
      .select({ day, trigger, n })
      .from(counts)
      .where(over(isWhat))
      .groupBy(day, trigger)
      .orderBy(asc(day), asc(trigger)),
  );
  const byOf = prepare<Asked & { what: string }, { of: string; n: number }>(
    build.select({ of, n }).from(counts).where(over(isWhat)).groupBy(of),
  );
  // Added up and cut where they lie, over a range of days: an agent may name a group of its own with every request.
  const groups = prepare<
    Asked & Days & { least: number; limit: number },
    { readonly group: string; readonly n: number }
  >(
    build
      .select({ group: sql<string>`${of}`.as("group"), n })
      .from(counts)
      .where(
        and(
          ...[eq(agent, given("agent")), gte(day, given("from")), lt(day, given("to"))],
          eq(what, sql`'group'`),
        ),
      )
      .groupBy(of)
      .having(sql`${sum} >= ${given("least")}`)
      .orderBy(desc(sum), asc(of))
      .limit(limitedBy("limit")),
  );
  const add = prepare<Tables["daily_counts"]["$inferSelect"]>(
    build
      .insert(counts)
      .values(wholeRow(counts))
      .onConflictDoUpdate({
        target: [counts.agent, counts.day, counts.what, counts.trigger, counts.of],
        set: { n: sql`${counts.n} + excluded.n` },
      }),
  );

  /** The rows of all days, as many statements as it takes. */
  function* rowsOver<In extends object, Row>(
    statement: Statement<Asked & In, Row>,
    id: AgentId,
    days: Days,
    more: In,
  ): Script<readonly Row[]> {
    const all = eachDay(days);
    const answers: (() => readonly Row[])[] = [];
    for (let from = 0; from < all.length; from += SLOTS.length) {
      const some = all.slice(from, from + SLOTS.length);
      // A day that is named twice counts once.
      const slots = Object.fromEntries(SLOTS.map((slot, at) => [slot, some[at] ?? some[0] ?? ""]));
      answers.push(yield* rowsLater(statement, { agent: id, ...slots, ...more }));
    }
    yield* arrived();
    return answers.flatMap((rows) => rows());
  }

  /** One row for each key: over many days, several statements have each found some of it. */
  function added<Row extends { readonly n: number }>(
    rows: readonly Row[],
    key: (row: Row) => string,
  ): readonly Row[] {
    const sums = new Map<string, Row>();
    for (const row of rows) {
      const before = sums.get(key(row));
      sums.set(key(row), before ? { ...row, n: before.n + row.n } : row);
    }
    return [...sums.values()];
  }

  const port: Counts = {
    totals: (id, days) =>
      read(function* () {
        const rows = yield* rowsOver(totals, id, days, {});
        return added(rows, (row) => JSON.stringify([row.what, row.trigger, row.of]));
      }),
    byDay: (id, word, days) => read(() => rowsOver(byDay, id, days, { what: word })),
    of: (id, word, days) =>
      read(function* () {
        return added(yield* rowsOver(byOf, id, days, { what: word }), (row) => row.of);
      }),
    groups: (id, days, least, limit) => read(() => rowsOf(groups, { agent: id, ...days, least, limit })),
  };

  return {
    port,
    *write(count: Count): Script<void> {
      yield* run(add, { ...count });
    },
  };
}
