/** Back-pressure: while commits are behind, agents' new work is refused at once, so that what people do and agents wait for goes on. */
import type { Clock, Log, Store } from "../application/ports.ts";
import type { Limits } from "./door.ts";
import { unavailable } from "./problem.ts";

/** Seconds. Whoever comes back later than that has been told of a wait that nobody can foresee. */
const LATEST_RETRY = 30;

export interface BackPressure {
  /**
   * Throws a 503 `Problem` with `Retry-After` while new work would wait too long for its commit. Asked before anything else
   * is done for it; decisions, state checks and whatever else is under way never ask.
   */
  admit(): void;
  /** How often it has thrown. */
  refused(): number;
  /** For `/readyz`: that new work is refused, in words; and whether it has been for so long that others should get it. */
  standing(): { readonly words: string; readonly forLong: boolean } | undefined;
}

export function backPressure({
  store,
  clock,
  log,
  limits,
}: {
  readonly store: Pick<Store, "pressure">;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Pick<Limits, "commitWaitMs" | "behindMs">;
}): BackPressure {
  /** Since when new work is refused. */
  let since: number | undefined;
  let refused = 0;

  function look(): number {
    const { expectedMs, waiting } = store.pressure();
    if (since === undefined && expectedMs > limits.commitWaitMs) {
      since = clock.now();
      log.warn({ waiting, expectedMs: Math.round(expectedMs) }, "commits are behind: new work is refused");
    } else if (since !== undefined && expectedMs < limits.commitWaitMs / 2) {
      // Only at half: at the bound itself it would be on and off with every request.
      log.info({ refused, forMs: clock.now() - since }, "commits have caught up: new work is taken again");
      since = undefined;
    }
    return expectedMs;
  }

  return {
    admit() {
      const expectedMs = look();
      if (since === undefined) return;
      refused++;
      const most = seconds(limits.commitWaitMs);
      throw unavailable(
        `The disk is behind: a new request would wait for about ${seconds(expectedMs)} s, and ${most} s is the most. Nothing was stored: send this again after the time in Retry-After, with the same Idempotency-Key.`,
        Math.min(LATEST_RETRY, Math.max(1, Math.ceil(expectedMs / 1_000))),
      );
    },
    refused: () => refused,
    standing() {
      look();
      if (since === undefined) return undefined;
      const stood = clock.now() - since;
      return {
        words: `Commits are behind, and new work is refused, for ${seconds(stood)} s: look at the disk or the database server; decisions and state checks go on.`,
        forLong: stood >= limits.behindMs,
      };
    },
  };
}

/** To a tenth, for people. */
function seconds(ms: number): string {
  return String(Number((ms / 1_000).toFixed(1)));
}
