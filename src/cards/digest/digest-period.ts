/** What happened in the time a digest looks at: how much was asked, how it was answered, how fast, and what keeps coming up. */

import { pastTense } from "../../domain/refusal.ts";
import type { AgentReport, DigestKind } from "../../domain/review/digest.ts";
import { formatDuration } from "../../domain/time/time.ts";
import { type Block, type Chart, type Fact, plain, strong, type Text } from "../card.ts";
import { counted, counting, quoted, short } from "../literal.ts";
import { agentName, capital, lowerFirst } from "../words.ts";
import {
  decidedIn,
  firstOf,
  outOf,
  share,
  shortDay,
  trend,
  triggerName,
  verdictWords,
  within,
} from "./digest-words.ts";

type Period = AgentReport["period"];

/** How it was answered and how fast, in two lines. */
export function answerFacts({ period }: AgentReport): readonly Fact[] {
  const { toAcknowledge, toDecide } = period;
  const speed = [
    ...(toAcknowledge ? [`first reaction ${within(toAcknowledge)}`] : []),
    ...(toDecide ? [`decision ${within(toDecide)}`] : []),
  ];
  return [
    ...row("Answers", decidedIn(period.verdicts) > 0, () => answers(period)),
    ...row("Speed (MTTA, MTTR)", speed.length > 0, () => speed.join("; ")),
  ];
}

function answers({ verdicts }: Period): string {
  return `${counted(decidedIn(verdicts))}: ${verdictWords(verdicts, true)}`;
}

/** The numbers of one agent, each in words that need no manual. */
export function periodFacts({ period }: AgentReport, most: number): readonly Fact[] {
  const { toAcknowledge, toDecide, inTime, overridden, heldFor, patterns } = period;
  return [
    ...row("Answers", decidedIn(period.verdicts) > 0, () => answers(period)),
    ...row("Without an answer", period.expired + period.withdrawn > 0, () => unanswered(period)),
    ...(toAcknowledge ? [{ label: "First reaction (MTTA)", value: [plain(within(toAcknowledge))] }] : []),
    ...(toDecide ? [{ label: "Decision (MTTR)", value: [plain(within(toDecide))] }] : []),
    ...row("In time (SLA)", inTime.of > 0, () => outOf(inTime.n, inTime.of)),
    ...row(
      "Edited or rejected",
      overridden.of > 0,
      () => `${outOf(overridden.n, overridden.of)} proposed actions`,
    ),
    ...row("Held", heldFor > 0, () => `for ${formatDuration(heldFor)} in all`),
    ...(patterns.length > 0
      ? [
          {
            label: "Keeps coming up",
            value: firstOf(
              patterns.slice(0, most).map(({ group, n }) => `${quoted(group, 80)} ${counting(n, "time")}`),
              patterns.length,
              "pattern",
            ),
          },
        ]
      : []),
  ];
}

function row(label: string, is: boolean, say: () => string): readonly Fact[] {
  return is ? [{ label, value: [plain(say())] }] : [];
}

function unanswered({ expired, withdrawn }: Period): string {
  return [
    ...(expired > 0 ? [`${counted(expired)} expired`] : []),
    ...(withdrawn > 0 ? [`${counted(withdrawn)} withdrawn by the agent`] : []),
  ].join(", ");
}

/** As many as a chart may have. */
const MOST_POINTS = 20;

/** Requests by what caused them, beside the time before; none where nothing was asked. */
export function triggerChart({ period }: AgentReport, kind: DigestKind): readonly Chart[] {
  const triggers = period.byTrigger.filter(({ n, before }) => n + before > 0);
  if (triggers.length === 0) return [];
  const [most] = triggers.toSorted((a, b) => b.n - a.n);
  const often =
    most && most.n > 0 && triggers.length > 1
      ? `; most often ${lowerFirst(triggerName(most.trigger))} (${counted(most.n)})`
      : "";
  const spans = PERIOD_NAMES[kind];
  return [
    {
      kind: "chart",
      shape: "bars",
      title: "Requests by reason",
      unit: "requests",
      labels: triggers.map(({ trigger }) => triggerName(trigger)),
      series: [
        { name: spans.now, values: triggers.map(({ n }) => n) },
        ...(period.openedBefore > 0
          ? [{ name: spans.before, values: triggers.map(({ before }) => before) }]
          : []),
      ],
      says: `${capital(volume(period, kind))}${often}.`,
    },
  ];
}

/** The same as a fact, where there is no room for a chart. */
export function triggerFacts({ period }: AgentReport, kind: DigestKind): readonly Fact[] {
  if (period.opened + period.openedBefore === 0) return [];
  const reasons = period.byTrigger
    .filter(({ n }) => n > 0)
    .map(({ trigger, n }) => `${lowerFirst(triggerName(trigger))} ${counted(n)}`);
  const words = [capital(volume(period, kind)), ...(reasons.length > 0 ? [reasons.join(", ")] : [])];
  return [{ label: "Requests", value: [plain(words.join(": "))] }];
}

/** "14 requests, 5 more than the week before". */
export function volume(
  { opened, openedBefore }: Pick<Period, "opened" | "openedBefore">,
  kind: DigestKind,
): string {
  return `${opened === 0 ? "no requests" : counting(opened, "request")}, ${trend(opened, openedBefore, kind)}`;
}

/** As the names of two series stand side by side: at most 20 characters. */
const PERIOD_NAMES: Readonly<Record<DigestKind, { readonly now: string; readonly before: string }>> = {
  daily: { now: "Yesterday", before: "The day before" },
  weekly: { now: "This week", before: "The week before" },
  monthly: { now: "This month", before: "The month before" },
  quarterly: { now: "This quarter", before: "The quarter before" },
};

/**
 * Requests over time: by day, or by as many weeks as make at most 20 points. Points stand for the same length of time each, so
 * the oldest days are left out where they make no whole one. None for a day, or where nothing was asked.
 */
export function volumeChart({ period }: AgentReport): readonly Chart[] {
  const { byDay } = period;
  if (byDay.length < 2 || byDay.every(({ n }) => n === 0)) return [];
  const days = byDay.length <= MOST_POINTS ? 1 : 7 * Math.ceil(byDay.length / 7 / MOST_POINTS);
  const whole = byDay.slice(byDay.length % days);
  const points = Array.from({ length: whole.length / days }, (_, at) =>
    whole.slice(at * days, (at + 1) * days),
  );
  const labels = points.map(([first]) => shortDay(first?.day ?? ""));
  const values = points.map((point) => point.reduce((sum, { n }) => sum + n, 0));
  const top = Math.max(...values);
  const when = labels[values.indexOf(top)];
  const each = days === 1 ? "day" : days === 7 ? "week" : `${days} days`;
  return [
    {
      kind: "chart",
      shape: "line",
      title: `Requests per ${each}`,
      unit: "requests",
      labels,
      series: [{ name: "Requests", values }],
      says: `At most ${counted(top)} in one ${each}: ${days === 1 ? "on" : "from"} ${when}.`,
    },
  ];
}

/** All agents side by side, one row each. */
export function agentsTable(agents: readonly AgentReport[], kind: DigestKind): readonly Block[] {
  if (agents.length < 2) return [];
  const rows = agents.map(({ name, period, now }) => [
    short(agentName({ name }), 40),
    `${counted(period.opened)} (${counted(period.openedBefore)})`,
    period.inTime.of > 0 ? share(period.inTime.n, period.inTime.of) : "–",
    period.overridden.of > 0 ? `${counted(period.overridden.n)} of ${counted(period.overridden.of)}` : "–",
    waits(now),
  ]);
  const before = PERIOD_NAMES[kind].before.toLowerCase();
  return [
    {
      kind: "table",
      caption: "All agents, one row each",
      columns: ["Agent", "Asked", "In time", "Edited", "Waiting"],
      rows,
    },
    {
      kind: "note",
      text: [
        plain(
          `Asked: requests, in brackets those of ${before}. Edited: actions that people edited or rejected. Waiting: as of now.`,
        ),
      ],
    },
  ];
}

/** Yesterday of every agent, one row each. */
export function yesterdayTable(agents: readonly AgentReport[]): readonly Block[] {
  if (agents.length < 2) return [];
  const rows = agents.map(({ name, period, now }) => [
    short(agentName({ name }), 40),
    waits(now),
    counted(decidedIn(period.verdicts)),
    now.holds.length > 0 ? "held" : "running",
  ]);
  return [
    {
      kind: "table",
      caption: "Your agents, one row each: what waits, and what was decided yesterday",
      columns: ["Agent", "Waiting", "Decided", "State"],
      rows,
    },
  ];
}

function waits({ waiting, overdue }: AgentReport["now"]): string {
  if (waiting === 0) return "–";
  return overdue > 0 ? `${counted(waiting)} (${counted(overdue)} late)` : counted(waiting);
}

/** Decisions as a list, newest first. */
export function decisionsList(agents: readonly AgentReport[], most: number): readonly Block[] {
  const all = agents
    .flatMap(({ name, period }) => period.decisions.map((decision) => ({ name, decision })))
    .toSorted((a, b) => b.decision.at - a.decision.at);
  if (all.length === 0) return [];
  const items = all
    .slice(0, most)
    .map(
      ({ name, decision }): Text => [
        strong(capital(pastTense(decision.verdict))),
        plain(` by ${short(decision.by.name, 60)}: ${quoted(decision.summary, 120)}`),
        plain(agents.length > 1 ? ` (${agentName({ name })})` : ""),
      ],
    );
  return [{ kind: "list", items }];
}
