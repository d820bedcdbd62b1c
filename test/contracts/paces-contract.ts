/** What paces have to do, wherever they are kept: nobody goes out too early, and nobody waits for somebody else's rate. */
import { describe, expect, it } from "vitest";
import type { Paces } from "../../src/application/ports.ts";
import type { Rate } from "../../src/domain/delivery/rate.ts";

const NOW = Date.UTC(2026, 10, 16, 9);

const rate = (key: string, everyMs: number, burst = 1): Rate => ({ key, everyMs, burst });

/** `keys`: those that are kept, where that can be seen. */
export function pacesContract(current: () => Paces, keys?: () => Promise<readonly unknown[]>): void {
  const take = (rates: readonly Rate[], at: number) => current().take(rates, NOW + at);
  const wait = (rates: readonly Rate[], at: number) => current().wait(rates, NOW + at);

  describe("keeps calls under a rate", () => {
    it("lets one through, and says when the next may go", async () => {
      const one = [rate("a", 1_000)];
      expect(await take(one, 0)).toBe(0);
      expect(await take(one, 0)).toBe(1_000);
      expect(await take(one, 400)).toBe(600);
      expect(await take(one, 1_000)).toBe(0);
      expect(await take([rate("b", 1_000)], 1_000)).toBe(0);
    });

    it("lets a burst through at once, and then one after the other", async () => {
      const three = [rate("a", 1_000, 3)];
      const went: number[] = [];
      for (let at = 0; at <= 5_000; at += 250) if ((await take(three, at)) === 0) went.push(at);
      expect(went).toEqual([0, 250, 500, 1_000, 2_000, 3_000, 4_000, 5_000]);
    });

    it("takes a place under all of its rates or under none", async () => {
      const both = [rate("b", 1_000, 2), rate("a", 60_000)];
      expect(await take(both, 0)).toBe(0);
      for (let tries = 0; tries < 5; tries++) expect(await take(both, 1_000)).toBe(59_000);
      // What was turned away above used nothing of the other rate.
      expect(await take([rate("b", 1_000, 2)], 1_000)).toBe(0);
      expect(await take([rate("b", 1_000, 2)], 1_000)).toBe(0);
    });

    it("says what taking would say, and takes nothing", async () => {
      const one = [rate("a", 1_000)];
      expect([await wait(one, 0), await wait(one, 0), await take(one, 0)]).toEqual([0, 0, 0]);
      expect([await wait(one, 0), await wait(one, 300)]).toEqual([1_000, 700]);
    });

    it("waits for what was held, under that key and no other", async () => {
      const calls = (channel: string) => [rate("all", 10, 5), rate(`hold ${channel}`, 0)];
      await current().hold("hold a", NOW + 30_000);
      await current().hold("hold a", NOW + 20_000);
      expect(await take(calls("a"), 0)).toBe(30_000);
      expect(await take(calls("b"), 0)).toBe(0);
      expect(await wait(calls("a"), 29_999)).toBe(1);
      expect(await take(calls("a"), 30_000)).toBe(0);
      expect(await take(calls("a"), 30_000)).toBe(0);
    });

    it("waits for a replica whose clock is a little ahead, and for no clock that was set back by an hour", async () => {
      const one = [rate("a", 1_000)];
      expect(await take(one, 5_000)).toBe(0);
      expect(await take(one, 0)).toBe(6_000);
      expect(await take(one, 3_600_000)).toBe(0);
      expect(await take(one, 0)).toBe(0);
      expect(await take(one, 0)).toBe(1_000);
      expect(await take(one, 1_000)).toBe(0);
    });

    it("lets exactly one through of many that ask at the same time", async () => {
      const channel = [rate("tenant", 1, 100), rate("channel", 1_000)];
      for (let round = 0; round < 5; round++) {
        const asked = Array.from({ length: 30 }, (_, at) =>
          // In either order: whoever has one of the two must not wait for whoever has the other.
          take(at % 2 ? channel : channel.toReversed(), round * 1_000),
        );
        expect((await Promise.all(asked)).filter((wait) => wait === 0)).toHaveLength(1);
      }
    });

    if (!keys) return;
    it("forgets what means nothing any more, and nothing else", async () => {
      const HOUR = 3_600_000;
      for (let at = 0; at < 600; at++) await take([rate(`channel ${at}`, 1_000)], 0);
      await current().hold("hold", NOW + 4 * HOUR);
      for (let minute = 0; minute < 3; minute++) await take([rate("now", 1_000)], 2 * HOUR + minute * 60_000);
      expect((await keys()).toSorted()).toEqual(["hold", "now"]);
      expect(await wait([rate("hold", 0)], 2 * HOUR)).toBe(2 * HOUR);
    });
  });
}
