/** Small facts that adapters keep across restarts. */
import { eq } from "drizzle-orm";
import type { Notes } from "../application/ports.ts";
import { type Engine, replacedExcept, wholeRow } from "./engine.ts";
import { changesOf, firstOf } from "./script.ts";

export function notesIn({ build, tables: { notes }, prepare, read, write, given }: Engine): Notes {
  const thisOne = eq(notes.key, given("key"));
  const find = prepare<{ key: string }, { value: string }>(
    build.select({ value: notes.value }).from(notes).where(thisOne),
  );
  const put = prepare<{ key: string; value: string }>(
    build
      .insert(notes)
      .values(wholeRow(notes))
      .onConflictDoUpdate({ target: notes.key, set: replacedExcept(notes, "key") }),
  );
  const remove = prepare<{ key: string }>(build.delete(notes).where(thisOne));

  return {
    get: (key) =>
      read(function* () {
        const row = yield* firstOf(find, { key });
        return row?.value;
      }),
    set: async (key, value) => {
      await write(() => changesOf(put, { key, value }));
    },
    delete: async (key) => {
      await write(() => changesOf(remove, { key }));
    },
  };
}
