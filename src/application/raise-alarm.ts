/** Tells whoever runs Holdpoint of flaws: in the log, in the audit trail and, where one is named, in a channel. */
import { SYSTEM } from "../domain/audit.ts";
import { type Address, newCopy } from "../domain/delivery/copy.ts";
import type { CopyId } from "../domain/ids.ts";
import { due } from "../domain/job.ts";
import { type Alarm, alarmDetail, alarmNote, type Flaw } from "../domain/review/flaw.ts";
import { HOUR } from "../domain/time/time.ts";
import { type Context, newCopyId } from "./context.ts";

/** While the same flaws last, operators are told again so often. */
const AGAIN_AFTER = HOUR;

/** Told of every look: raises an alarm when flaws appear, changes or stay, and ends it when none is left. */
export type RaiseAlarm = (flaws: readonly Flaw[]) => Promise<void>;

interface Raised {
  readonly copy: CopyId | null;
  readonly alarm: Alarm;
  readonly kinds: string;
  readonly at: number;
}

/** @param channel null: operators have named none */
export function raiseAlarm(context: Context, channel: Address | null): RaiseAlarm {
  const { store, clock, log } = context;
  let raised: Raised | null = null;

  async function raise(flaws: readonly Flaw[], kinds: string): Promise<void> {
    const now = clock.now();
    const since = raised?.alarm.since ?? now;
    const alarm: Alarm = { flaws, since, over: null };
    const copy = channel && context.platforms.includes(channel.platform) ? newCopyId(context) : null;
    const before = raised;
    raised = { copy, alarm, kinds, at: now };
    for (const { kind, n, words } of flaws) log.error({ flaw: kind, n, since }, words);
    if (before?.copy) await end(before, now);
    if (copy) await keep(copy, alarm);
    const address = channel ?? NOWHERE;
    await store.save({
      copies: copy ? [newCopy({ id: copy, part: "alarm", address, createdAt: now })] : [],
      jobs: copy ? [due("draw", copy, now)] : [],
      audit: [{ at: now, kind: "operator.alarmed", actor: SYSTEM, detail: alarmDetail(flaws, since) }],
    });
  }

  /** The message says that it is over, so that nobody acts on an old one. */
  async function end({ copy, alarm }: Raised, now: number): Promise<void> {
    if (!copy) return;
    await keep(copy, { ...alarm, over: now });
    await store.save({ jobs: [due("draw", copy, now)], audit: [] });
  }

  function keep(copy: CopyId, alarm: Alarm): Promise<void> {
    return store.notes.set(alarmNote(copy), JSON.stringify(alarm));
  }

  return async (flaws) => {
    const now = clock.now();
    const kinds = flaws.map(({ kind }) => kind).join(" ");
    try {
      if (flaws.length > 0) {
        if (raised?.kinds !== kinds || now - raised.at >= AGAIN_AFTER) await raise(flaws, kinds);
      } else if (raised) {
        log.info({ since: raised.alarm.since }, "the flaws that the auditor found are gone");
        const before = raised;
        raised = null;
        await end(before, now);
      }
    } catch (error) {
      // The log has the flaws already; what cannot be stored cannot be posted either.
      log.error({ error: String(error) }, "an alarm could not be stored");
    }
  };
}

const NOWHERE: Address = { platform: "console", kind: "channel", id: "operators" };
