/** When callbacks are tried again. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GIVE_UP_AFTER_MS, nextAttempt } from "../../../src/domain/delivery/callback-schedule.ts";

const FIRST = Date.UTC(2027, 0, 4, 9);
const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

/** In the middle of the jitter, where it changes nothing. */
const NO_JITTER = 0.5;

/** Offsets of all attempts from the first, when every one fails at once. */
function allAttempts(jitter: () => number): number[] {
  const offsets: number[] = [];
  let due = nextAttempt(0, FIRST, FIRST, jitter());
  while (due !== undefined) {
    offsets.push(due - FIRST);
    due = nextAttempt(offsets.length, FIRST, due, jitter());
  }
  return offsets;
}

describe("the schedule of a callback", () => {
  it.each([
    [0, 0],
    [1, 1 * S],
    [2, 2 * S],
    [3, 5 * S],
    [4, 15 * S],
    [5, 30 * S],
    [6, 1 * MIN],
    [7, 5 * MIN],
    [8, 15 * MIN],
    [9, 30 * MIN],
    [10, 1 * H],
    [11, 1 * H],
    [50, 1 * H],
  ])("after %i attempts waits %i ms, a fifth less or more", (attempt, wait) => {
    const now = FIRST + 5 * H;
    expect(nextAttempt(attempt, FIRST, now, NO_JITTER)).toBe(now + wait);
    expect(nextAttempt(attempt, FIRST, now, 0)).toBe(now + (wait === 1 * S ? wait : wait * 0.8));
    expect(nextAttempt(attempt, FIRST, now, 1)).toBe(now + wait * 1.2);
  });

  it("tries eleven times in the first two hours, then hourly, and ends within 72 hours", () => {
    const offsets = allAttempts(() => NO_JITTER);
    expect(offsets.filter((offset) => offset <= 2 * H)).toHaveLength(11);
    expect(offsets).toHaveLength(81);
    expect(offsets.at(-1)).toBeLessThanOrEqual(72 * H);
    expect(offsets.at(-1)).toBeGreaterThan(71 * H);
  });

  it("still tries when the next attempt falls on the 72nd hour to the millisecond, and not one later", () => {
    const now = FIRST + GIVE_UP_AFTER_MS - 1 * H;
    expect(nextAttempt(40, FIRST, now, NO_JITTER)).toBe(FIRST + GIVE_UP_AFTER_MS);
    expect(nextAttempt(40, FIRST, now + 1, NO_JITTER)).toBeUndefined();
  });

  it("waits as long as the receiver asks, if that is longer, and never less for it", () => {
    expect(nextAttempt(1, FIRST, FIRST, NO_JITTER, 10 * MIN)).toBe(FIRST + 10 * MIN);
    expect(nextAttempt(9, FIRST, FIRST, NO_JITTER, 1 * S)).toBe(FIRST + 30 * MIN);
  });

  it("gives each attempt a later whole second than the one before, whatever the jitter", () => {
    const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.infiniteStream(jitter),
        fc.integer({ min: 1, max: 90 }),
        fc.nat(999),
        (stream, attempt, ms) => {
          const now = FIRST + ms;
          const due = nextAttempt(attempt, FIRST, now, stream.next().value);
          expect(Math.floor((due ?? Number.NaN) / 1000)).toBeGreaterThan(Math.floor(now / 1000));
        },
      ),
    );
    fc.assert(
      fc.property(fc.infiniteStream(jitter), (stream) => {
        const offsets = allAttempts(() => stream.next().value);
        expect(offsets.at(-1)).toBeLessThanOrEqual(72 * H);
        expect(offsets.length).toBeGreaterThan(65);
      }),
    );
  });
});
