/** Jobs: everything later is a row, claimed for a while under a fence that no other claim ever has. */
import { and, asc, eq, isNotNull, lt, lte, sql } from "drizzle-orm";
import type { Jobs } from "../application/ports.ts";
import type { Due, Job, JobRun } from "../domain/job.ts";
import { type Engine, limitedBy } from "./engine.ts";
import type { Tables } from "./schema.ts";
import {
  arrived,
  changesLater,
  changesOf,
  countOf,
  firstOf,
  one,
  rowsLater,
  rowsOf,
  run,
  type Script,
} from "./script.ts";

type Row = Tables["jobs"]["$inferSelect"];

/** The counter that every claim takes its fences from: a key that is put anew never meets an old fence again. */
const FENCES = "fences";

export function jobsIn(
  { build, tables: { jobs, counters }, prepare, unclaimed, read, write, aside, given }: Engine,
  owner: string,
) {
  /** `here` while nobody runs the job; as it is while somebody does. */
  const unlessRunning = (column: Column, here: unknown) =>
    sql`case when ${jobs.owner} is null then ${here} else ${jobs[column]} end`;
  const put = prepare<{ key: string; kind: string; ref: string; at: number }>(
    build
      .insert(jobs)
      .values({
        ...{ key: given("key"), kind: given("kind"), ref: given("ref") },
        ...{ due_at: given("at"), ready_at: given("at") },
        ...{ attempts: 0, fence: 0, error: null, owner: null, again_at: null },
      })
      .onConflictDoUpdate({
        target: jobs.key,
        set: {
          due_at: unlessRunning("due_at", sql`excluded.due_at`),
          ready_at: unlessRunning("ready_at", sql`excluded.ready_at`),
          attempts: unlessRunning("attempts", sql`0`),
          error: unlessRunning("error", sql`null`),
          again_at: sql`case when ${jobs.owner} is null then null else excluded.due_at end`,
        },
      }),
  );
  const cancel = prepare<{ key: string }>(build.delete(jobs).where(eq(jobs.key, given("key"))));

  const due = build
    .select()
    .from(jobs)
    .where(lte(jobs.ready_at, given("now")))
    .orderBy(asc(jobs.ready_at))
    .limit(limitedBy("limit"));
  const ready = prepare<{ now: number; limit: number }, Row>(due);
  const claimable = prepare<{ now: number; limit: number }, Row>(unclaimed(due));
  const takeFences = prepare<{ count: number }, { value: number }>(
    build
      .insert(counters)
      .values({ name: FENCES, value: given("count") })
      .onConflictDoUpdate({ target: counters.name, set: { value: sql`${counters.value} + excluded.value` } })
      .returning({ value: counters.value }),
  );
  const lease = prepare<{ key: string; fence: number; owner: string; until: number; now: number }>(
    build
      .update(jobs)
      .set({
        ...{ fence: given("fence"), owner: given("owner"), ready_at: given("until") },
        // Put again before this run began: this run is the one that was asked for.
        again_at: sql`case when ${jobs.again_at} <= ${given("now")} then null else ${jobs.again_at} end`,
      })
      .where(eq(jobs.key, given("key"))),
  );

  const underFence = and(
    eq(jobs.key, given("key")),
    eq(jobs.fence, given("fence")),
    isNotNull(jobs.owner), // a fence ends with its run: it can't finish what was put again
  );
  const underWay = prepare<Completion, { fence: number }>(
    build.select({ fence: jobs.fence }).from(jobs).where(underFence),
  );
  const runAgain = prepare<Completion>(
    build
      .update(jobs)
      .set({
        ...{ due_at: sql`${jobs.again_at}`, ready_at: sql`${jobs.again_at}`, again_at: null },
        ...{ owner: null, attempts: 0, error: null },
      })
      .where(and(underFence, isNotNull(jobs.again_at))),
  );
  const remove = prepare<Completion>(build.delete(jobs).where(underFence));
  // Put again for an earlier time than the retry: one run does for both. For a later time: the retry, and then that run.
  const earlier = sql`case when ${jobs.again_at} < ${given("at")} then ${jobs.again_at} else ${given("at")} end`;
  const putBack = prepare<Completion & { at: number; error: string | null; failed: number }>(
    build
      .update(jobs)
      .set({
        ...{ due_at: earlier, ready_at: earlier, owner: null },
        again_at: sql`case when ${jobs.again_at} > ${given("at")} then ${jobs.again_at} end`,
        attempts: sql`${jobs.attempts} + ${given("failed")}`,
        error: given("error"),
      })
      .where(underFence),
  );

  const nextReady = prepare<object, { at: number | null }>(
    build.select({ at: sql<number | null>`min(${jobs.ready_at})`.as("at") }).from(jobs),
  );
  const dueAt = prepare<{ key: string }, { due_at: number }>(
    build
      .select({ due_at: jobs.due_at })
      .from(jobs)
      .where(eq(jobs.key, given("key"))),
  );
  const overdue = prepare<{ before: number }, { n: number }>(
    build
      .select({ n: sql<number>`count(*)`.as("n") })
      .from(jobs)
      .where(lt(jobs.ready_at, given("before"))),
  );
  const owners = prepare<object, { owner: string }>(
    build
      .selectDistinct({ owner: sql<string>`${jobs.owner}`.as("owner") })
      .from(jobs)
      .where(isNotNull(jobs.owner)),
  );
  const freeAll = prepare<{ owner: string }>(
    build
      .update(jobs)
      .set({ owner: null, ready_at: sql`${jobs.due_at}` })
      .where(eq(jobs.owner, given("owner"))),
  );

  const port: Jobs = {
    async claim(now, limit, leaseMs) {
      // Most looks find nothing, and to find nothing takes no lock.
      const some = await read(() => rowsOf(ready, { now, limit: 1 }));
      if (some.length === 0) return [];
      return aside(function* () {
        const rows = yield* rowsOf(claimable, { now, limit });
        if (rows.length === 0) return [];
        const counter = yield* firstOf(takeFences, { count: rows.length });
        const last = counter?.value ?? 0;
        const claimed: Job[] = [];
        for (const [at, row] of rows.entries()) {
          const fence = last - rows.length + 1 + at;
          yield* run(lease, { key: row.key, fence, owner, until: now + leaseMs, now });
          claimed.push(toJob(row, fence));
        }
        return claimed;
      });
    },
    finish: ({ key, fence }) =>
      write(
        function* () {
          const again = yield* changesLater(runAgain, { key, fence });
          // Finds nothing where the job is to run again: its fence has ended.
          const removed = yield* changesLater(remove, { key, fence });
          yield* arrived();
          return again() + removed() > 0;
        },
        { touches: [key] },
      ),
    retry: ({ key, fence }, at, error) =>
      write(
        function* () {
          const failed = error === null ? 0 : 1;
          return (yield* changesOf(putBack, { key, fence, at, error, failed })) > 0;
        },
        { touches: [key] },
      ),
    nextDue: async () => (await read(() => one(nextReady, {}, (row) => row.at))) ?? undefined,
    dueAt: (key) => read(() => one(dueAt, { key }, (row) => row.due_at)),
    countOverdue: (before) => read(() => countOf(overdue, { before })),
  };

  return {
    port,
    *write({ key, kind, ref, at }: Due): Script<void> {
      yield* run(put, { key, kind, ref, at });
    },
    /** Whether somebody else has the job by now, or has done it. */
    *overtaken({ key, fence }: JobRun): Script<() => boolean> {
      const rows = yield* rowsLater(underWay, { key, fence });
      return () => rows().length === 0;
    },
    /** Also while it runs: its completion then finds nothing. */
    *cancel(key: string): Script<void> {
      yield* run(cancel, { key });
    },
    /** Frees at once what owners hold that are known to be gone. */
    freeFrom: (isGone: (owner: string) => boolean): Promise<void> =>
      write(function* () {
        for (const { owner: holder } of yield* rowsOf(owners, {})) {
          if (isGone(holder)) yield* run(freeAll, { owner: holder });
        }
      }),
  };
}

type Column = "due_at" | "ready_at" | "attempts" | "error";

interface Completion {
  readonly key: string;
  readonly fence: number;
}

function toJob(row: Row, fence: number): Job {
  return {
    key: row.key,
    kind: row.kind as Job["kind"],
    ref: row.ref,
    at: row.due_at,
    attempts: row.attempts,
    fence,
    error: row.error,
  };
}
