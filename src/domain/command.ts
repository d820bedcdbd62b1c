/** Chat commands, the same words on every platform: what somebody typed after `/agent`. */
import { DIGEST_KINDS, type DigestKind } from "./review/digest.ts";
import { parseDuration } from "./time/time.ts";

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
  /** Without a deputy and an end: who is away. */
  | { readonly kind: "away" }
  | {
      readonly kind: "out";
      readonly who: string | null;
      readonly deputy: string;
      readonly until: string;
      readonly from: string | null;
    }
  | { readonly kind: "back"; readonly who: string | null }
  | { readonly kind: "flag"; readonly agent: string | null; readonly words: string | null }
  | { readonly kind: "digest"; readonly of: DigestKind; readonly agent: string | null }
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
  if (kind === "out" || kind === "away") return outCommand(rest);
  if (kind === "back") return { kind: "back", who: rest.join(" ") || null };
  if (kind === "digest") return digestCommand(agent, rest[1]);
  if (kind === "flag") return { kind: "flag", agent: agent ?? null, words: rest.slice(1).join(" ") || null };
  return {
    kind: "unclear",
    why: `“${verb.slice(0, 40)}” is not a command of mine. Write help to see what is.`,
  };
}

function digestCommand(of: string | undefined, agent: string | undefined): Command {
  const kind = DIGEST_KINDS.find((one) => one === of);
  return kind
    ? { kind: "digest", of: kind, agent: agent?.toLowerCase().replace(/^@/, "") ?? null }
    : {
        kind: "unclear",
        why: "Which one? Write digest daily, weekly, monthly or quarterly, and an agent if you want one only.",
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

const OUT_EXAMPLE = "Write out until Friday deputy @name; add from Monday to begin later.";
/** What begins a part of `out @sarah from Monday until Friday deputy @james`; the parts may come in any order. */
const OUT_PARTS = { until: "until", till: "until", for: "until", from: "from", deputy: "deputy" } as const;

function outCommand(words: readonly string[]): Command {
  if (words.length === 0) return { kind: "away" };
  const parts: Record<"who" | "until" | "from" | "deputy", string[]> = {
    who: [],
    until: [],
    from: [],
    deputy: [],
  };
  let part: keyof typeof parts = "who";
  for (const word of words.map((one) => one.replace(/[,;.]$/, ""))) {
    const named = word.toLowerCase();
    if (Object.hasOwn(OUT_PARTS, named)) part = OUT_PARTS[named as keyof typeof OUT_PARTS];
    else if (word) parts[part].push(word);
  }
  const [who, until, from, deputy] = [parts.who, parts.until, parts.from, parts.deputy].map((one) =>
    one.join(" "),
  );
  if (!until) return { kind: "unclear", why: `Until when? ${OUT_EXAMPLE}` };
  if (!deputy) return { kind: "unclear", why: `Who stands in? ${OUT_EXAMPLE}` };
  return { kind: "out", who: who || null, deputy, until, from: from || null };
}
