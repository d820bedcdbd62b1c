/** Draws an alarm from what was kept of it. */
import { alarmCard } from "../cards/alarm-card.ts";
import type { Card } from "../cards/card.ts";
import type { CopyId } from "../domain/ids.ts";
import { type Alarm, alarmNote } from "../domain/review/flaw.ts";
import type { Context } from "./context.ts";

/** Undefined where nothing is kept of it any more. */
export type DrawAlarm = (copy: CopyId) => Promise<Card | undefined>;

export function drawAlarm({ store }: Pick<Context, "store">): DrawAlarm {
  return async (copy) => {
    const kept = await store.notes.get(alarmNote(copy));
    return kept === undefined ? undefined : alarmCard(JSON.parse(kept) as Alarm);
  };
}
