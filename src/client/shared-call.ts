/** One call under way for everybody who wants the same: it ends when nobody waits for it any more. */

interface UnderWay<T> {
  readonly result: Promise<T>;
  readonly end: AbortController;
  waiting: number;
}

/** Joins the call of that name, or starts it. Each caller's own signal ends only their own wait. */
export type SharedCalls<T> = (
  name: string,
  start: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal | undefined,
) => Promise<T>;

export function sharedCalls<T>(): SharedCalls<T> {
  const calls = new Map<string, UnderWay<T>>();

  function begin(name: string, start: (signal: AbortSignal) => Promise<T>): UnderWay<T> {
    const end = new AbortController();
    const result = start(end.signal).finally(() => {
      if (calls.get(name) === call) calls.delete(name);
    });
    // Whoever left early does not hear of its failure, and nobody else has to.
    result.catch(() => {});
    const call = { result, end, waiting: 0 };
    calls.set(name, call);
    return call;
  }

  return async (name, start, signal) => {
    signal?.throwIfAborted();
    const call = calls.get(name) ?? begin(name, start);
    call.waiting++;
    let leave = () => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal?.reason);
      signal?.addEventListener("abort", leave, { once: true });
    });
    try {
      return await Promise.race([call.result, left]);
    } finally {
      signal?.removeEventListener("abort", leave);
      call.waiting--;
      if (call.waiting === 0) {
        if (calls.get(name) === call) calls.delete(name);
        call.end.abort(signal?.reason);
      }
    }
  };
}
