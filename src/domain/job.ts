/** Everything later is a row: a job says what is due, for what, and when. */

export const JOB_KINDS = [
  "publish",
  "draw",
  "advance",
  "callback",
  "lapse",
  "absence",
  "digest",
  "review",
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/**
 * Work that falls due. The key makes twice once: a job put again under its key moves to the new time, and one that is
 * running when it is put again runs once more afterwards.
 */
export interface Due {
  readonly key: string;
  readonly kind: JobKind;
  /** The id of the escalation, copy, callback, hold or absence it is about; a digest's schedule; a report of a digest. */
  readonly ref: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A claimed job: `fence` is the claim's number, and a completion under an older one is refused. */
export interface Job extends Due {
  readonly attempts: number;
  readonly fence: number;
  readonly error: string | null;
}

/** One run of a job: what it did is recorded only as long as nobody has taken the job over. */
export type JobRun = Pick<Job, "key" | "fence">;

export function due(kind: JobKind, ref: string, at: number, tag = ""): Due {
  return { key: tag ? `${kind}:${ref}:${tag}` : `${kind}:${ref}`, kind, ref, at };
}

/** The "not confirmed" of a card is drawn at its time by a job of this tag. */
export const CONFIRMED = "confirmed";

/** Keys of the jobs that have nothing left to do once their escalation is settled. */
export function endsWithIt(escalation: string): readonly string[] {
  return [due("advance", escalation, 0).key, due("publish", escalation, 0, CONFIRMED).key];
}

/** Milliseconds until a failed job is tried again: 1 s, doubling, five minutes at most. `jitter` is in [0, 1). */
export function retryDelay(attempts: number, jitter: number): number {
  return Math.min(300_000, 1_000 * 2 ** Math.min(attempts, 9)) * (0.8 + 0.4 * jitter);
}
