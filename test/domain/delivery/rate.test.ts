/** The rates, proven over random times: whatever the calls, no window holds more of them than it may. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RATES } from "../../../src/chat/slack/limits.ts";
import { CONVERSATION_RATES, TENANT_RATE } from "../../../src/chat/teams/limits.ts";
import { freeAfter, type Rate, waitUnder } from "../../../src/domain/delivery/rate.ts";

/** When calls go out of somebody who asks after each of these pauses, and again as soon as they are told to. */
function callsUnder(rates: readonly Rate[], pauses: readonly number[]): readonly number[] {
  const kept = new Map<string, number>();
  const calls: number[] = [];
  let now = Date.UTC(2026, 10, 16, 9);
  for (const pause of pauses) {
    now += pause;
    const wait = Math.max(...rates.map((rate) => waitUnder(rate, kept.get(rate.key), now)));
    now += wait;
    for (const rate of rates) {
      expect(waitUnder(rate, kept.get(rate.key), now), "asked again when told to").toBe(0);
      kept.set(rate.key, freeAfter(rate, kept.get(rate.key), now));
    }
    calls.push(now);
  }
  return calls;
}

/** The most calls in any window of so many milliseconds, its two ends included. */
function mostWithin(ms: number, calls: readonly number[]): number {
  let from = 0;
  return Math.max(
    0,
    ...calls.map((at, index) => {
      while ((calls[from] ?? at) < at - ms) from += 1;
      return index - from + 1;
    }),
  );
}

/** Mostly impatient, now and then away for a while: what a burst needs to be as large as it can be. */
const pauses = (most: number) =>
  fc.array(
    fc.oneof(
      { weight: 20, arbitrary: fc.constant(0) },
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 2_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 2_000, max: 5_000_000 }) },
    ),
    { minLength: 1, maxLength: most, size: "max" },
  );

const named = (rates: readonly Omit<Rate, "key">[]) =>
  rates.map((rate, at) => ({ ...rate, key: String(at) }));

describe("the pace of one conversation of Teams", () => {
  const rates = named(CONVERSATION_RATES);

  it("keeps every window of Microsoft's, whatever is asked for when", () => {
    fc.assert(
      fc.property(pauses(200), (asked) => {
        const calls = callsUnder(rates, asked);
        expect(mostWithin(1_000, calls)).toBeLessThanOrEqual(7);
        expect(mostWithin(2_000, calls)).toBeLessThanOrEqual(8);
        expect(mostWithin(30_000, calls)).toBeLessThanOrEqual(60);
        expect(mostWithin(3_600_000, calls)).toBeLessThanOrEqual(1_800);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the hour's under a load that never ends", () => {
    const calls = callsUnder(
      rates,
      Array.from({ length: 5_000 }, () => 0),
    );
    expect(mostWithin(3_600_000, calls)).toBeLessThanOrEqual(1_800);
    // And it is not kept by sending next to nothing.
    expect(mostWithin(3_600_000, calls)).toBeGreaterThan(1_700);
    expect(mostWithin(30_000, calls)).toBeGreaterThan(50);
  });
});

it("keeps Teams' thirty a second for the tenant", () => {
  fc.assert(
    fc.property(pauses(200), (asked) => {
      expect(mostWithin(1_000, callsUnder(named([TENANT_RATE]), asked))).toBeLessThanOrEqual(30);
    }),
  );
});

it("keeps posts to a channel of Slack more than a second apart", () => {
  const post = RATES["chat.postMessage"];
  fc.assert(
    fc.property(pauses(50), (asked) => {
      expect(mostWithin(1_100, callsUnder(named([post]), asked))).toBe(1);
    }),
  );
});

it("makes a single call wait for nothing", () => {
  for (const rate of named([...CONVERSATION_RATES, TENANT_RATE, ...Object.values(RATES)]))
    expect(waitUnder(rate, undefined, 1)).toBe(0);
});
