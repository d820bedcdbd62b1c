/** Absences: who said that whom would be away until when, and who stands in. */
import { and, asc, eq, gt, isNull } from "drizzle-orm";
import type { Absences } from "../application/ports.ts";
import type { Absence } from "../domain/chain/absence.ts";
import type { AbsenceId, PersonId } from "../domain/ids.ts";
import type { Named } from "../domain/people.ts";
import { type Engine, replacedExcept, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { many, one, run, type Script } from "./script.ts";

type Row = Tables["absences"]["$inferSelect"];

export function absencesIn({ build, tables: { absences }, prepare, read, given }: Engine) {
  const find = prepare<{ id: string }, Row>(
    build
      .select()
      .from(absences)
      .where(eq(absences.id, given("id"))),
  );
  const standing = prepare<{ now: number }, Row>(
    build
      .select()
      .from(absences)
      .where(and(isNull(absences.ended_at), gt(absences.until_at, given("now"))))
      .orderBy(asc(absences.said_at), asc(absences.id)),
  );
  const put = prepare<Row>(
    build
      .insert(absences)
      .values(wholeRow(absences))
      .onConflictDoUpdate({ target: absences.id, set: replacedExcept(absences, "id") }),
  );

  const port: Absences = {
    find: (id) => read(() => one(find, { id }, toAbsence)),
    standing: (now) => read(() => many(standing, { now }, toAbsence)),
  };

  return {
    port,
    *write(absence: Absence): Script<void> {
      const { id, person, deputy, from, until, saidBy, saidAt, endedAt } = absence;
      yield* run(put, {
        ...{ id, person, deputy, from_at: from, until_at: until },
        ...{ said_by: JSON.stringify(saidBy), said_at: saidAt, ended_at: endedAt },
      });
    },
  };
}

function toAbsence(row: Row): Absence {
  return {
    id: row.id as AbsenceId,
    person: row.person as PersonId,
    deputy: row.deputy as PersonId,
    from: row.from_at,
    until: row.until_at,
    saidBy: JSON.parse(row.said_by) as Named,
    saidAt: row.said_at,
    endedAt: row.ended_at,
  };
}
