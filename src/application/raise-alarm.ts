/** Tells whoever runs Holdpoint of flaws: in the log, in the audit trail and, where one is named, in a channel. */
import { SYSTEM } from "../domain/audit.ts";
import { type Address, newCopy } from "../domain/delivery/copy.ts";
import type { CopyId } from "../domain/ids.ts";
import { type Due, due } from "../domain/job.ts";
import { type Alarm, alarmDetail, alarmNote, type Flaw } from "../domain/review/flaw.ts";
import { DAY, HOUR } from "../domain/time/time.ts";
import type { Context } from "./context.ts";

/** While the same flaws last, operators are told again so often. */
const AGAIN_AFTER = HOUR;

/** Longer than anybody looks at a message of an alarm. */
const KEPT = 90 * DAY;

/** The alarm that was raised last, by whichever replica; a process that starts anew knows by it what it may have to end. */
const LATEST = "operators.alarm";

/**
 * Told of every look: raises an alarm when flaws appear, change or stay, and ends it when none is left. `thorough`: this
 * process has looked at everything, so that what it does not find is not there.
 */
export type RaiseAlarm = (flaws: readonly Flaw[], thorough: boolean) => Promise<void>;

interface Raised {
  readonly copy: CopyId;
  readonly alarm: Alarm;
  readonly kinds: string;
  readonly at: number;
}

/** @param channel null: operators have named none */
export function raiseAlarm(context: Context, channel: Address | null): RaiseAlarm {
  const { store, clock, log } = context;
  const address = channel && context.platforms.includes(channel.platform) ? channel : null;
  /** What the log of this process has of it. */
  let logged = { kinds: "", at: 0 };

  function write(flaws: readonly Flaw[], kinds: string, now: number): void {
    if (logged.kinds === kinds && now - logged.at < AGAIN_AFTER) return;
    logged = { kinds, at: now };
    for (const { kind, n, words } of flaws) log.error({ flaw: kind, n }, words);
  }

  async function raise(before: Raised | null, flaws: readonly Flaw[], kinds: string): Promise<void> {
    const now = clock.now();
    const standing = unlessOver(before);
    const since = standing?.alarm.since ?? now;
    // Replicas that see the same at the same moment make the same id of it: one of them is first, and the rest changes nothing.
    const copy = `copy_alarm_${context.sha256(JSON.stringify([before, kinds])).slice(0, 26)}` as CopyId;
    const alarm: Alarm = { flaws, since, over: null };
    if (standing) await end(standing, now);
    await keep(copy, alarm, now);
    await store.save({
      copies: [newCopy({ id: copy, part: "alarm", address: address ?? NOWHERE, createdAt: now })],
      copiesSeen: [{ id: copy, state: null }],
      jobs: drawing(copy, now),
      audit: [{ at: now, kind: "operator.alarmed", actor: SYSTEM, detail: alarmDetail(flaws, since) }],
    });
    await store.notes.set(LATEST, JSON.stringify({ copy, alarm, kinds, at: now } satisfies Raised));
  }

  /** The message says that it is over, so that nobody acts on an old one. */
  async function end({ copy, alarm }: Raised, now: number): Promise<void> {
    await keep(copy, { ...alarm, over: now }, now);
    await store.save({ jobs: drawing(copy, now), audit: [] });
  }

  function keep(copy: CopyId, alarm: Alarm, now: number): Promise<void> {
    return store.notes.set(alarmNote(copy), JSON.stringify(alarm), now + KEPT);
  }

  function drawing(copy: CopyId, now: number): readonly Due[] {
    return address ? [due("draw", copy, now)] : [];
  }

  return async (flaws, thorough) => {
    const now = clock.now();
    const kinds = flaws.map(({ kind }) => kind).join(" ");
    write(flaws, kinds, now);
    try {
      const note = await store.notes.get(LATEST);
      const latest: Raised | null = note === undefined ? null : JSON.parse(note);
      const standing = unlessOver(latest);
      if (flaws.length > 0) {
        if (standing?.kinds !== kinds || now - standing.at >= AGAIN_AFTER) await raise(latest, flaws, kinds);
      } else if (standing && thorough) {
        log.info({ since: standing.alarm.since }, "the flaws that the auditor found are gone");
        const over: Raised = { ...standing, alarm: { ...standing.alarm, over: now } };
        await store.notes.set(LATEST, JSON.stringify(over));
        await end(standing, now);
      }
    } catch (error) {
      // The log has the flaws already; what cannot be stored cannot be posted either.
      log.error({ error: String(error) }, "an alarm could not be stored");
    }
  };
}

function unlessOver(raised: Raised | null): Raised | null {
  return raised?.alarm.over === null ? raised : null;
}

const NOWHERE: Address = { platform: "console", kind: "channel", id: "operators" };
