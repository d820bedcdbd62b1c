/** What happened on each subject and when: counted for frequency limits and repeated contact. */
import { and, asc, eq, gte, lt, sql } from "drizzle-orm";
import type { Tallies } from "../application/ports.ts";
import type { Tally } from "../domain/step.ts";
import { type Engine, limitedBy, wholeRow } from "./engine.ts";
import { forgetting } from "./forget.ts";
import type { Tables } from "./schema.ts";
import { countOf, run, type Script } from "./script.ts";

export function talliesIn(engine: Engine) {
  const { build, prepare, read, given } = engine;
  const { tallies } = engine.tables;
  const count = prepare<{ agent: string; what: string; subject: string; since: number }, { n: number }>(
    build
      .select({ n: sql<number>`count(*)`.as("n") })
      .from(tallies)
      .where(
        and(
          eq(tallies.agent, given("agent")),
          eq(tallies.what, given("what")),
          eq(tallies.subject, given("subject")),
          gte(tallies.at, given("since")),
        ),
      ),
  );
  const add = prepare<Tables["tallies"]["$inferSelect"]>(build.insert(tallies).values(wholeRow(tallies)));

  const { agent, what, subject, at } = tallies;
  const oldest = build
    .select({ agent, what, subject, at })
    .from(tallies)
    .where(lt(at, given("before")))
    .orderBy(asc(at))
    .limit(limitedBy("limit"));
  const forgetOldest = prepare<{ before: number; limit: number }>(
    build.delete(tallies).where(sql`(${agent}, ${what}, ${subject}, ${at}) in ${oldest}`),
  );

  const port: Tallies = {
    count: (agent, questions) =>
      read(function* () {
        const counts: number[] = [];
        for (const { what, subject, since } of questions) {
          counts.push(yield* countOf(count, { agent, what, subject, since }));
        }
        return counts;
      }),
    forget: forgetting(engine, forgetOldest),
  };

  return {
    port,
    *write({ agent, what, subject, at }: Tally): Script<void> {
      yield* run(add, { agent, what, subject, at });
    },
  };
}
