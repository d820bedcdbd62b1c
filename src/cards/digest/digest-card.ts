/** A digest as a card: the one thing that matters first, then what needs somebody, then the numbers; nothing that is zero. */
import type { AgentReport, Digest, Inspection } from "../../domain/review/digest.ts";
import { type Block, type Card, type Fact, plain, strong, type Tone } from "../card.ts";
import { counted, counting, short } from "../literal.ts";
import { agentName } from "../words.ts";
import { actionsTable, futureBlocks, goalFacts, oversightFacts } from "./digest-alignment.ts";
import { calibrationChart, calibrationFacts, suggestionBlocks } from "./digest-calibration.ts";
import { headline } from "./digest-headline.ts";
import { byNeed, hasNothingToTell, total } from "./digest-order.ts";
import {
  agentsTable,
  answerFacts,
  decisionsList,
  periodFacts,
  triggerChart,
  triggerFacts,
  volumeChart,
  yesterdayTable,
} from "./digest-period.ts";
import { budgetFacts, presentFacts, unsignedFacts, waitingBlocks } from "./digest-present.ts";
import { isSigned, signBlocks, unsignedOf } from "./digest-sign.ts";
import { dayWords, decidedIn, kindWords, periodWords, verdictWords } from "./digest-words.ts";

export interface DigestFacts {
  readonly now: number;
  /** The page of this digest in the console; null where there is no address to link to. */
  readonly url: string | null;
}

/** Entries of one kind in a chat: what is read on a phone in ten seconds, and the way to everything else. */
const MOST = 3;
/** Buttons to sign with where agents are few: a row on the narrowest platform. */
const BUTTONS = 6;
/** With more agents than this only the first is shown with its numbers; the others have their row. */
const FEW = 6;

export function digestCard(digest: Digest, inspections: readonly Inspection[], facts: DigestFacts): Card {
  const agents = byNeed(digest.agents.filter((report) => !hasNothingToTell(report)));
  const quiet = digest.agents.length - agents.length;
  const title = headline(digest, "reader");
  const body = digest.kind === "daily" ? dailyBlocks(agents, facts) : reviewBlocks(digest, agents, facts);
  return {
    summary: short(`${kindWords(digest.kind).name}: ${title}`, 300),
    tone: toneOf(digest, inspections),
    blocks: [
      { kind: "heading", text: title },
      aboutDigest(digest),
      ...body,
      ...nothingToTell(quiet, digest.agents.length),
      ...(isSigned(digest) && digest.agents.length > 0
        ? [
            { kind: "divider" as const },
            ...signBlocks(digest, inspections, digest.agents.length > FEW ? MOST : BUTTONS),
          ]
        : []),
      ...(facts.url === null
        ? []
        : [{ kind: "open" as const, label: "Open the whole digest", url: facts.url }]),
    ],
  };
}

/** Which digest this is, of which days, about how many agents. */
export function aboutDigest(digest: Digest): Block {
  const { kind, date, agents } = digest;
  const [only] = agents;
  const whom = agents.length === 1 && only ? agentName(only) : counting(agents.length, "agent");
  const when = kind === "daily" ? dayWords(date) : periodWords(digest);
  return { kind: "note", text: [plain(`${kindWords(kind).name} · ${when} · ${whom}`)] };
}

function toneOf(digest: Digest, inspections: readonly Inspection[]): Tone {
  const { agents, kind } = digest;
  if (kind !== "daily" && agents.length > 0 && unsignedOf(digest, inspections).length === 0) return "good";
  if (total(agents, ({ now }) => now.overdue + now.undeliverableCards + now.deadCallbacks) > 0)
    return "urgent";
  const asks = kind === "daily" ? total(agents, ({ now }) => now.waiting) > 0 : agents.length > 0;
  return asks ? "asking" : "quiet";
}

function nothingToTell(quiet: number, of: number): readonly Block[] {
  if (quiet === 0) return [];
  const words =
    quiet === of
      ? "Nothing was asked, nothing is held and nothing waits."
      : `${counting(quiet, "more agent")}: nothing was asked, nothing is held and nothing waits.`;
  return [{ kind: "note", text: [plain(words)] }];
}

function factsBlock(facts: readonly Fact[]): readonly Block[] {
  return facts.length > 0 ? [{ kind: "facts", facts }] : [];
}

function dailyBlocks(agents: readonly AgentReport[], { now }: DigestFacts): readonly Block[] {
  const scope = { agents, now, most: MOST };
  const decided = total(agents, ({ period }) => decidedIn(period.verdicts));
  return [
    ...waitingBlocks(scope),
    ...factsBlock([...presentFacts(scope), ...budgetFacts(scope), ...unsignedFacts(scope)]),
    ...(decided > 0 ? [decidedYesterday(agents, decided), ...decisionsList(agents, MOST)] : []),
    ...yesterdayTable(agents),
  ];
}

function decidedYesterday(agents: readonly AgentReport[], decided: number): Block {
  const verdicts = {
    approve: total(agents, ({ period }) => period.verdicts.approve),
    edit: total(agents, ({ period }) => period.verdicts.edit),
    reject: total(agents, ({ period }) => period.verdicts.reject),
    respond: total(agents, ({ period }) => period.verdicts.respond),
    dismiss: total(agents, ({ period }) => period.verdicts.dismiss),
  };
  return {
    kind: "text",
    text: [strong(`${counted(decided)} decided yesterday`), plain(`: ${verdictWords(verdicts, false)}.`)],
  };
}

/** All agents in a table, the first in detail, and where they are few the second in words. */
function reviewBlocks(digest: Digest, agents: readonly AgentReport[], facts: DigestFacts): readonly Block[] {
  const several = digest.agents.length > 1;
  const [first, second] = agents;
  const inWords = agents.length <= FEW ? second : undefined;
  const scope = { now: facts.now, most: MOST };
  return [
    ...agentsTable(agents, digest.kind),
    ...(first && several ? agentHeading(first) : []),
    ...(first ? agentInDetail(digest, first, scope) : []),
    ...(inWords ? [...agentHeading(inWords), ...agentInWords(digest, inWords, scope)] : []),
  ];
}

export function agentHeading(report: AgentReport): readonly Block[] {
  const words = `Owner ${short(report.owner.name, 40)} · charter version ${report.charterVersion}`;
  return [
    { kind: "heading", text: agentName(report) },
    { kind: "note", text: [plain(words)] },
  ];
}

interface Scope {
  readonly now: number;
  readonly most: number;
}

/** One agent in a weekly, monthly or quarterly digest, with charts and tables. */
export function agentInDetail(
  digest: Digest,
  report: AgentReport,
  scope: Scope,
  besides: readonly Fact[] = [],
): readonly Block[] {
  const { kind } = digest;
  return [
    ...triggerChart(report, kind),
    ...(kind === "monthly" || kind === "quarterly" ? volumeChart(report) : []),
    ...factsBlock([...allFacts(report, scope), ...besides]),
    ...actionsTable(report, scope.most * 2),
    ...calibrationChart(report, kind),
    ...suggestionBlocks(digest, report),
    ...(kind === "quarterly" ? futureBlocks(report) : []),
  ];
}

/** What its row in the table does not say. */
function agentInWords(digest: Digest, report: AgentReport, { now, most }: Scope): readonly Block[] {
  return [
    ...factsBlock([
      ...triggerFacts(report, digest.kind),
      ...(digest.kind === "quarterly"
        ? []
        : [
            ...answerFacts(report),
            ...presentFacts({ agents: [report], now, most }),
            ...(report.calibration?.suggested ? [] : calibrationFacts(report, digest.kind)),
          ]),
    ]),
    ...suggestionBlocks(digest, report),
    ...(digest.kind === "quarterly" ? futureBlocks(report) : []),
  ];
}

function allFacts(report: AgentReport, { now, most }: Scope): readonly Fact[] {
  const scope = { agents: [report], now, most };
  return [
    ...goalFacts(report, most),
    ...periodFacts(report, most),
    ...presentFacts(scope),
    ...oversightFacts(report, most),
    ...unsignedFacts(scope),
  ];
}
