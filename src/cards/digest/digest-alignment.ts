/** Whether an agent still serves what it was delegated for: its goal, what became of its actions, and how its charter changed. */
import type { AgentReport, Alignment } from "../../domain/review/digest.ts";
import { type Block, type Fact, plain, type Text } from "../card.ts";
import { counted, counting, short } from "../literal.ts";
import { agentName } from "../words.ts";
import { decidedIn, firstOf, outOf, share, wholePercent } from "./digest-words.ts";

/** The goal as the charter has it, and what can be counted against it. */
export function goalFacts({ alignment }: AgentReport, most: number): readonly Fact[] {
  if (!alignment) return [];
  const { outcome, metric, target, guards, executed, notExecuted } = alignment;
  const approved = executed + notExecuted;
  return [
    { label: "Goal", value: [plain(short(outcome, 200))] },
    ...row("Measured by", measure(metric, target)),
    ...row(
      "Must hold",
      firstOf(
        guards.slice(0, most).map((guard) => short(guard, 80)),
        guards.length,
        "guard",
      ),
    ),
    ...row(
      "Carried out",
      approved > 0 ? [plain(`${outOf(executed, approved)} approved actions that it reported on`)] : [],
    ),
  ];
}

function measure(metric: string | null, target: string | null): Text {
  const parts = [metric, target].filter((part) => part !== null).map((part) => short(part, 80));
  return parts.length > 0 ? [plain(parts.join(", target "))] : [];
}

/** What people did beyond deciding, and what they changed in the rules. */
export function oversightFacts({ alignment, charterVersion }: AgentReport, most: number): readonly Fact[] {
  if (!alignment) return [];
  const { pausedByPeople, charterChanges } = alignment;
  const changes = charterChanges
    .toSorted((a, b) => b.at - a.at)
    .slice(0, most)
    .map(({ version, by, at }) => `version ${version} by ${short(by, 60)}, ${dayOf(at)}`);
  return [
    ...row(
      "Paused by people",
      pausedByPeople > 0 ? [plain(`${counting(pausedByPeople, "time")}, without being asked`)] : [],
    ),
    {
      label: "Charter",
      value:
        changes.length > 0
          ? firstOf(changes, charterChanges.length, "change")
          : [plain(`version ${charterVersion}, unchanged`)],
    },
  ];
}

function dayOf(at: number): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" }).format(at);
}

function row(label: string, value: Text): readonly Fact[] {
  return value.length > 0 ? [{ label, value }] : [];
}

/** What it asked to do, most often first. */
export function actionsTable(report: AgentReport, most: number): readonly Block[] {
  const actions = report.alignment?.actions.filter(({ asked }) => asked > 0) ?? [];
  if (actions.length === 0) return [];
  const shown = actions.toSorted((a, b) => b.asked - a.asked).slice(0, most);
  const rest = actions.length - shown.length;
  return [
    {
      kind: "table",
      caption: `What ${agentName(report)} asked to do`,
      columns: ["Action", "Asked", "Approved", "Refused"],
      rows: shown.map(({ name, asked, approved, refused }) => [
        short(name, 40),
        counted(asked),
        `${counted(approved)} (${share(approved, asked)})`,
        counted(refused),
      ]),
    },
    ...(rest > 0 ? [{ kind: "note" as const, text: [plain(`And ${counting(rest, "more action")}.`)] }] : []),
  ];
}

/** Keep, change or retire: what the numbers of the quarter say for each. A person decides. */
export function futureBlocks(report: AgentReport): readonly Block[] {
  const { alignment } = report;
  if (!alignment) return [];
  const item = (word: string, reasons: readonly string[]): Text => [
    { kind: "strong", text: word },
    plain(`: ${reasons.length > 0 ? reasons.join("; ") : "nothing in these numbers"}`),
  ];
  return [
    {
      kind: "list",
      items: [
        item("For keeping it as it is", forKeeping(report)),
        item("For changing its charter", forChanging(report)),
        item("For retiring it", forRetiring(report, alignment)),
      ],
    },
  ];
}

/** From here on a share is worth naming as a reason. */
const MOSTLY = 80;
const OFTEN = 20;

function forKeeping({ period, calibration }: AgentReport): readonly string[] {
  const { approve } = period.verdicts;
  const decided = decidedIn(period.verdicts);
  return [
    ...(decided > 0 && wholePercent(approve, decided) >= MOSTLY
      ? [`${outOf(approve, decided)} approved unchanged`]
      : []),
    ...(period.inTime.of > 0 && wholePercent(period.inTime.n, period.inTime.of) >= MOSTLY
      ? [`${outOf(period.inTime.n, period.inTime.of)} settled in time`]
      : []),
    ...(calibration && !calibration.suggested && calibration.bands.some(({ decided: n }) => n > 0)
      ? ["its threshold fits"]
      : []),
  ];
}

function forChanging({ period, calibration, now }: AgentReport): readonly string[] {
  const { overridden, patterns } = period;
  return [
    ...(overridden.of > 0 && wholePercent(overridden.n, overridden.of) >= OFTEN
      ? [`${outOf(overridden.n, overridden.of)} edited or rejected`]
      : []),
    ...(calibration?.suggested
      ? [`a threshold of ${calibration.suggested.threshold.toFixed(2)} is suggested`]
      : []),
    ...(patterns.length > 0 ? [`${counting(patterns.length, "thing keeps", "things keep")} coming up`] : []),
    ...(now.openFlags > 0 ? [`${counting(now.openFlags, "flag")} open`] : []),
  ];
}

function forRetiring({ period }: AgentReport, { pausedByPeople, executed }: Alignment): readonly string[] {
  const { reject, dismiss } = period.verdicts;
  const decided = decidedIn(period.verdicts);
  return [
    ...(period.opened + period.openedBefore === 0 ? ["it asked for nothing in two quarters"] : []),
    ...(decided > 0 && wholePercent(reject + dismiss, decided) >= 50
      ? [`${outOf(reject + dismiss, decided)} rejected or dismissed`]
      : []),
    ...(period.verdicts.approve + period.verdicts.edit > 0 && executed === 0
      ? ["nothing approved was carried out"]
      : []),
    ...(pausedByPeople >= 3 ? [`people paused it ${counting(pausedByPeople, "time")} by themselves`] : []),
  ];
}
