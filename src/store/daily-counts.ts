/** What digests count, per agent and local day: added up as it happens, so that looking back reads a few hundred rows. */
import { and, asc, desc, eq, gte, lt, ne, type SQL, sql } from "drizzle-orm";
import type { Counts } from "../application/review-ports.ts";
import type { Count, Counted, Days, Total } from "../domain/counts.ts";
import type { AgentId } from "../domain/ids.ts";
import type { Trigger } from "../domain/trigger.ts";
import { type Engine, limitedBy, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { many, run, type Script } from "./script.ts";

interface Asked {
  readonly agent: string;
  readonly from: string;
  readonly to: string;
}

export function dailyCountsIn({ build, tables: { daily_counts: counts }, prepare, read, given }: Engine) {
  // Cast, because a sum may be of another type than what it adds up.
  const sum = sql<number>`cast(sum(${counts.n}) as bigint)`;
  const n = sum.as("n");
  const over = (...conditions: SQL[]) =>
    and(
      eq(counts.agent, given("agent")),
      gte(counts.day, given("from")),
      lt(counts.day, given("to")),
      ...conditions,
    );
  const isWhat = eq(counts.what, given("what"));
  const isGroup = eq(counts.what, sql`'group'`);

  const totals = prepare<Asked, { what: string; trigger: string; of: string; n: number }>(
    build
      .select({ what: counts.what, trigger: counts.trigger, of: counts.of, n })
      .from(counts)
      .where(over(ne(counts.what, sql`'group'`)))
      .groupBy(counts.what, counts.trigger, counts.of),
  );
  const byDay = prepare<Asked & { what: string }, { day: string; trigger: string; n: number }>(
    build
      .select({ day: counts.day, trigger: counts.trigger, n })
      .from(counts)
      .where(over(isWhat))
      .groupBy(counts.day, counts.trigger)
      .orderBy(asc(counts.day), asc(counts.trigger)),
  );
  const byOf = prepare<Asked & { what: string }, { of: string; n: number }>(
    build.select({ of: counts.of, n }).from(counts).where(over(isWhat)).groupBy(counts.of),
  );
  const groups = prepare<Asked & { least: number; limit: number }, { group: string; n: number }>(
    build
      .select({ group: sql<string>`${counts.of}`.as("group"), n })
      .from(counts)
      .where(over(isGroup))
      .groupBy(counts.of)
      .having(sql`${sum} >= ${given("least")}`)
      .orderBy(desc(sum), asc(counts.of))
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
  const asked = (agent: AgentId, { from, to }: Days): Asked => ({ agent, from, to });

  const port: Counts = {
    totals: (agent, days) =>
      read(() =>
        many(totals, asked(agent, days), (row): Total => {
          return { ...row, what: row.what as Counted, trigger: row.trigger as Trigger | "" };
        }),
      ),
    byDay: (agent, what, days) =>
      read(() =>
        many(byDay, { ...asked(agent, days), what }, (row) => ({
          ...row,
          trigger: row.trigger as Trigger | "",
        })),
      ),
    of: (agent, what, days) => read(() => many(byOf, { ...asked(agent, days), what }, (row) => row)),
    groups: (agent, days, least, limit) =>
      read(() => many(groups, { ...asked(agent, days), least, limit }, (row) => row)),
  };

  return {
    port,
    *write({ agent, day, what, trigger, of, n: more }: Count): Script<void> {
      yield* run(add, { agent, day, what, trigger, of, n: more });
    },
  };
}
