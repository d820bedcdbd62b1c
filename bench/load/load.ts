/** The bench's hand on the load generator: one job at a time, and every answer must be the one that was hoped for. */
import { ask, type Child, startChild } from "../processes/child.ts";
import type { Job, Kind, Outcome } from "./job.ts";

export interface Load {
  /** @throws when an answer has another status than it should, or a connection broke. */
  run(job: Job): Promise<Outcome>;
  /** For a server that is about to be killed: whatever came is told. */
  runToTheEnd(job: Job): Promise<Outcome>;
  stop(): void;
}

const HOPED_FOR: Readonly<Record<Kind, string>> = {
  escalate: "202",
  "escalate signed": "202",
  signal: "200",
  state: "200",
};

export function startLoad(credentialsFile: string): Load {
  const child: Child = startChild("load", new URL("generator.ts", import.meta.url), [credentialsFile]);
  const runToTheEnd = async (job: Job) => (await ask<{ readonly outcome: Outcome }>(child, job)).outcome;
  return {
    async run(job) {
      const outcome = await runToTheEnd(job);
      const others = Object.keys(outcome.statuses).filter((status) => status !== HOPED_FOR[job.kind]);
      if (others.length > 0 || outcome.broken.length > 0 || outcome.answers === 0) {
        const { statuses, broken } = outcome;
        throw new Error(
          `${job.kind} at ${job.url} went wrong: ${JSON.stringify({ statuses, broken: broken[0] })}`,
        );
      }
      return outcome;
    },
    runToTheEnd,
    stop: () => child.kill(),
  };
}
