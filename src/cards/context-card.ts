/** The reply in the thread: everything that came with a request, in full as far as the platform has room. */
import type { Escalation } from "../domain/escalation/escalation.ts";
import { rfc3339 } from "../domain/time/time.ts";
import { json } from "./action.ts";
import { type Block, type Card, type Fact, plain, soft, strong, type Text, time } from "./card.ts";
import { clip, counting, hostOf, literal, oneLine, quoted, short } from "./literal.ts";
import { agentName, type CardAgent, signalFacts } from "./words.ts";

export interface ContextFacts {
  readonly escalation: Escalation;
  readonly agent: CardAgent;
  readonly consoleUrl: string | null;
}

/** More than these are counted; of a conversation the newest stay, because what led to the question stands at the end. */
const MOST = { pairs: 40, messages: 60, links: 20 } as const;

/** Less room than this for a text shows nothing of use: rather fewer texts. */
const LEAST = 160;

/** Of the context, so many texts of several lines are set apart; in a list a line of theirs could pass for one of ours. */
const QUOTED = 10;

/**
 * @param budget UTF-16 units for all the agent's texts together; longer ones give way first, and every cut says so
 */
export function contextCard({ escalation, agent, consoleUrl }: ContextFacts, budget: number): Card {
  const { request } = escalation;
  const charter = agent.charterVersion === escalation.charterVersion ? agent.charter : null;
  const lists = Math.max(1, Math.floor(budget / 3 / LEAST));
  const pairs = (request.context ?? []).slice(0, Math.min(MOST.pairs, lists)).map(({ label, value }) => ({
    label: short(label, 60),
    value: literal(value),
  }));
  const messages = (request.transcript ?? []).slice(-Math.min(MOST.messages, lists)).map((message) => ({
    ...{ who: short(message.who, 60), at: message.at, text: literal(message.text) },
  }));
  const links = (request.links ?? []).slice(0, Math.min(MOST.links, lists));
  const reason = literal(request.reason);
  const args = request.action ? json(request.action.args) : "";
  const texts = [reason, args, ...pairs.map(({ value }) => value), ...messages.map(({ text }) => text)];
  const labels = [...pairs.map(({ label }) => label), ...messages.map(({ who }) => who)];
  const cap = fairCap(
    texts.map((text) => text.length),
    budget - labels.join("").length - links.length * 100,
  );
  const clipped = (text: string) => clip(text, Math.max(80, cap), 60).text;
  const flat = pairs.filter(({ value }, at) => !value.includes("\n") || at >= QUOTED);
  const tall = pairs.filter((pair) => !flat.includes(pair));
  const blocks: Block[] = [
    { kind: "heading", text: `What ${agentName(agent)} sent with it` },
    { kind: "quote", from: "The reason given (unverified)", text: clipped(reason) },
    ...section("Numbers it reported", signalFacts(request.signal, charter)),
    ...section(
      "Context it gave",
      flat.map(({ label, value }) => ({ label, value: [plain(oneLine(clipped(value)))] })),
    ),
    ...tall.map(({ label, value }) => ({ kind: "quote" as const, from: label, text: clipped(value) })),
    ...more((request.context?.length ?? 0) - pairs.length, "context entry", "context entries"),
    ...(messages.length > 0 ? [title("Conversation it gave")] : []),
    ...more((request.transcript?.length ?? 0) - messages.length, "earlier message"),
    ...(messages.length > 0
      ? [{ kind: "list" as const, items: messages.map((one) => said(one, clipped)) }]
      : []),
    ...(links.length > 0
      ? [title("Links it gave"), { kind: "list" as const, items: links.map(linkText) }]
      : []),
    ...more((request.links?.length ?? 0) - links.length, "link"),
    ...(request.action
      ? [
          title(`All arguments of ${quoted(request.action.name, 100)}`),
          { kind: "code" as const, text: clipped(args) },
        ]
      : []),
    ...(consoleUrl === null ? [] : [{ kind: "open" as const, label: "Read everything", url: consoleUrl }]),
  ];
  return { summary: `What ${agentName(agent)} sent with its request`, tone: "quiet", blocks };
}

/** The largest equal share such that texts of these lengths, each cut to it, fit in `room`. */
export function fairCap(lengths: readonly number[], room: number): number {
  const ascending = lengths.toSorted((a, b) => a - b);
  let left = room;
  for (const [at, length] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - at));
    if (length > share) return share;
    left -= length;
  }
  return Number.MAX_SAFE_INTEGER;
}

function title(words: string): Block {
  return { kind: "text", text: [strong(words)] };
}

function section(words: string, facts: readonly Fact[]): readonly Block[] {
  return facts.length > 0 ? [title(words), { kind: "facts", facts }] : [];
}

function more(missing: number, one: string, many = `${one}s`): readonly Block[] {
  if (missing <= 0) return [];
  return [
    {
      kind: "note",
      text: [plain(`… ${counting(missing, one, many)} ${missing === 1 ? "is" : "are"} not shown …`)],
    },
  ];
}

function said(
  message: { readonly who: string; readonly at?: string | undefined; readonly text: string },
  clipped: (text: string) => string,
): Text {
  const at = message.at === undefined ? Number.NaN : Date.parse(message.at);
  // Platforms refuse instants far from ours; such a one is written in figures.
  const when = Number.isNaN(at)
    ? []
    : isOrdinary(at)
      ? [soft(" · "), time(at, "date")]
      : [soft(` · ${rfc3339(at)}`)];
  return [strong(message.who), ...when, plain(`: ${oneLine(clipped(message.text))}`)];
}

function isOrdinary(at: number): boolean {
  return at >= 0 && at < Date.UTC(2100, 0);
}

/** The host comes first: whatever the label claims, that is where it leads. */
export function linkText({ label, url }: { readonly label: string; readonly url: string }): Text {
  return [{ kind: "link", text: `${hostOf(url)}: ${quoted(label, 80)}`, url: new URL(url).href }];
}
