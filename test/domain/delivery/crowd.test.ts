/** When requests share a card: how long one may be joined in silence, and when its joiners are drawn. */
import { describe, expect, it } from "vitest";
import type { Severity } from "../../../src/domain/charter/severity.ts";
import { type Copy, newCopy } from "../../../src/domain/delivery/copy.ts";
import { isJoinable, nextDrawing, queueNudge } from "../../../src/domain/delivery/crowd.ts";
import type { CopyId } from "../../../src/domain/ids.ts";
import { MINUTE, SECOND } from "../../../src/domain/time/time.ts";

const NOW = Date.UTC(2026, 10, 20, 14, 0, 1);
const ADDRESS = { platform: "slack", kind: "person", id: "U1" } as const;
const queue = (more: Partial<Copy> = {}): Copy =>
  newCopy({ id: "copy_1" as CopyId, part: "queue", address: ADDRESS, createdAt: NOW, ...more });
const shown = (ago: number, more: Partial<Copy> = {}) =>
  queue({ state: "shown", attemptedAt: NOW - ago, ...more });

describe("a queue card", () => {
  it.each<[Severity, number, boolean]>([
    ["low", 10 * MINUTE - 1, true],
    ["low", 10 * MINUTE, false],
    ["medium", 10 * MINUTE - 1, true],
    ["high", MINUTE - 1, true],
    ["high", MINUTE, false],
    ["critical", 0, false],
  ])("may be joined by a request of %s severity %d ms after it rang: %s", (severity, ago, may) => {
    expect(isJoinable(shown(ago), severity, NOW)).toBe(may);
  });

  it("that waits for its post may be joined by all but critical ones", () => {
    expect(isJoinable(queue(), "high", NOW)).toBe(true);
    expect(isJoinable(queue(), "critical", NOW)).toBe(false);
  });

  it("that is being posted may be joined, and not one whose end is unknown, or that nobody can change or see", () => {
    expect(isJoinable(shown(0, { state: "posting" }), "high", NOW)).toBe(true);
    expect(isJoinable(shown(0, { state: "posting", uncertainSince: NOW }), "high", NOW)).toBe(false);
    for (const state of ["stale", "undeliverable"] as const)
      expect(isJoinable(shown(0, { state }), "high", NOW)).toBe(false);
  });
});

describe("those who join a card that stands", () => {
  it("are drawn together within five seconds, and never put off by those who come after them", () => {
    const drawn = [0, 1, 2_499, 3_999].map((later) => nextDrawing(NOW + later));
    expect(new Set(drawn).size).toBe(1);
    for (let later = 0; later < 20 * SECOND; later += 700) {
      const wait = nextDrawing(NOW + later) - (NOW + later);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(5 * SECOND);
    }
  });
});

describe("the reminder of a queue card", () => {
  it("is one for all of the same time to answer, and another for each step and each time", () => {
    const of = (part: string, within: number, card = "copy_1") => queueNudge(card as CopyId, part, within);
    expect(of("nudge.0.0.1", MINUTE)).toBe(of("nudge.0.0.1", MINUTE));
    const others = [
      of("nudge.0.0.2", MINUTE),
      of("nudge.0.0.1", SECOND),
      of("nudge.0.0.1", MINUTE, "copy_2"),
    ];
    expect(new Set([of("nudge.0.0.1", MINUTE), ...others]).size).toBe(4);
  });
});
