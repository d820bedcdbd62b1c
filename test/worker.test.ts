/** The worker: due jobs run once, failed ones come again later, and one put again while it runs runs once more. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Ids, Store } from "../src/application/ports.ts";
import { due, type JobKind } from "../src/domain/job.ts";
import { HOUR, MINUTE, SECOND } from "../src/domain/time/time.ts";
import { silent } from "../src/parts.ts";
import { openStore } from "../src/store/open-store.ts";
import { createWorker, type Handled, type Handlers } from "../src/worker.ts";

const START = Date.UTC(2026, 10, 21, 9);
const ids: Ids = { next: () => "1", chance: () => 0.5 };

let store: Store;
let now: number;
let ran: string[];

beforeEach(async () => {
  now = START;
  ran = [];
  store = await openStore({ url: "sqlite::memory:", now: () => now });
});
afterEach(() => store.close());

function workerThat(handle: (ref: string) => Promise<Handled>) {
  const each = async (ref: string): Promise<Handled> => {
    ran.push(ref);
    return handle(ref);
  };
  const kinds: readonly JobKind[] = ["publish", "draw", "advance", "callback", "lapse"];
  const handlers = Object.fromEntries(kinds.map((kind) => [kind, each])) as unknown as Handlers;
  return createWorker({ store, clock: { now: () => now }, ids, log: silent }, handlers);
}
const put = (ref: string, at: number) => store.save({ jobs: [due("publish", ref, at)], audit: [] });
const nothing = async (): Promise<Handled> => undefined;

describe("a job", () => {
  it("runs when it is due, not before, and once", async () => {
    const worker = workerThat(nothing);
    await put("a", now + HOUR);
    await worker.drain();
    expect(ran).toEqual([]);
    now += HOUR;
    await worker.drain();
    await worker.drain();
    expect(ran).toEqual(["a"]);
  });

  it("that fails comes again later, each time later, until it works", async () => {
    let failures = 3;
    const worker = workerThat(async () => {
      if (failures-- > 0) throw new Error("the network is down");
      return undefined;
    });
    await put("a", now);
    const gaps: number[] = [];
    for (let last = now; ran.length < 4; ) {
      await worker.drain();
      const next = await store.jobs.nextDue();
      if (next === undefined) break;
      gaps.push(next - last);
      last = now = next;
    }
    expect(ran).toHaveLength(4);
    expect(gaps).toEqual([1 * SECOND, 2 * SECOND, 4 * SECOND]);
    expect(await store.jobs.nextDue()).toBeUndefined();
  });

  it("that asks to run again at a time runs then", async () => {
    const worker = workerThat(async () =>
      ran.length < 2 ? { again: now + MINUTE, error: null } : undefined,
    );
    await put("a", now);
    await worker.drain();
    expect(ran).toEqual(["a"]);
    now += MINUTE;
    await worker.drain();
    expect(ran).toEqual(["a", "a"]);
  });

  it("that is put again while it runs runs once more", async () => {
    const worker = workerThat(async () => {
      if (ran.length === 1) await put("a", now);
      return undefined;
    });
    await put("a", now);
    await worker.drain();
    expect(ran).toEqual(["a", "a"]);
  });

  it("holds up no other, however long it takes", async () => {
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const worker = workerThat(async (ref) => {
      if (ref === "slow") await slow;
      return undefined;
    });
    await put("slow", now);
    for (const ref of ["b", "c", "d"]) await put(ref, now);
    const drained = worker.drain();
    while (ran.length < 4) await new Promise((resolve) => setImmediate(resolve));
    expect(ran.toSorted()).toEqual(["b", "c", "d", "slow"]);
    release();
    await drained;
  });
});

describe("a worker that runs", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("begins a job that is due with the commit that puts it, and by no timer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const worker = workerThat(nothing);
    worker.start();
    await put("a", now);
    for (let turns = 0; turns < 20 && ran.length === 0; turns++)
      await new Promise((resolve) => setImmediate(resolve));
    await worker.stop();
    expect(ran).toEqual(["a"]);
  });
});

describe("many jobs at once", () => {
  it("all run, each once, though only so many run together", async () => {
    let [together, most] = [0, 0];
    const worker = workerThat(async () => {
      most = Math.max(most, ++together);
      await new Promise((resolve) => setImmediate(resolve));
      together--;
      return undefined;
    });
    const refs = Array.from({ length: 200 }, (_, at) => `job-${at}`);
    await Promise.all(refs.map((ref) => put(ref, now)));
    await worker.drain();
    expect(ran.toSorted()).toEqual(refs.toSorted());
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(32);
  });
});
