/** One card for many requests: what is due first stands first, each decided by itself or all of them together. */

import { SEVERITIES } from "../domain/charter/severity.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { CopyId } from "../domain/ids.ts";
import type { Directory } from "../domain/people.ts";
import { argName } from "./action.ts";
import { dueSpan, titleOf } from "./approval-card.ts";
import { timeToAnswer } from "./asked.ts";
import { type Block, type Button, type Card, plain, soft, strong, type Text } from "./card.ts";
import { onEscalation, onQueue } from "./intent.ts";
import { counted, counting, oneLine, quoted } from "./literal.ts";
import { nameOf } from "./names.ts";
import { rowText } from "./queue.ts";
import { actionWord, agentName, lowerFirst, outcomeWord, severityWord } from "./words.ts";

export interface RequestsFacts {
  readonly queue: CopyId;
  readonly requests: readonly Escalation[];
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly people: Directory;
  readonly consoleUrl: string | null;
  readonly now: number;
}

/** Rows listed at most: more are read a page at a time. */
const ROWS = 12;
/**
 * What the rows of one message may cost: its smallest platform takes about 12,000 UTF-16 units of JSON, where every span and
 * every button has words of its own around it.
 */
const ROOM = 9_000;
const COSTS = { row: 60, span: 40, button: 250 } as const;
/** Settled ones listed beneath; the others are counted. */
const SETTLED = 8;

/** @param from the first open request that is listed: the card itself begins with 0 */
export function requestsCard(facts: RequestsFacts & { readonly from: number }): Card {
  const { requests, from, now } = facts;
  const open = openFirst(requests);
  const first = open[0];
  if (!first) return settledCard(facts);
  const title = titleOfMany(open, facts);
  const rows = fitting(open.slice(from, from + ROWS).map((one) => row(one, open, facts)));
  return {
    summary: `${title}. First: ${severityWord(first.severity)}, ${timeToAnswer(first)} to answer.`,
    tone: open.some((one) => one.breached || one.severity === "high") ? "urgent" : "asking",
    blocks: [
      { kind: "heading", text: title },
      { kind: "text", text: frame(open, requests, now) },
      ...rows.flat(),
      ...(from === 0 ? settledBlocks(facts) : []),
      ...rest(open.length - from - rows.length),
      ...buttons(facts, open.length, from + rows.length),
    ],
  };
}

/** Open requests, the one that is due first before the others. */
export function openFirst(requests: readonly Escalation[]): readonly Escalation[] {
  return requests.filter(({ status }) => status === "open").toSorted((a, b) => a.dueAt - b.dueAt);
}

/** "12 × Trial nurture asks: approve send_email?" where all ask the same, else "12 requests wait for a decision". */
export function titleOfMany(open: readonly Escalation[], { agents }: Pick<RequestsFacts, "agents">): string {
  const same = sameTitle(open, agents);
  if (open.length === 1) return "1 request waits for a decision";
  return same === null
    ? `${counted(open.length)} requests wait for a decision`
    : `${counted(open.length)} × ${same}`;
}

/** What all of several requests ask in the same words; null where they differ. */
export function sameTitle(open: readonly Escalation[], agents: RequestsFacts["agents"]): string | null {
  const [title, ...others] = new Set(open.map((one) => titleOf(one, nameOfAgent(one, agents))));
  return open.length > 1 && others.length === 0 ? (title ?? null) : null;
}

export function nameOfAgent(one: Escalation, agents: RequestsFacts["agents"]): string {
  const agent = agents.find(({ id }) => id === one.agent);
  return agent ? agentName(agent) : one.agent;
}

/** How grave the gravest is, when the first is due, and how far it has come. */
function frame(open: readonly Escalation[], all: readonly Escalation[], now: number): Text {
  const gravest = SEVERITIES.findLast((severity) => open.some((one) => one.severity === severity));
  const first = open[0];
  return [
    ...(gravest ? [strong(`${severityWord(gravest)}${open.length > 1 ? " and below" : ""}`)] : []),
    ...(first
      ? [plain(first.dueAt < now ? " · the first was due " : " · the first is due "), dueSpan(first, now)]
      : []),
    ...(open.length < all.length
      ? [soft(` · ${counted(all.length - open.length)} of ${counted(all.length)} settled`)]
      : []),
  ];
}

function row(one: Escalation, open: readonly Escalation[], { agents, now }: RequestsFacts): readonly Block[] {
  const name = sameTitle(open, agents) === null ? nameOfAgent(one, agents) : null;
  const action = wholeAction(one);
  const grave = one.severity === "high" || one.severity === "critical";
  const direct = action !== null && !grave && one.allow.includes("approve");
  const approve: Button = { label: "Approve", tone: "go", intent: onEscalation("approve", one) };
  return [
    {
      kind: "text",
      text: [
        ...rowText(one, name, now),
        ...(action ? [plain("\n"), { kind: "code" as const, text: action }] : []),
      ],
    },
    {
      kind: "buttons",
      buttons: [
        { label: "Open", tone: "plain", intent: onEscalation("show", one) },
        // Grave ones are read in full first, and so is what a line can't hold.
        ...(direct ? [approve] : []),
      ],
    },
  ];
}

/** UTF-16 units of an action on one line. */
const LONGEST_ACTION = 200;

/**
 * Everything that an approval would release, on one line; null where it does not fit there, or was changed by somebody.
 * Texts keep their quotation marks, so that none can pass for another argument.
 */
export function wholeAction({ request, proposal }: Escalation): string | null {
  const { action } = request;
  if (!action || proposal || actionWord(action.name) !== action.name) return null;
  const args = Object.entries(action.args);
  if (args.some(([name]) => name.length > 60)) return null;
  const line = [
    action.name,
    ...args.map(([name, value]) => `${argName(name)}: ${oneLine(JSON.stringify(value) ?? "nothing")}`),
  ];
  const text = line.join(" · ");
  return text.length > LONGEST_ACTION ? null : text;
}

/** Rows from the first on, as many as there is room for; one at least. */
function fitting(rows: readonly (readonly Block[])[]): readonly (readonly Block[])[] {
  let left = ROOM;
  const end = rows.findIndex((blocks) => {
    left -= costOf(blocks);
    return left < 0;
  });
  return end < 0 ? rows : rows.slice(0, Math.max(1, end));
}

function costOf(blocks: readonly Block[]): number {
  return blocks.reduce<number>((sum, block) => {
    if (block.kind === "buttons") return sum + COSTS.button * (2 * block.buttons.length - 1);
    if (block.kind !== "text") return sum;
    const units = block.text.reduce((all, span) => all + ("text" in span ? span.text.length : 0), 0);
    return sum + COSTS.span * block.text.length + units;
  }, COSTS.row);
}

function settledBlocks({ requests, agents, people }: RequestsFacts): readonly Block[] {
  const settled = requests
    .filter(({ status }) => status !== "open")
    .toSorted((a, b) => (b.settledAt ?? 0) - (a.settledAt ?? 0));
  const items = settled.slice(0, SETTLED).map((one): Text => {
    const by = one.decision ? ` by ${nameOf(people, one.decision.by)}` : "";
    return [soft(`${titleOf(one, nameOfAgent(one, agents))}${by} · ${quoted(one.request.summary, 60)}`)];
  });
  if (items.length === 0) return [];
  const more = settled.length - items.length;
  return [
    { kind: "divider" },
    { kind: "list", items: [...items, ...(more > 0 ? [[soft(`and ${counted(more)} settled before`)]] : [])] },
  ];
}

function rest(more: number): readonly Block[] {
  return more > 0
    ? [
        {
          kind: "note",
          text: [plain(`${counting(more, "more request")} ${more === 1 ? "waits" : "wait"} below these.`)],
        },
      ]
    : [];
}

function buttons({ queue, consoleUrl }: RequestsFacts, open: number, next: number): readonly Block[] {
  const all: Button = {
    label: `Decide all ${counted(open)}`,
    tone: "go",
    intent: onQueue("decide_all", queue),
  };
  const more: Button = { label: "Show the next", tone: "plain", intent: onQueue("show", queue, next) };
  const row = [...(open > 1 ? [all] : []), ...(next < open ? [more] : [])];
  return [
    ...(row.length > 0 ? [{ kind: "buttons" as const, buttons: row }] : []),
    ...(consoleUrl === null ? [] : [{ kind: "open" as const, label: "Open the console", url: consoleUrl }]),
  ];
}

/** "17 approved by Sarah Chen, 1 withdrawn": one line, and nothing to press. */
function settledCard({ requests, people }: RequestsFacts): Card {
  const counts = new Map<string, number>();
  for (const { status, decision } of requests) {
    if (status === "open") continue;
    const by = decision ? ` by ${nameOf(people, decision.by)}` : "";
    const outcome = `${lowerFirst(outcomeWord(status, decision?.verdict))}${by}`;
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const told = [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .map(([outcome, many]) => `${counted(many)} ${outcome}`)
    .join(", ");
  const title = `All ${counting(requests.length, "request")} are settled`;
  return {
    summary: `${title}: ${told}.`,
    tone: "quiet",
    blocks: [
      { kind: "heading", text: title },
      { kind: "text", text: [plain(`${told}.`)] },
    ],
  };
}
