/** Small facts that adapters keep across restarts. */
import { asc, eq, inArray, lte } from "drizzle-orm";
import type { Notes } from "../application/ports.ts";
import { type Engine, limitedBy, replacedExcept, wholeRow } from "./engine.ts";
import { forgetting } from "./forget.ts";
import { changesOf, one, run } from "./script.ts";

export function notesIn(engine: Engine): Notes {
  const { build, prepare, read, write, given } = engine;
  const { notes } = engine.tables;
  const thisOne = eq(notes.key, given("key"));
  const find = prepare<{ key: string }, { value: string }>(
    build.select({ value: notes.value }).from(notes).where(thisOne),
  );
  const put = prepare<{ key: string; value: string; until: number | null }>(
    build
      .insert(notes)
      .values(wholeRow(notes))
      .onConflictDoUpdate({ target: notes.key, set: replacedExcept(notes, "key") }),
  );
  const remove = prepare<{ key: string }>(build.delete(notes).where(thisOne));
  const over = build
    .select({ key: notes.key })
    .from(notes)
    .where(lte(notes.until, given("before")))
    .orderBy(asc(notes.until))
    .limit(limitedBy("limit"));
  const forgetOldest = prepare<{ before: number; limit: number }>(
    build.delete(notes).where(inArray(notes.key, over)),
  );

  return {
    get: (key) => read(() => one(find, { key }, (row) => row.value)),
    set: async (key, value, until) => {
      await write(() => changesOf(put, { key, value, until: until ?? null }));
    },
    take: (key) =>
      write(function* () {
        const value = yield* one(find, { key }, (row) => row.value);
        if (value !== undefined) yield* run(remove, { key });
        return value;
      }),
    forget: forgetting(engine, forgetOldest),
    delete: async (key) => {
      await write(() => changesOf(remove, { key }));
    },
  };
}
