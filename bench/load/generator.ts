/** The load, in a process of its own: as many connections as asked for, each busy for as long as asked for. */
import { readFileSync } from "node:fs";
import { percentile } from "../measure/figures.ts";
import { exchange } from "./connection.ts";
import type { Credential, Job, Outcome } from "./job.ts";
import { requests } from "./requests.ts";

const credentials = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as readonly Credential[];

process.on("message", (job: Job) => {
  run(job).then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

async function run(job: Job): Promise<Outcome> {
  const url = new URL(job.url);
  const make = requests(job, url.host, credentials);
  const times: number[] = [];
  const statuses = new Map<number, number>();
  const ids: string[] = [];
  const broken: string[] = [];
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const end = began + job.seconds * 1_000;

  const { perSecond = 0 } = job;
  let requested = 0;

  const client = {
    due: () => (perSecond === 0 ? 0 : began + (requested++ / perSecond) * 1_000),
    next: () => (performance.now() < end ? make() : undefined),
    answered(status: number, body: Buffer, ms: number) {
      times.push(ms);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (job.collectIds && status === 202)
        ids.push((JSON.parse(body.toString()) as { readonly id: string }).id);
    },
  };
  await Promise.all(
    Array.from({ length: job.connections }, () =>
      exchange(url, client).catch((error: unknown) => broken.push(String(error))),
    ),
  );

  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const sorted = Float64Array.from(times).sort();
  return {
    answers: times.length,
    perSecond: times.length / seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    statuses: Object.fromEntries(statuses),
    busy: (user + system) / 1e6 / seconds,
    ids,
    broken,
  };
}
