/** Chat commands, the same words on every platform: what somebody typed after `/agent`. */
import { parseDuration } from "./time.ts";

export type Command =
  | { readonly kind: "list" }
  | { readonly kind: "queue" }
  | { readonly kind: "help"; readonly about: string | null }
  | { readonly kind: "status"; readonly agent: string }
  | { readonly kind: "why"; readonly agent: string }
  | { readonly kind: "owner"; readonly agent: string }
  | { readonly kind: "resume"; readonly agent: string }
  | {
      readonly kind: "pause";
      readonly agent: string;
      readonly forMs: number | null;
      readonly reason: string | null;
    }
  | { readonly kind: "flag"; readonly agent: string | null; readonly words: string | null }
  /** Not understood: the words for whoever typed it. */
  | { readonly kind: "unclear"; readonly why: string };

const WITH_AGENT = ["status", "why", "owner", "resume"] as const;

/** Reads a command; quotes of any kind around words are ignored. At most 2,000 characters are looked at. */
export function parseCommand(text: string): Command {
  const words = text
    .slice(0, 2_000)
    .replace(/["“”„«»]/gu, " ")
    .trim()
    .split(/\s+/u)
    .filter(Boolean);
  const [verb = "help", ...rest] = words;
  const kind = verb.toLowerCase();
  const agent = rest[0]?.toLowerCase().replace(/^@/, "");
  if (kind === "list" || kind === "queue") return { kind };
  if (kind === "help" || kind === "?") return { kind: "help", about: agent ?? null };
  if (WITH_AGENT.some((one) => one === kind)) {
    return agent
      ? { kind: kind as (typeof WITH_AGENT)[number], agent }
      : { kind: "unclear", why: `Which agent? Write ${kind} and its name, such as ${kind} trial-nurture.` };
  }
  if (kind === "pause")
    return agent
      ? pauseCommand(agent, rest.slice(1))
      : { kind: "unclear", why: "Which agent? Write pause and its name, or pause all." };
  if (kind === "flag") return { kind: "flag", agent: agent ?? null, words: rest.slice(1).join(" ") || null };
  return {
    kind: "unclear",
    why: `“${verb.slice(0, 40)}” is not a command of mine. Write help to see what is.`,
  };
}

function pauseCommand(agent: string, rest: readonly string[]): Command {
  if (rest[0]?.toLowerCase() !== "for")
    return { kind: "pause", agent, forMs: null, reason: rest.join(" ") || null };
  // "for 2h reason" and "for 2 h reason"
  const spaced = parseDuration(`${rest[1] ?? ""}${rest[2] ?? ""}`);
  const forMs = parseDuration(rest[1] ?? "") ?? spaced;
  if (forMs === undefined)
    return { kind: "unclear", why: "For how long? Write for 90s, 15m, 2h or 1d (at most a year)." };
  const used = parseDuration(rest[1] ?? "") === undefined ? 3 : 2;
  return { kind: "pause", agent, forMs, reason: rest.slice(used).join(" ") || null };
}
