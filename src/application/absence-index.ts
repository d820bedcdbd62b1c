/** Who is away, in memory: opening an escalation asks it each time, and it changes a few times a week. */
import type { Absence } from "../domain/chain/absence.ts";
import { ABSENCES } from "./changes.ts";
import type { AbsenceIndex, Clock, Store } from "./ports.ts";

/** Loads what stands once and is kept true by every commit; what other replicas say is read again when they tell of it. */
export async function createAbsenceIndex(
  store: Pick<Store, "absences" | "onCommit" | "onElsewhere">,
  clock: Clock,
): Promise<AbsenceIndex> {
  let known = new Map<string, Absence>();
  /** Our own commits since the reading that is under way began, which may be older than they are. */
  let meanwhile: Absence[] = [];

  function apply(absence: Absence): void {
    if (absence.endedAt === null && absence.until > clock.now()) known.set(absence.id, absence);
    else known.delete(absence.id);
  }

  async function read(): Promise<void> {
    meanwhile = [];
    known = new Map((await store.absences.standing(clock.now())).map((one) => [one.id, one]));
    for (const absence of meanwhile) apply(absence);
  }

  store.onCommit(({ absences = [] }) => {
    for (const absence of absences) {
      apply(absence);
      meanwhile.push(absence);
    }
  });
  store.onElsewhere((news) => {
    if (news === "anything" || news.topics.includes(ABSENCES)) return read();
  });
  await read();
  return { standing: () => [...known.values()] };
}
