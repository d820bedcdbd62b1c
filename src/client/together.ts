/** Several waits that end together: when one fails, nobody goes on waiting for the rest. */

export async function together<T>(
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const end = new AbortController();
  const stop = () => end.abort(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await work(end.signal);
  } finally {
    signal?.removeEventListener("abort", stop);
    end.abort();
  }
}
