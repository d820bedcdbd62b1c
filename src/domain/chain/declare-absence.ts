/** Says that somebody is away, or back again. */

import type { AuditLine } from "../audit.ts";
import { auditActor } from "../escalation/decide.ts";
import { due } from "../job.ts";
import { type Actor, named } from "../people.ts";
import type { Step } from "../step.ts";
import type { Absence } from "./absence.ts";

/** Somebody is away: what was said of the same time before is over, and what waits for them is handed over when it begins. */
export function declareAbsence(
  said: Pick<Absence, "id" | "person" | "deputy" | "from" | "until">,
  facts: { readonly by: Actor; readonly standing: readonly Absence[]; readonly now: number },
): { readonly absence: Absence; readonly step: Step } {
  const { by, now } = facts;
  const absence: Absence = { ...said, saidBy: named(by), saidAt: now, endedAt: null };
  const replaced = facts.standing.filter(
    (one) => one.person === said.person && one.from < said.until && said.from < one.until,
  );
  const { person, deputy, from, until } = said;
  return {
    absence,
    step: {
      absences: [...replaced.map((one) => ({ ...one, endedAt: now })), absence],
      jobs: [due("absence", absence.id, Math.max(now, from))],
      audit: [
        line("absence.declared", by, now, {
          ...{ absence: absence.id, person, deputy, from, until },
          ...(replaced.length > 0 ? { replaces: replaced.map(({ id }) => id) } : {}),
        }),
      ],
    },
  };
}

/** They are back, or do not go: from now on they are asked themselves. What was handed over stays with whoever has it. */
export function endAbsences(ended: readonly Absence[], by: Actor, now: number): Step {
  return {
    absences: ended.map((one) => ({ ...one, endedAt: now })),
    audit: ended.map(({ id, person, deputy }) =>
      line("absence.ended", by, now, { absence: id, person, deputy }),
    ),
  };
}

function line(
  kind: AuditLine["kind"],
  by: Actor,
  at: number,
  detail: Readonly<Record<string, unknown>>,
): AuditLine {
  return { at, kind, actor: auditActor(by), detail };
}
