/** Who is asked, by name: with those for whom somebody stands in, and for how long. */
import { askedNow } from "../domain/chain/advance.ts";
import { deputiesOf } from "../domain/chain/stand-in.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { Directory } from "../domain/people.ts";
import { businessBetween } from "../domain/time/business-hours.ts";
import { formatDuration } from "../domain/time/time.ts";
import { plain, soft, type Text, time } from "./card.ts";
import { mention, nameOf } from "./names.ts";

/** "@James Liu (for Sarah Chen, away until 27 Nov) and @Elena Rossi"; empty where only a channel is asked, or nobody. */
export function askedText(escalation: Escalation, people: Directory): Text {
  const { chain, stage, standIns, reassigned } = escalation;
  const frozen = [...(chain.stages[stage]?.people ?? []), ...reassigned];
  const deputies = deputiesOf(standIns, frozen);
  const asked = askedNow(escalation);
  return asked.flatMap((id, at) => [
    ...(at > 0 ? [plain(at === asked.length - 1 ? " and " : ", ")] : []),
    mention(people, id),
    ...deputies
      .filter(({ person }) => person === id)
      .flatMap((one) => [
        soft(` (for ${nameOf(people, one.for)}, away until `),
        time(one.until, "date"),
        soft(")"),
      ]),
  ]);
}

/** A time that somebody has to answer: `4 h`, or `4 h of business hours`. */
export function timeGiven(escalation: Pick<Escalation, "chain">, ms: number): string {
  return `${formatDuration(ms)}${escalation.chain.hours ? " of business hours" : ""}`;
}

/** The time the stage has: unlike "in 2 h" it stays true while the card stands. */
export function timeToAnswer(escalation: Escalation): string {
  const { chain, stageStartedAt, dueAt } = escalation;
  const { hours } = chain;
  return timeGiven(
    escalation,
    hours ? businessBetween(stageStartedAt, dueAt, hours) : dueAt - stageStartedAt,
  );
}
