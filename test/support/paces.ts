/** Paces kept in memory, for tests of platforms that have no store. */
import type { Paces } from "../../src/application/ports.ts";
import { freeAfter, type Rate, waitUnder } from "../../src/domain/delivery/rate.ts";

export function pacesInMemory(): Paces {
  const kept = new Map<string, number>();
  const longest = (rates: readonly Rate[], now: number) =>
    Math.max(0, ...rates.map((rate) => waitUnder(rate, kept.get(rate.key), now)));
  return {
    async take(rates, now) {
      const wait = longest(rates, now);
      if (wait > 0) return wait;
      for (const rate of rates)
        if (rate.everyMs > 0) kept.set(rate.key, freeAfter(rate, kept.get(rate.key), now));
      return 0;
    },
    wait: async (rates, now) => longest(rates, now),
    async hold(key, until) {
      kept.set(key, Math.max(until, kept.get(key) ?? until));
    },
  };
}
