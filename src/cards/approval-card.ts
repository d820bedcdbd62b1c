/** The approval card: one request for a decision, drawn from stored state alone; open, decided and expired are one drawing. */
import { presentStage } from "../domain/chain/advance.ts";
import { argsAtStake, type Escalation } from "../domain/escalation/escalation.ts";
import { HOUR } from "../domain/time/time.ts";
import { actionBlocks, changes } from "./action.ts";
import { approvalButtons } from "./approval-buttons.ts";
import { progressBlocks } from "./approval-progress.ts";
import { saying, smallPrint } from "./approval-says.ts";
import { settledBlocks, settledTone } from "./approval-settled.ts";
import { askedText, timeToAnswer } from "./asked.ts";
import { type Block, type Card, type Fact, plain, type Span, soft, strong, type Tone, time } from "./card.ts";
import { activeHold, type HoldFacts, holdWords } from "./hold-words.ts";
import { quoted, short } from "./literal.ts";
import { nameOf } from "./names.ts";
import {
  actionWord,
  agentName,
  asking,
  type CardAgent,
  capital,
  outcomeWord,
  severityWord,
  signalFacts,
  whyStopped,
} from "./words.ts";

export interface ApprovalFacts extends HoldFacts {
  readonly agent: CardAgent;
  /** The page of this escalation on the console; null where the console can't be reached from a card. */
  readonly consoleUrl: string | null;
}

/** UTF-16 units of an agent's text on the card; what is longer is cut, said, and stands in full in the thread and the console. */
const ROOM = { args: 2_400, settledArgs: 1_200 } as const;

/**
 * Title, order, buttons and every label are ours. The action comes before what the agent says of it, and what the agent
 * says is quoted as unverified: a request can't narrate its own approval.
 */
export function approvalCard(facts: ApprovalFacts): Card {
  const { escalation, agent } = facts;
  const name = agentName(agent);
  const action = actionAtStake(facts);
  const says = saying(escalation, name);
  const cut = [...action.cut, ...says.cut];
  const held = activeHold(facts.hold) !== null;
  const buttons = approvalButtons(escalation, { held, unseen: cut });
  const title = titleOf(escalation, name);
  return {
    summary: summaryOf(facts, title),
    tone: toneOf(escalation),
    blocks: [
      { kind: "heading", text: title },
      ...(escalation.status === "open"
        ? [frame(facts), ...progressBlocks(facts)]
        : settledBlocks(facts, name)),
      ...why(facts),
      ...action.blocks,
      ...says.blocks,
      { kind: "text", text: holdWords(facts, name) },
      smallPrint(facts),
      ...cutNote(cut),
      ...(buttons.length > 0 ? [{ kind: "buttons" as const, buttons }] : []),
      ...(facts.consoleUrl === null
        ? []
        : [
            {
              kind: "open" as const,
              label: cut.length > 0 ? "Read everything" : "Open in the console",
              url: facts.consoleUrl,
            },
          ]),
    ],
  };
}

/** "Trial nurture asks: approve send_email?"; once settled "Approved: Trial nurture, send_email". */
export function titleOf(escalation: Escalation, name: string): string {
  const { action } = escalation.request;
  if (escalation.status === "open") {
    const approvable = escalation.allow.some((verdict) => verdict === "approve" || verdict === "edit");
    return asking(name, escalation.trigger, action?.name ?? null, approvable);
  }
  const outcome = outcomeWord(escalation.status, escalation.decision?.verdict);
  return `${outcome}: ${name}${action ? `, ${actionWord(action.name)}` : ""}`;
}

/** What a notification reads out; the agent's own line comes last and in quotation marks. */
function summaryOf({ escalation, people }: ApprovalFacts, title: string): string {
  const says = `It says: ${quoted(escalation.request.summary, 140)}`;
  if (escalation.status !== "open") {
    const by = escalation.decision ? ` by ${nameOf(people, escalation.decision.by)}` : "";
    return `${stopped(`${title}${by}`)} ${says}`;
  }
  return `${stopped(title)} ${severityWord(escalation.severity)}, ${timeToAnswer(escalation)} to answer. ${says}`;
}

function stopped(sentence: string): string {
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

function toneOf(escalation: Escalation): Tone {
  if (escalation.status !== "open") return settledTone(escalation);
  return escalation.breached || escalation.severity === "critical" || escalation.severity === "high"
    ? "urgent"
    : "asking";
}

/** A day's clock says enough for what is near; what is further needs its date. */
export function dueSpan(escalation: Escalation, now: number): Span {
  return time(escalation.dueAt, Math.abs(escalation.dueAt - now) > 12 * HOUR ? "date" : "clock");
}

/** How grave, until when, who is asked: the line that is read first. */
function frame({ escalation, agent, people, now }: ApprovalFacts): Block {
  const asked = askedText(escalation, people);
  const channel = presentStage(escalation).channel !== null;
  const late = escalation.dueAt < now;
  return {
    kind: "text",
    text: [
      strong(severityWord(escalation.severity)),
      ...(agent.environment === "lab" ? [plain(" · lab agent")] : []),
      plain(late ? " · was due " : " · due "),
      dueSpan(escalation, now),
      soft(` (${timeToAnswer(escalation)} to answer)`),
      ...(asked.length > 0
        ? [plain(" · asked: "), ...asked]
        : channel
          ? [plain(" · asked: this channel")]
          : []),
    ],
  };
}

function why({ escalation, agent }: ApprovalFacts): readonly Block[] {
  const { request, rule, trigger } = escalation;
  const charter = agent.charterVersion === escalation.charterVersion ? agent.charter : null;
  const facts: Fact[] = [
    ...signalFacts(request.signal, charter),
    ...(request.subject ? [subjectFact(request.subject)] : []),
    ...(request.rep ? [{ label: "In the name of", value: [plain(short(request.rep, 120))] }] : []),
  ];
  return [
    {
      kind: "text",
      text: [
        strong("Why it stopped: "),
        plain(whyStopped(trigger, rule)),
        ...reportedBy(escalation),
        plain("."),
      ],
    },
    ...(facts.length > 0 ? [{ kind: "facts" as const, facts }] : []),
  ];
}

/** No rule of the charter was checked: the agent names its trigger itself. */
function reportedBy({ rule, trigger }: Escalation): readonly Span[] {
  return rule === null && trigger !== "flag" ? [soft(", as the agent reports itself")] : [];
}

function subjectFact(subject: {
  readonly type: string;
  readonly id: string;
  readonly name?: string | undefined;
}): Fact {
  const id = `${short(subject.type, 60)} ${short(subject.id, 80)}`;
  return {
    label: "About",
    value: subject.name ? [plain(quoted(subject.name, 80)), soft(` (${id})`)] : [plain(id)],
  };
}

/** What an approval releases: the arguments at stake, and while a change is proposed, what it changes. */
function actionAtStake({ escalation }: ApprovalFacts) {
  const { action } = escalation.request;
  if (!action) return { blocks: [], cut: [] };
  const open = escalation.status === "open";
  const args = (open ? argsAtStake(escalation) : escalation.decision?.args) ?? action.args;
  const label = open
    ? "What would run:"
    : escalation.decision?.args
      ? "What was approved:"
      : "What was asked for:";
  const shown = actionBlocks(
    { name: action.name, args },
    { label, room: open ? ROOM.args : ROOM.settledArgs },
  );
  const proposed = open && escalation.proposal ? changes(action.args, escalation.proposal.args) : null;
  if (!proposed) return shown;
  const title: Block = { kind: "text", text: [strong("Changed from what the agent asked for:")] };
  return {
    blocks: [...shown.blocks, title, ...proposed.blocks],
    cut: [...shown.cut, ...proposed.cut],
  };
}

function cutNote(cut: readonly string[]): readonly Block[] {
  if (cut.length === 0) return [];
  return [
    { kind: "note", text: [strong("Not shown here: "), plain(`${cut.map(capitalFirst).join(", ")}.`)] },
  ];
}

function capitalFirst(part: string, at: number): string {
  return at === 0 ? capital(part) : part;
}
