/** Absences: who is away until when, and who stands in for them. */
import type { AbsenceId, PersonId } from "../ids.ts";
import type { Directory, Named } from "../people.ts";

export interface Absence {
  readonly id: AbsenceId;
  readonly person: PersonId;
  readonly deputy: PersonId;
  readonly from: number;
  readonly until: number;
  readonly saidBy: Named;
  readonly saidAt: number;
  /** When somebody said that the person is back, or said something else of the same time. */
  readonly endedAt: number | null;
}

/** Whether somebody can be asked, and who is asked instead. `until`: when they themselves are back. */
export type Cover =
  | { readonly kind: "here" }
  | { readonly kind: "deputy"; readonly person: PersonId; readonly until: number }
  | { readonly kind: "nobody"; readonly until: number };

export type CoverFor = (id: PersonId) => Cover;

/** Whether it says that the person is away at an instant. */
export function isAway(absence: Absence, at: number): boolean {
  return absence.endedAt === null && absence.from <= at && at < absence.until;
}

/**
 * Who can be asked at an instant. A deputy who is away as well hands on to theirs; where that leads in a circle, or to
 * somebody the directory does not know, nobody stands in.
 */
export function coverAt(absences: readonly Absence[], people: Directory, at: number): CoverFor {
  const away = new Map(absences.filter((one) => isAway(one, at)).map((one) => [one.person, one]));
  return (id) => {
    const until = away.get(id)?.until;
    if (until === undefined) return { kind: "here" };
    const passed = new Set<PersonId>();
    let now = id;
    for (let absence = away.get(now); absence; absence = away.get(now)) {
      if (passed.has(now)) return { kind: "nobody", until };
      passed.add(now);
      now = absence.deputy;
    }
    return people.find(now) ? { kind: "deputy", person: now, until } : { kind: "nobody", until };
  };
}

/** For whom somebody stands in at an instant, through others who are away or directly. */
export function standsInFor(
  id: PersonId,
  absences: readonly Absence[],
  people: Directory,
  at: number,
): readonly Absence[] {
  const cover = coverAt(absences, people, at);
  return absences.filter((absence) => {
    const instead = isAway(absence, at) ? cover(absence.person) : undefined;
    return instead?.kind === "deputy" && instead.person === id;
  });
}
