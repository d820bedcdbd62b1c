/** Hands over what waits for people who are away, when an absence begins. */
import { coverAt, isAway } from "../domain/chain/absence.ts";
import { handOver } from "../domain/chain/hand-over.ts";
import type { AbsenceId } from "../domain/ids.ts";
import { no, yes } from "../domain/result.ts";
import { type Context, changeEscalation, openOnes } from "./context.ts";

/** Looks at everything that is open, because what waits for a deputy who goes away waits in somebody else's name. */
export type CoverAbsence = (id: AbsenceId) => Promise<void>;

export function coverAbsence(context: Context): CoverAbsence {
  const { store, people, clock } = context;
  return async (id) => {
    const absence = await store.absences.find(id);
    if (!absence || !isAway(absence, clock.now())) return;
    const cover = coverAt(await store.absences.standing(clock.now()), people, clock.now());
    for await (const escalation of openOnes(store)) {
      if (!handOver(escalation, { cover, now: clock.now() })) continue;
      // Read again, because somebody may have decided it since the page was read.
      const done = await changeEscalation(context, escalation.id, (before, now) => {
        const step = handOver(before, { cover, now });
        return step ? yes(step) : no({ code: "still_open" });
      });
      if (done.ok)
        context.log.info(
          { absence: id, escalation: escalation.id, asked: done.value.asked.at(-1) },
          "handed over, because somebody is away",
        );
    }
  };
}
