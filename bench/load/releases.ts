/** People who decide and an agent that is told, in a process of their own: how long from each request to its callback. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { exchange } from "./connection.ts";
import type { Deciding, Released, ReleaseJob } from "./deciding.ts";

/** A callback that has not come by then never will. */
const PATIENCE_MS = 60_000;

const told = new Map<string, (at: number) => void>();

const sink = createServer(async (request, response) => {
  const { type, data } = JSON.parse(await textOf(request)) as {
    readonly type: string;
    readonly data: { readonly id: string };
  };
  if (type === "escalation.decided") told.get(data.id)?.(performance.now());
  response.writeHead(204).end();
});
const listening = new Promise<string>((resolve) => {
  sink.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(sink.address() as AddressInfo).port}/`));
});

process.on("message", (job: ReleaseJob) => {
  const done =
    job.do === "introduce"
      ? listening.then((url) => ({ url }))
      : release(job).then((released) => ({ released }));
  done.then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

/** One connection decides and waits to be told before it decides again; many decide as fast as they are answered. */
async function release({ url, decisions, connections }: Deciding): Promise<Released> {
  const left = decisions[Symbol.iterator]();
  const times: number[] = [];
  const began = performance.now();
  let pending: Promise<void> = Promise.resolve();
  const all: Promise<void>[] = [];
  const decideOne = async () => {
    for (const { id, request } of left) {
      const callback = Promise.withResolvers<number>();
      const late = setTimeout(() => callback.reject(new Error(`nobody was told about ${id}`)), PATIENCE_MS);
      told.set(id, callback.resolve);
      const sentAt = performance.now();
      pending = callback.promise.then((at) => {
        clearTimeout(late);
        times.push(at - sentAt);
      });
      all.push(pending);
      await once(url, Buffer.from(request));
      if (connections === 1) await pending;
    }
  };
  await Promise.all(Array.from({ length: connections }, decideOne));
  await Promise.all(all);
  return { times, seconds: (performance.now() - began) / 1_000 };
}

/** On a connection of its own, which costs both sides the same. */
async function once(url: string, request: Buffer): Promise<void> {
  let requests: readonly Buffer[] = [request];
  await exchange(new URL(url), {
    due: () => 0,
    next() {
      const [first] = requests;
      requests = [];
      return first;
    },
    answered(status) {
      if (status >= 400) throw new Error(`a decision was answered with ${status}`);
    },
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += part;
  return text;
}
