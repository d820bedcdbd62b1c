/** What Slack's libraries log, in our log: warnings and errors only, without tokens. */
import type { Logger } from "@slack/bolt";
import type { Log } from "../../application/ports.ts";

/** Bodies of calls are logged at debug level, which therefore never is on. */
export function quietLogger(log: Log): Logger {
  const level = "warn" as ReturnType<Logger["getLevel"]>;
  return {
    debug() {},
    info() {},
    warn: (...words) => log.warn({ platform: "slack" }, inOneLine(words)),
    error: (...words) => log.error({ platform: "slack" }, inOneLine(words)),
    setLevel() {},
    getLevel: () => level,
    setName() {},
  };
}

/** Slack's tokens, and secrets in addresses it hands out. */
const SECRETS =
  /\b(?:x(?:ox|app)[a-z]?[-.][\w.-]+)|(?:ticket|token|secret)=[^\s&"']+|https:\/\/hooks\.slack\.com\S*/gi;

function inOneLine(words: readonly unknown[]): string {
  const [first] = words;
  const said = first instanceof Error ? `${first.name}` : typeof first === "string" ? first : "an error";
  return `Slack's library: ${said.replace(SECRETS, "…").replace(/\s+/g, " ").slice(0, 200)}`;
}
