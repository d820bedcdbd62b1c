/** Hands what waits for somebody who is away to whoever stands in for them. */

import { SYSTEM } from "../audit.ts";
import type { Escalation } from "../escalation/escalation.ts";
import { due } from "../job.ts";
import type { Step } from "../step.ts";
import type { CoverFor } from "./absence.ts";
import { askNextStage, instead, nextWake } from "./advance.ts";
import { covered, insteadOf, stageToAsk, withAll } from "./stand-in.ts";

/**
 * The step that absences ask for at `now`; undefined where everybody who is asked is there. The deputy gets a card at once, and
 * the stage keeps its deadline: what waits does not wait longer because somebody leaves. Where nobody stands in, the next
 * stage that has somebody is asked; where there is none, whoever is away stays asked.
 */
export function handOver(
  before: Escalation,
  facts: { readonly cover: CoverFor; readonly now: number },
): Step | undefined {
  if (before.status !== "open") return undefined;
  const { cover, now } = facts;
  const { stages } = before.chain;
  const present = stages[before.stage] ?? stages[0];
  const ids = [...present.people, ...before.reassigned];
  const standIns = covered(before.standIns, ids, cover, now);
  if (standIns === before.standIns) return undefined;
  const [then, answering] = [insteadOf(before.standIns, ids), insteadOf(standIns, ids)];
  if (answering.length === 0 && present.channel === null) {
    const left = { ...before, standIns };
    return stageToAsk(before.chain, before.stage + 1, left, cover, now) && askNextStage(left, facts, "away");
  }
  // Whoever was on it and is away now is not on it any more.
  const on = before.acknowledged?.by.id;
  const left = then.some((id) => id === on) && !answering.some((id) => id === on);
  const after: Escalation = {
    ...before,
    ...{ revision: before.revision + 1, standIns, asked: withAll(before.asked, answering) },
    acknowledged: left ? null : before.acknowledged,
  };
  return {
    escalation: { before: before.revision, after },
    jobs: [due("publish", before.id, now), due("advance", before.id, nextWake(after))],
    audit: [
      {
        ...{ at: now, kind: "escalation.handed_over", actor: SYSTEM },
        ...{ agent: before.agent, escalation: before.id },
        detail: { stage: before.stage, asked: answering, ...instead(standIns, ids) },
      },
    ],
  };
}
