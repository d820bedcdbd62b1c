/** When the next call under a rate may go out: one instant per key, taken under a lock that lasts for one short transaction. */
import { and, asc, eq, gt, lt, sql } from "drizzle-orm";
import type { Paces } from "../application/ports/pace.ts";
import { freeAfter, type Rate, waitUnder } from "../domain/delivery/rate.ts";
import { HOUR, MINUTE } from "../domain/time/time.ts";
import { type Engine, limitedBy } from "./engine.ts";
import { arrived, rowsLater, rowsOf, run, type Script } from "./script.ts";

interface Kept {
  readonly free_at: number;
}

/** A key whose instant has passed means what no key means. An hour more, because clocks of replicas may be apart. */
const MEANS_NOTHING_AFTER = HOUR;
/** Keys looked at in one sweep. */
const SWEPT_AT_ONCE = 500;
const BETWEEN_SWEEPS = MINUTE;

export function pacesIn({ build, tables: { paces }, prepare, unclaimed, read, aside, given }: Engine): Paces {
  const thisOne = eq(paces.key, given("key"));
  const find = prepare<{ key: string }, Kept>(
    build.select({ free_at: paces.free_at }).from(paces).where(thisOne),
  );
  /** Locks the row, which is made where there is none, until the transaction ends. */
  const lock = prepare<{ key: string; now: number }, Kept>(
    build
      .insert(paces)
      .values({ key: given("key"), free_at: given("now") })
      .onConflictDoUpdate({ target: paces.key, set: { free_at: sql`${paces.free_at}` } })
      .returning({ free_at: paces.free_at }),
  );
  const put = prepare<{ key: string; at: number }>(
    build
      .update(paces)
      .set({ free_at: given("at") })
      .where(thisOne),
  );
  const putLater = prepare<{ key: string; at: number }>(
    build
      .insert(paces)
      .values({ key: given("key"), free_at: given("at") })
      .onConflictDoUpdate({
        target: paces.key,
        set: {
          free_at: sql`case when excluded.free_at > ${paces.free_at} then excluded.free_at else ${paces.free_at} end`,
        },
      }),
  );
  const some = prepare<{ key: string; limit: number }, Kept & { key: string }>(
    unclaimed(
      build
        .select()
        .from(paces)
        .where(gt(paces.key, given("key")))
        .orderBy(asc(paces.key))
        .limit(limitedBy("limit")),
    ),
  );
  const forget = prepare<{ key: string; before: number }>(
    build.delete(paces).where(and(thisOne, lt(paces.free_at, given("before")))),
  );
  let sweptTo = "";
  let sweptAt = 0;

  function* longest(rates: readonly Rate[], now: number): Script<number> {
    const kept: (() => readonly Kept[])[] = [];
    for (const { key } of rates) kept.push(yield* rowsLater(find, { key }));
    yield* arrived();
    return Math.max(0, ...rates.map((rate, at) => waitUnder(rate, kept[at]?.()[0]?.free_at, now)));
  }

  /** Goes through the keys, some at a time, and forgets those that mean nothing. */
  async function sweep(now: number): Promise<void> {
    if (Math.abs(now - sweptAt) < BETWEEN_SWEEPS) return;
    sweptAt = now;
    const from = sweptTo;
    sweptTo = await aside(function* () {
      const keys = yield* rowsOf(some, { key: from, limit: SWEPT_AT_ONCE });
      const before = now - MEANS_NOTHING_AFTER;
      for (const { key, free_at } of keys) if (free_at < before) yield* run(forget, { key, before });
      return keys.length < SWEPT_AT_ONCE ? "" : (keys.at(-1)?.key ?? "");
    });
  }

  return {
    async take(rates, now) {
      await sweep(now);
      // While a channel is busy most of those who ask are turned away, and to turn somebody away takes no lock.
      const wait = await read(() => longest(rates, now));
      if (wait > 0) return wait;
      const used = rates.filter(({ everyMs }) => everyMs > 0).toSorted(byKey);
      if (used.length === 0) return 0;
      return aside(function* () {
        // Everybody locks in the same order, so nobody waits for somebody who waits for them.
        const kept: (() => readonly Kept[])[] = [];
        for (const { key } of used) kept.push(yield* rowsLater(lock, { key, now }));
        yield* arrived();
        const freeAt = used.map((_, at) => kept[at]?.()[0]?.free_at);
        const longer = Math.max(0, ...used.map((rate, at) => waitUnder(rate, freeAt[at], now)));
        if (longer > 0) return longer;
        for (const [at, rate] of used.entries())
          yield* run(put, { key: rate.key, at: freeAfter(rate, freeAt[at], now) });
        return 0;
      });
    },
    wait: (rates, now) => read(() => longest(rates, now)),
    async hold(key, until) {
      await aside(() => run(putLater, { key, at: until }));
    },
  };
}

function byKey(one: Rate, other: Rate): number {
  return one.key < other.key ? -1 : 1;
}
