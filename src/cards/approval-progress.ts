/** How far an open request has come: stages that passed in silence, who is on it, which approvals count. */
import { presentStage } from "../domain/chain/advance.ts";
import { insteadOf } from "../domain/chain/stand-in.ts";
import { digestAtStake, type Escalation } from "../domain/escalation/escalation.ts";
import type { Directory } from "../domain/people.ts";
import { timeGiven } from "./asked.ts";
import { type Block, plain, type Span, strong, type Text, time } from "./card.ts";
import { counted } from "./literal.ts";
import { listed, mention, nameOf, stageNames } from "./names.ts";

interface ProgressFacts {
  readonly escalation: Escalation;
  readonly people: Directory;
}

export function progressBlocks(facts: ProgressFacts): readonly Block[] {
  const lines = [nobodyAsked(facts), passed(facts), acknowledged(facts), quorum(facts), proposal(facts)];
  return lines.flatMap((text): Block[] => (text.length > 0 ? [{ kind: "text", text }] : []));
}

function nobodyAsked({ escalation }: ProgressFacts): Text {
  const { people, channel } = presentStage(escalation);
  if (people.length > 0 || escalation.reassigned.length > 0 || channel) return [];
  return [
    strong("Nobody the charter names can be reached. "),
    plain("The operator has been told; nothing is released until somebody decides."),
  ];
}

/** "Sarah Chen did not answer in 4 h; James Liu is asked now." Nobody was silent whom nobody asked, or who had no time to answer. */
function passed({ escalation, people }: ProgressFacts): Text {
  const { chain, stage, rounds, standIns, asked: sofar, breached } = escalation;
  const now = presentStage(escalation);
  if (rounds > 0) {
    const who = stageNames(now, people);
    return [strong("Nobody has answered. "), plain(`Asked again, round ${rounds + 1}: ${who}.`)];
  }
  if (stage === 0) return [];
  const before = chain.stages
    .slice(0, stage)
    .map((one) => ({ ...one, people: insteadOf(standIns, one.people) }))
    .findLast((one) => one.channel || one.people.some((id) => sofar.includes(id)));
  const silent =
    before && breached
      ? `${stageNames(before, people)} did not answer in ${timeGiven(escalation, before.within)}; `
      : "";
  const asked: Text =
    now.people.length > 0
      ? [
          ...listed(now.people.map((id) => mention(people, id))),
          plain(now.people.length > 1 ? " are asked now." : " is asked now."),
        ]
      : [plain(silent ? "the channel is asked now." : "The channel is asked now.")];
  return silent ? [strong(silent), ...asked] : asked;
}

function acknowledged({ escalation, people }: ProgressFacts): Text {
  const on = escalation.acknowledged;
  return on ? [mention(people, on.by), plain(" is on it since "), time(on.at), plain(".")] : [];
}

/** Only approvals of the arguments at stake count. */
function quorum({ escalation, people }: ProgressFacts): Text {
  const { approvalsNeeded } = escalation;
  if (approvalsNeeded < 2) return [];
  const given = escalation.approvals.filter(({ digest }) => digest === digestAtStake(escalation));
  const missing = approvalsNeeded - given.length;
  if (given.length === 0) return [plain(`${counted(approvalsNeeded)} different people must approve this.`)];
  const names = listed(given.map(({ by }): Span => plain(nameOf(people, by))));
  return [
    strong(`${given.length} of ${approvalsNeeded} approvals: `),
    ...names,
    plain(missing === 1 ? "; one more is needed." : `; ${missing} more are needed.`),
  ];
}

function proposal({ escalation, people }: ProgressFacts): Text {
  const proposed = escalation.proposal;
  return proposed
    ? [
        plain(
          `${nameOf(people, proposed.by)} has changed the arguments: approving means approving the change.`,
        ),
      ]
    : [];
}
