/** Plans digests: the jobs that a charter's review rhythm asks for and the store does not have yet. */
import type { Agent } from "../domain/agent.ts";
import { type Due, due } from "../domain/job.ts";
import { nextOccurrence, type ReadCron, schedulesOf } from "../domain/review/review-schedule.ts";
import type { Clock, Store } from "./ports.ts";

/** One that is there already stays as it is: it may be due, and moving it would lose a digest. */
export type PlanDigests = (agents: readonly Pick<Agent, "charter">[]) => Promise<readonly Due[]>;

export function planDigests(
  { store, clock }: { readonly store: Pick<Store, "jobs">; readonly clock: Clock },
  readCron: ReadCron,
): PlanDigests {
  return async (agents) => {
    const schedules = new Map(
      agents.flatMap((agent) => schedulesOf(agent, readCron)).map((schedule) => [schedule.key, schedule]),
    );
    const now = clock.now();
    const planned = await Promise.all(
      [...schedules].map(async ([key, schedule]) => {
        const job = due("digest", key, nextOccurrence(schedule, now).at);
        return (await store.jobs.dueAt(job.key)) === undefined ? [job] : [];
      }),
    );
    return planned.flat();
  };
}
