/** What the use-cases need to know of who is away: from the store, and from memory. */
import type { Absence } from "../../domain/chain/absence.ts";
import type { AbsenceId } from "../../domain/ids.ts";

export interface Absences {
  find(id: AbsenceId): Promise<Absence | undefined>;
  /** Not ended and not over at an instant: those that stand and those to come, in the order in which they were said. */
  standing(now: number): Promise<readonly Absence[]>;
}

/** What opening an escalation asks. */
export interface AbsenceIndex {
  /** Those that stand and those to come; some may be over. */
  standing(): readonly Absence[];
}
