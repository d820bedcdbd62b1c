/** Trying again: later each time, at no regular moment, and not longer than somebody is willing to wait. */
import { HoldpointError } from "./failure.ts";

const FIRST_MS = 250;
const LONGEST_MS = 15_000;
const LONGEST_ASKED_FOR_MS = 60_000;

/** As many in a row may be a proxy while the server behind it restarts; more are a wrong address. */
const BAD_ANSWERS = 5;

export interface Trying {
  /** Milliseconds after which the last failure is thrown; `Infinity` for never. */
  readonly patience: number;
  readonly signal: AbortSignal | undefined;
  /** Told of each failure that is tried again. */
  readonly onTrouble: ((error: HoldpointError) => void) | undefined;
}

/** Repeats what fails for now. Throws the last failure, what is no use repeating, or the signal's reason. */
export async function persistently<T>(trying: Trying, attempt: () => Promise<T>): Promise<T> {
  const { patience, signal, onTrouble } = trying;
  const end = performance.now() + patience;
  let bad = 0;
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof HoldpointError)) throw error;
      if (error.reason === "bad_answer") bad++;
      else if (error.reason === "unreachable") bad = 0;
      else throw error;
      const ms = Math.max(backOff(tries), Math.min(error.retryAfter ?? 0, LONGEST_ASKED_FOR_MS));
      if (bad === BAD_ANSWERS || performance.now() + ms > end) throw error;
      onTrouble?.(error);
      await sleep(ms, signal);
    }
  }
}

/** Milliseconds before try number `tries` (0 is the first repetition): doubling, with half of it left to chance. */
export function backOff(tries: number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
  return most * (0.5 + Math.random() / 2);
}

/** Rejects with the signal's reason when it is aborted. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
