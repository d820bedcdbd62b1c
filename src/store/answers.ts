/** The first answer to each idempotency key, kept so that a repeated request gets it again. */
import { and, asc, eq, lt, sql } from "drizzle-orm";
import type { Answers } from "../application/ports.ts";
import type { StoredAnswer } from "../domain/step.ts";
import { type Engine, limitedBy, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { changesOf, firstOf, one, rowsLater, run, type Script } from "./script.ts";

type Row = Tables["answers"]["$inferSelect"];

/** Answers forgotten in one transaction: a month's backlog at once would hold up every click. */
const FORGET_AT_ONCE = 500;

export function answersIn({ build, tables: { answers }, prepare, read, write, given }: Engine) {
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
  const forget = prepare<{ before: number; limit: number }>(
    build.delete(answers).where(sql`(${answers.scope}, ${answers.key}) in ${oldest}`),
  );

  const port: Answers = {
    find: (scope, key) => read(() => one(find, { scope, key }, toAnswer)),
    async forget(before) {
      for (let forgotten = 0; ; ) {
        const some = await write(() => changesOf(forget, { before, limit: FORGET_AT_ONCE }));
        forgotten += some;
        if (some < FORGET_AT_ONCE) return forgotten;
      }
    },
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
