/** Takes due jobs, bounded in parallel; what fails is tried again, later each time. */
import type { Clock, Ids, Jobs, Log, Store } from "./application/ports.ts";
import { type Job, type JobKind, type JobRun, retryDelay } from "./domain/job.ts";
import { MINUTE, SECOND } from "./domain/time/time.ts";

/** Longer than any handler may take: a callback has 15 s, a chat platform 10 s. */
const LEASE = 30 * SECOND;
/** So many at once: enough to keep every destination busy, few enough that clicks and state checks keep their turn. */
const PARALLEL = 32;
/** The clock may jump and `setTimeout` may not: look at least this often (and stay far below its 24.8-day overflow). */
const LOOK_AT_LEAST_EVERY = 30 * SECOND;

/** What a handler leaves to do: run again at this time (with the error, where it failed), or nothing. */
export type Handled = { readonly again: number; readonly error: string | null } | undefined;
export type Handlers = Readonly<
  Record<JobKind, (ref: string, dueAt: number, run: JobRun) => Promise<Handled>>
>;

export interface Worker {
  start(): void;
  /** Runs everything that is due, and what that makes due, then resolves: for tests with a clock of their own. */
  drain(): Promise<void>;
  /** Takes no more jobs and waits for those under way. */
  stop(): Promise<void>;
  /** Whether it runs and has looked at its jobs lately. */
  alive(): boolean;
}

export function createWorker(
  parts: {
    readonly store: Pick<Store, "onCommit" | "onElsewhere"> & { readonly jobs: Jobs };
    readonly clock: Clock;
    readonly ids: Ids;
    readonly log: Log;
  },
  handlers: Handlers,
): Worker {
  const { store, clock, ids, log } = parts;
  const running = new Set<Promise<void>>();
  let started = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let looksAtOnce = false;
  let timer: NodeJS.Timeout | undefined;
  /** When the timer fires; never, while it is not set. */
  let armedFor = Number.POSITIVE_INFINITY;
  /** The earliest job committed since the store was last asked for the next one: the answer may not know it yet. */
  let earliestPut = Number.POSITIVE_INFINITY;
  let lookedAt = clock.now();

  async function run(job: Job): Promise<void> {
    try {
      const left = await handlers[job.kind](job.ref, job.at, job);
      const kept = left ? await store.jobs.retry(job, left.again, left.error) : await store.jobs.finish(job);
      if (!kept)
        log.warn(
          { job: job.key, fence: job.fence },
          "this job was taken over meanwhile; its end was not recorded",
        );
      if (left?.error) log.warn({ job: job.key, attempts: job.attempts + 1 }, left.error);
    } catch (error) {
      const again = clock.now() + retryDelay(job.attempts, ids.chance());
      log.error(
        { job: job.key, attempts: job.attempts + 1, again, error: String(error) },
        "a job failed and is tried again",
      );
      await store.jobs.retry(job, again, String(error)).catch((fault) => {
        // The lease runs out by itself, and the job is taken again then.
        log.error({ job: job.key, error: String(fault) }, "a failed job could not be put back");
      });
    }
  }

  /** Claims what is due as long as there is room; one look at a time. */
  async function look(): Promise<void> {
    if (looking) {
      lookAgain = true;
      return looking;
    }
    looking = (async () => {
      do {
        lookAgain = false;
        lookedAt = clock.now();
        const room = PARALLEL - running.size;
        const jobs = room > 0 ? await store.jobs.claim(clock.now(), room, LEASE) : [];
        for (const job of jobs) {
          const done = run(job).finally(() => {
            running.delete(done);
            if (started) void look().catch(fault);
          });
          running.add(done);
        }
        if (jobs.length === room && room > 0) lookAgain = true;
      } while (lookAgain);
    })().finally(() => {
      looking = undefined;
    });
    await looking;
    // While every place is taken there is nothing to wait for: the end of each job looks again.
    if (started && running.size < PARALLEL) await arm();
  }

  async function arm(): Promise<void> {
    earliestPut = Number.POSITIVE_INFINITY;
    const next = await store.jobs.nextDue();
    set(Math.min(next ?? Number.POSITIVE_INFINITY, earliestPut, clock.now() + LOOK_AT_LEAST_EVERY));
  }

  function set(at: number): void {
    if (timer) clearTimeout(timer);
    armedFor = at;
    timer = setTimeout(
      () => {
        armedFor = Number.POSITIVE_INFINITY;
        void look().catch(fault);
      },
      Math.max(0, at - clock.now()),
    );
  }

  function fault(error: unknown): void {
    log.error({ error: String(error) }, "the worker could not look at its jobs; it looks again in a second");
    if (started) set(clock.now() + SECOND);
  }

  function put(at: number): void {
    earliestPut = Math.min(earliestPut, at);
    if (!started) return;
    if (at <= clock.now()) lookAtOnce();
    else if (at < armedFor) set(at);
  }

  /** One look for everything that a commit has made due, and without a timer: the quickest of them takes a millisecond. */
  function lookAtOnce(): void {
    if (looksAtOnce) return;
    looksAtOnce = true;
    queueMicrotask(() => {
      looksAtOnce = false;
      if (started) void look().catch(fault);
    });
  }

  store.onCommit((step) => {
    if (step.jobs?.length) put(Math.min(...step.jobs.map((job) => job.at)));
  });
  store.onElsewhere((news) => {
    const at = news === "anything" ? clock.now() : news.due;
    if (at !== null) put(at);
  });

  return {
    start() {
      started = true;
      set(clock.now());
    },
    async drain() {
      for (;;) {
        await look();
        if (running.size === 0) return;
        await Promise.all([...running]);
      }
    },
    async stop() {
      started = false;
      if (timer) clearTimeout(timer);
      await looking?.catch(() => undefined);
      await Promise.allSettled([...running]);
    },
    alive: () => started && clock.now() - lookedAt < 4 * LOOK_AT_LEAST_EVERY + MINUTE,
  };
}
