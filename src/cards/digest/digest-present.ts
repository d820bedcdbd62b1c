/** How things stand, for a digest: what waits, what is held, what did not arrive, the budget, and what is unusual. */
import type { AgentReport, DigestKind } from "../../domain/review/digest.ts";
import { formatDuration, HOUR } from "../../domain/time/time.ts";
import { type Block, type Fact, plain, strong, type Text, time } from "../card.ts";
import { counted, counting, quoted, short } from "../literal.ts";
import { agentName, lowerFirst, money, percent, severityWord } from "../words.ts";
import { average, firstOf, kindWords, shortDay, triggerName } from "./digest-words.ts";

/** What one place may show: agents are named where there are several. */
export interface Scope {
  readonly agents: readonly AgentReport[];
  readonly now: number;
  /** Entries of one kind; what is beyond is counted. */
  readonly most: number;
}

type Waiting = AgentReport["now"]["first"][number];

/** The most pressing requests, due first, each with a button that opens it. */
export function waitingBlocks({ agents, now, most }: Scope): readonly Block[] {
  const all = agents
    .flatMap((report) => report.now.first.map((request) => ({ report, request })))
    .toSorted((a, b) => a.request.dueAt - b.request.dueAt);
  const waiting = agents.reduce((sum, report) => sum + report.now.waiting, 0);
  const shown = all.slice(0, most);
  const blocks = shown.flatMap(({ report, request }): Block[] => [
    { kind: "text", text: waitingLine(agents.length > 1 ? report.name : null, request, now) },
    {
      kind: "buttons",
      buttons: [
        {
          label: "Open",
          tone: "plain",
          intent: { verb: "show", on: request.id, revision: 0, digest: null },
        },
      ],
    },
  ]);
  const rest = waiting - shown.length;
  if (rest <= 0 || shown.length === 0) return blocks;
  return [...blocks, { kind: "note", text: [plain(`And ${counting(rest, "more request")}.`)] }];
}

function waitingLine(agent: string | null, request: Waiting, now: number): Text {
  const late = request.dueAt < now;
  const style = Math.abs(request.dueAt - now) > 12 * HOUR ? "date" : "clock";
  return [
    strong(
      agent === null
        ? triggerName(request.trigger)
        : `${agentName({ name: agent })}: ${lowerFirst(triggerName(request.trigger))}`,
    ),
    plain(` · ${severityWord(request.severity)} · `),
    ...(late ? [strong(`${formatDuration(now - request.dueAt)} overdue`)] : [plain("due ")]),
    ...(late ? [] : [time(request.dueAt, style)]),
    plain(` · ${quoted(request.summary, 120)}`),
  ];
}

/** One fact per thing that is the case; nothing that is zero. */
export function presentFacts(scope: Scope): readonly Fact[] {
  return [
    ...fact("Not delivered", scope, ({ now }) => undelivered(now)),
    ...fact("Held now", scope, (report) => holdsOf(report, scope)),
    ...fact("Open flags", scope, ({ now }) =>
      now.openFlags > 0 ? [plain(`${counted(now.openFlags)}, somebody says that something feels off`)] : [],
    ),
    ...fact("Unusual", scope, ({ now }) => unusual(now)),
  ];
}

function undelivered(now: AgentReport["now"]): Text {
  const parts = [
    ...(now.undeliverableCards > 0 ? [`${counting(now.undeliverableCards, "card")} to people`] : []),
    ...(now.deadCallbacks > 0 ? [`${counting(now.deadCallbacks, "answer")} to the agent`] : []),
  ];
  return parts.length > 0 ? [plain(parts.join(", "))] : [];
}

function holdsOf({ now: { holds } }: AgentReport, { now, most }: Scope): Text {
  const shown = holds
    .slice(0, most)
    .map(
      (hold) =>
        `${short(hold.scope, 80)} for ${formatDuration(now - hold.placedAt)}, by ${short(hold.by.name, 60)}: ${quoted(hold.reason, 120)}`,
    );
  return firstOf(shown, holds.length, "hold");
}

function unusual({ anomalies }: AgentReport["now"]): Text {
  const words = anomalies.map(
    ({ trigger, n, usual }) =>
      `${lowerFirst(triggerName(trigger))} ${counting(n, "time")} yesterday, usually ${usual === 0 ? "never" : `${average(usual)} a day`}`,
  );
  return words.length > 0 ? [plain(words.join("; "))] : [];
}

/** How much of its budget each agent has used, as it last reported. */
export function budgetFacts(scope: Scope): readonly Fact[] {
  const spent = scope.agents.filter(({ now }) => now.budget !== null && now.budget.spent > 0);
  const used = ({ now }: AgentReport) => (now.budget ? now.budget.spent / Math.max(now.budget.cap, 1e-9) : 0);
  const agents = spent.toSorted((a, b) => used(b) - used(a));
  return fact("Budget", { ...scope, agents, named: scope.agents.length > 1 }, ({ now: { budget } }) => {
    if (!budget) return [];
    const amounts = `${money(budget.spent, budget.currency)} of ${money(budget.cap, budget.currency)}`;
    const part = budget.cap > 0 ? percent(Math.round((budget.spent / budget.cap) * 100) / 100) : "all";
    return [strong(`${part} used`), plain(`, ${amounts}`)];
  });
}

/** Reviews that wait for a signature. */
export function unsignedFacts(scope: Scope): readonly Fact[] {
  return fact("Not signed yet", scope, ({ unsigned }) => {
    const shown = unsigned
      .slice(0, scope.most)
      .map(({ kind, date }) => `${nounOf(kind)} of ${shortDay(date)}`);
    return firstOf(shown, unsigned.length, "review");
  });
}

function nounOf(kind: DigestKind): string {
  return lowerFirst(kindWords(kind).name);
}

/** One fact that every agent adds to; agents are named where there are several of them. */
function fact(
  label: string,
  scope: Scope & { readonly named?: boolean },
  say: (report: AgentReport) => Text,
): readonly Fact[] {
  const said = scope.agents.flatMap((report) => {
    const text = say(report);
    return text.length > 0 ? [{ report, text }] : [];
  });
  if (said.length === 0) return [];
  const named = scope.named ?? scope.agents.length > 1;
  const shown = said.slice(0, scope.most);
  const value = shown.flatMap(({ report, text }, at) => [
    ...(at > 0 ? [plain("; ")] : []),
    ...(named ? [plain(`${agentName(report)}: `)] : []),
    ...text,
  ]);
  const rest = said.length - shown.length;
  return [{ label, value: rest > 0 ? [...value, plain(`; and ${counting(rest, "more agent")}`)] : value }];
}
