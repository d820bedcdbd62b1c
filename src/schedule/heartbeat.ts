/** Pings the address that notices when Holdpoint goes quiet: a dead man's switch, told only that all is well. */
import { request } from "undici";

/** Milliseconds. */
const PATIENCE = 10_000;

/** Resolves once the ping was taken; throws, in words for the log, when it was not. */
export type Heartbeat = () => Promise<void>;

export function heartbeatTo(url: string): Heartbeat {
  return async () => {
    const { statusCode, body } = await request(url, { method: "GET", signal: AbortSignal.timeout(PATIENCE) });
    await body.dump();
    if (statusCode >= 400) throw new Error(`it answered ${statusCode}`);
  };
}
