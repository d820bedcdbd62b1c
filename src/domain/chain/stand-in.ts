/** Who is asked in the place of whom: the chain stays as it was frozen, and absences change only who answers for its people. */

import type { PersonId } from "../ids.ts";
import type { CoverFor } from "./absence.ts";
import type { Chain } from "./chain.ts";

/** Later ones replace earlier ones for the same person; these stay, because what somebody was asked they may still decide. */
export interface StandIn {
  /** Who is asked instead; null: nobody, because others are asked beside or after them; themselves: they are back, and asked again. */
  readonly person: PersonId | null;
  readonly for: PersonId;
  /** When the person who is away is back. */
  readonly until: number;
  /** Since when they are asked. */
  readonly since: number;
}

/** Everyone asked so far, and in whose place. */
export interface Asked {
  readonly asked: readonly PersonId[];
  readonly standIns: readonly StandIn[];
}

export interface StageAsked extends Asked {
  readonly stage: number;
}

/** People of a chain as they are really asked, each once. */
export function insteadOf(standIns: readonly StandIn[], ids: readonly PersonId[]): readonly PersonId[] {
  const people = ids.map((id) => {
    const instead = standInFor(standIns, id);
    return instead ? instead.person : id;
  });
  return [...new Set(people.filter((id) => id !== null))];
}

function standInFor(standIns: readonly StandIn[], id: PersonId): StandIn | undefined {
  return standIns.findLast((one) => one.for === id);
}

/** Deputies who are asked at present in the place of some of these people, or of whom nobody is. */
export function deputiesOf(standIns: readonly StandIn[], ids: readonly PersonId[]): readonly StandIn[] {
  return ids.flatMap((id) => {
    const instead = standInFor(standIns, id);
    return instead && instead.person !== id ? [instead] : [];
  });
}

/** The stand-ins with those that people of a chain need at this moment. Nothing is taken back from a deputy who is there. */
export function covered(
  standIns: readonly StandIn[],
  ids: readonly PersonId[],
  cover: CoverFor,
  now: number,
): readonly StandIn[] {
  const needed = ids.flatMap((id): readonly StandIn[] => {
    const there = standInFor(standIns, id);
    if (there?.person && cover(there.person).kind === "here") return [];
    const instead = cover(id);
    if (instead.kind === "here") return there ? [{ person: id, for: id, until: now, since: now }] : [];
    const person = instead.kind === "deputy" ? instead.person : null;
    return there?.person === person ? [] : [{ person, for: id, until: instead.until, since: now }];
  });
  return needed.length === 0 ? standIns : [...standIns, ...needed];
}

/**
 * The next stage that has somebody to ask, from `first` on: one whose people are all away, or are asked already in another's
 * place, is passed over. Undefined where that leaves nobody.
 */
export function stageToAsk(
  { stages }: Chain,
  first: number,
  so: Asked,
  cover: CoverFor,
  now: number,
): StageAsked | undefined {
  const deputies = new Set(so.standIns.map(({ person }) => person));
  for (const [at, { people, channel }] of stages.entries()) {
    if (at < first) continue;
    const standIns = covered(so.standIns, people, cover, now);
    const answering = insteadOf(standIns, people);
    if (channel || answering.some((id) => !deputies.has(id)))
      return { stage: at, standIns, asked: withAll(so.asked, answering) };
  }
  return undefined;
}

/** A stage as the charter has it: where everybody is away, absences change nothing. */
export function stageAsItIs({ stages }: Chain, stage: number, { standIns, asked }: Asked): StageAsked {
  return { stage, standIns, asked: withAll(asked, stages[stage]?.people ?? []) };
}

export function withAll(asked: readonly PersonId[], more: readonly PersonId[]): readonly PersonId[] {
  return [...new Set([...asked, ...more])];
}
