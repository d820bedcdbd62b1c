/** Rounds that take turns: ours, the limit, ours, the limit …, so that whatever disturbs the machine disturbs both. */
import type { Job, Outcome } from "../load/job.ts";
import type { Load } from "../load/load.ts";
import type { ServerProcess } from "./server.ts";

export interface Side {
  readonly name: string;
  readonly server: ServerProcess;
}

export interface Measured extends Outcome {
  /** Microseconds of the server's CPU per answer, with the work that an answer left for later. */
  readonly cpuMicros: number;
  /** Seconds after the last answer in which the server did what it had left for later. */
  readonly afterwards: number;
}

export interface Plan {
  readonly job: Omit<Job, "url">;
  readonly rounds: number;
  /** Seconds of the same load first, for each side, that count for nothing. */
  readonly warmUp: number;
}

/** Each side's rounds, in order. A side begins only when the one before has nothing left to do. */
export async function takeTurns(
  load: Load,
  sides: readonly Side[],
  { job, rounds, warmUp }: Plan,
): Promise<readonly (readonly Measured[])[]> {
  for (const { server } of sides) {
    await load.run({ ...job, url: server.url, seconds: warmUp });
    await server.idle();
  }
  const measured: Measured[][] = sides.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, { server }] of sides.entries()) {
      const before = server.cpuSeconds();
      const outcome = await load.run({ ...job, url: server.url });
      const afterwards = await server.idle();
      const cpuMicros = ((server.cpuSeconds() - before) / outcome.answers) * 1e6;
      measured[at]?.push({ ...outcome, cpuMicros, afterwards });
    }
  }
  return measured;
}
