/** A fault as facts for the log. */
import { textAt } from "./payload.ts";

/** Where it failed, not what it said: a database's message quotes the values it was given. */
export function faultFacts(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error };
  const at = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return { error: error.name, code: textAt(error, "code"), at: at.slice(0, 3).map((line) => line.trim()) };
}
