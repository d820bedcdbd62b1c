/** The first answer to each idempotency key, kept so that a repeated request gets it again. */
import { and, asc, eq, lt, sql } from "drizzle-orm";
import type { Answers } from "../application/ports.ts";
import type { StoredAnswer } from "../domain/step.ts";
import { type Engine, limitedBy, wholeRow } from "./engine.ts";
import { forgetting } from "./forget.ts";
import type { Tables } from "./schema.ts";
import { firstOf, one, rowsLater, run, type Script } from "./script.ts";

type Row = Tables["answers"]["$inferSelect"];

export function answersIn(engine: Engine) {
  const { build, prepare, read, given } = engine;
  const { answers } = engine.tables;
  const find = prepare<{ scope: string; key: string }, Row>(
    build
      .select()
      .from(answers)
      .where(and(eq(answers.scope, given("scope")), eq(answers.key, given("key")))),
  );
  const add = prepare<Row>(build.insert(answers).values(wholeRow(answers)));
  const oldest = build
    .select({ scope: answers.scope, key: answers.key })
    .from(answers)
    .where(lt(answers.at, given("before")))
    .orderBy(asc(answers.at))
    .limit(limitedBy("limit"));
  const forgetOldest = prepare<{ before: number; limit: number }>(
    build.delete(answers).where(sql`(${answers.scope}, ${answers.key}) in ${oldest}`),
  );

  const port: Answers = {
    find: (scope, key) => read(() => one(find, { scope, key }, toAnswer)),
    forget: forgetting(engine, forgetOldest),
  };

  return {
    port,
    /** Whether somebody's answer to the key is there already. */
    *taken({ scope, key }: StoredAnswer): Script<() => boolean> {
      const rows = yield* rowsLater(find, { scope, key });
      return () => rows().length > 0;
    },
    /** Whether this very answer is there. */
    *has({ scope, key, body, at }: StoredAnswer): Script<boolean> {
      const stored = yield* firstOf(find, { scope, key });
      return stored?.body === body && stored.at === at;
    },
    *write(answer: StoredAnswer): Script<void> {
      yield* run(add, {
        ...{ scope: answer.scope, key: answer.key, body_hash: answer.bodyHash },
        ...{ status: answer.status, body: answer.body, at: answer.at },
      });
    },
  };
}

function toAnswer(row: Row): StoredAnswer {
  const { scope, key, body_hash: bodyHash, status, body, at } = row;
  return { scope, key, bodyHash, status, body, at };
}
