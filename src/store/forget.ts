/** Forgets what is past its time. */
import type { Engine } from "./engine.ts";
import { changesOf, type Statement } from "./script.ts";

/** Rows forgotten in one transaction: a month's backlog at once would hold up every click. */
const AT_ONCE = 500;

/** Runs a statement that deletes the oldest `limit` rows from before an instant, until nothing is left of them. */
export function forgetting(
  { write }: Pick<Engine, "write">,
  oldest: Statement<{ readonly before: number; readonly limit: number }, never>,
): (before: number) => Promise<number> {
  return async (before) => {
    for (let forgotten = 0; ; ) {
      const some = await write(() => changesOf(oldest, { before, limit: AT_ONCE }));
      forgotten += some;
      if (some < AT_ONCE) return forgotten;
    }
  };
}
