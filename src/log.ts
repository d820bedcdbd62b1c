/** Structured lines on standard error: ids and words of ours, never card text, arguments or tokens. */
import { type DestinationStream, pino } from "pino";
import type { Log } from "./application/ports.ts";

/** Names under which a secret might travel, cut out wherever they stand: a second line of defence behind not logging them. */
const SECRETS = ["token", "secret", "key", "authorization", "body", "args", "response_url"];

/** `level` is one of pino's; standard output is left to the one line that says that Holdpoint is ready. */
export function createLog(
  level: string,
  to: DestinationStream = pino.destination({ dest: 2, sync: false }),
): Log {
  const known = ["trace", "debug", "info", "warn", "error", "fatal", "silent"].includes(level)
    ? level
    : "info";
  return pino(
    {
      level: known,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: "[cut]" },
    },
    to,
  );
}
