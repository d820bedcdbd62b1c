/** What every engine's jobs must do: one run at a time per key, nothing lost, and no completion by whoever was overtaken. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import type { Due, Job } from "../../src/domain/job.ts";

const LEASE = 30;

/** The latest instant: everything put is due by then. */
const FOREVER = Number.MAX_SAFE_INTEGER - LEASE;

export function jobsContract(current: () => { readonly store: Store }, runs: number): void {
  const put = (key: string, at: number): Promise<unknown> => {
    const job: Due = { key, kind: "publish", ref: `ref of ${key}`, at };
    return current().store.save({ jobs: [job], audit: [] });
  };
  const cancel = (...keys: string[]) => current().store.save({ cancelled: keys, audit: [] });
  const claim = (now: number, limit = 10, lease = LEASE) => current().store.jobs.claim(now, limit, lease);
  const claimOne = async (now: number): Promise<Job> => {
    const [job, ...more] = await claim(now);
    if (!job || more.length > 0) throw new Error("there should be one job");
    return job;
  };
  const keys = async (now: number) => (await claim(now)).map((job) => job.key);

  describe("runs jobs", () => {
    it("hands out what is due, earliest first, and nothing twice", async () => {
      for (const [key, at] of Object.entries({ c: 30, a: 10, later: 41, b: 20 })) await put(key, at);
      expect(await current().store.jobs.nextDue()).toBe(10);
      expect((await claim(40, 2)).map((job) => [job.key, job.at, job.ref])).toEqual([
        ["a", 10, "ref of a"],
        ["b", 20, "ref of b"],
      ]);
      expect(await keys(40)).toEqual(["c"]);
      expect(await keys(40)).toEqual([]);
    });

    it("moves a job that is put again to the new time, and starts its count of attempts anew", async () => {
      await put("a", 10);
      const first = await claimOne(10);
      expect(await current().store.jobs.retry(first, 50, "no network")).toBe(true);
      await put("a", 20);
      expect(await claimOne(20)).toMatchObject({ key: "a", at: 20, attempts: 0, error: null });
      expect(await keys(49)).toEqual([]);
    });

    it("runs a job once more that is put again while it runs", async () => {
      await put("a", 10);
      const running = await claimOne(10);
      await put("a", 12);
      expect(await keys(12)).toEqual([]);
      expect(await current().store.jobs.finish(running)).toBe(true);
      expect(await current().store.jobs.finish(running)).toBe(false);
      expect(await current().store.jobs.retry(running, 1, "late")).toBe(false);
      const again = await claimOne(12);
      expect(await current().store.jobs.finish(again)).toBe(true);
      expect(await current().store.jobs.nextDue()).toBeUndefined();
    });

    it("writes what a run did only until somebody else takes the job over, or ends it", async () => {
      const told = (run: Job) =>
        current().store.save({
          run,
          answer: { scope: "a", key: String(run.fence), bodyHash: "", status: 200, body: "", at: 1 },
          audit: [],
        });
      await put("a", 10);
      const first = await claimOne(10);
      const second = await claimOne(10 + LEASE);
      expect(await told(first)).toBe("conflict");
      expect(await current().store.answers.find("a", String(first.fence))).toBeUndefined();
      expect(await told(second)).toBe("saved");
      expect(await current().store.jobs.finish(second)).toBe(true);
      expect(await told(second)).toBe("conflict");
    });

    it("keeps a wake that was put for later while a run fails and is retried", async () => {
      await put("a", 10);
      const running = await claimOne(10);
      await put("a", 500);
      await current().store.jobs.retry(running, 20, "conflict");
      const retried = await claimOne(20);
      expect(retried).toMatchObject({ attempts: 1, error: "conflict" });
      await current().store.jobs.finish(retried);
      expect(await claimOne(500)).toMatchObject({ at: 500, attempts: 0, error: null });
    });

    it("counts an attempt only where one failed", async () => {
      await put("a", 10);
      await current().store.jobs.retry(await claimOne(10), 20, null);
      const paced = await claimOne(20);
      expect(paced.attempts).toBe(0);
      await current().store.jobs.retry(paced, 30, "500");
      expect(await claimOne(30)).toMatchObject({ attempts: 1, error: "500" });
    });

    it("gives a job to somebody else when its lease is over, and refuses the one who was overtaken", async () => {
      const { jobs } = current().store;
      await put("a", 10);
      const slow = await claimOne(10);
      expect(await keys(10 + LEASE - 1)).toEqual([]);
      expect(await jobs.nextDue()).toBe(10 + LEASE);
      const quick = await claimOne(10 + LEASE);
      expect(quick.fence).toBeGreaterThan(slow.fence);
      expect(await jobs.finish(slow)).toBe(false);
      expect(await jobs.retry(slow, 1, "late")).toBe(false);
      expect(await jobs.finish(quick)).toBe(true);
      expect(await jobs.finish(quick)).toBe(false);
    });

    it("forgets a cancelled job also while it runs, and never lets its old run end a new one", async () => {
      const { jobs } = current().store;
      await put("a", 10);
      const running = await claimOne(10);
      await cancel("a", "nothing");
      expect(await jobs.finish(running)).toBe(false);
      await put("a", 10);
      const anew = await claimOne(10);
      expect(await jobs.finish(running)).toBe(false);
      expect(await jobs.retry(running, 11, "late")).toBe(false);
      expect(await jobs.finish(anew)).toBe(true);
    });

    it("keeps what a step puts, though the same step cancels it", async () => {
      const job: Due = { key: "a", kind: "advance", ref: "a", at: 10 };
      await current().store.save({ cancelled: ["a"], jobs: [job], audit: [] });
      expect(await keys(10)).toEqual(["a"]);
    });

    it("counts what has been due too long, and not what somebody is at work on", async () => {
      await put("a", 10);
      await put("b", 20);
      const { jobs } = current().store;
      expect(await jobs.countOverdue(10)).toBe(0);
      expect(await jobs.countOverdue(21)).toBe(2);
      await claim(10);
      expect(await jobs.countOverdue(21)).toBe(1);
    });

    it("behaves as one slot per key, whatever people, workers and crashes do in whatever order", async () => {
      const at = fc.integer({ min: 0, max: 40 });
      const key = fc.constantFrom("a", "b");
      const move = fc.oneof(
        fc.record({ do: fc.constant("put" as const), key, at }),
        fc.record({ do: fc.constant("cancel" as const), key }),
        fc.record({ do: fc.constant("claim" as const), ahead: fc.integer({ min: 0, max: 25 }) }),
        fc.record({ do: fc.constant("finish" as const), which: fc.nat(5) }),
        fc.record({
          do: fc.constant("retry" as const),
          which: fc.nat(5),
          at,
          error: fc.option(fc.constant("e")),
        }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(move, { maxLength: 40 }), async (moves) => {
          await cancel("a", "b");
          const { jobs } = current().store;
          const model = new Map<string, Slot>();
          const claimed: Job[] = [];
          let now = 0;
          for (const one of moves) {
            switch (one.do) {
              case "put":
                await put(one.key, one.at);
                modelPut(model, one.key, one.at);
                break;
              case "cancel":
                await cancel(one.key);
                model.delete(one.key);
                break;
              case "claim": {
                now += one.ahead;
                const got = await claim(now);
                expect(got.map((job) => job.key).sort()).toEqual(modelReady(model, now));
                for (const job of got) {
                  const slot = model.get(job.key);
                  expect(job).toMatchObject({ attempts: slot?.attempts, error: slot?.error });
                  if (slot) Object.assign(slot, { fence: job.fence, until: now + LEASE });
                  if (slot && slot.again !== null && slot.again <= now) slot.again = null;
                  claimed.push(job);
                }
                break;
              }
              case "finish": {
                const job = claimed.at(-1 - one.which);
                if (job) expect(await jobs.finish(job)).toBe(modelFinish(model, job));
                break;
              }
              case "retry": {
                const job = claimed.at(-1 - one.which);
                if (job) expect(await jobs.retry(job, one.at, one.error)).toBe(modelRetry(model, job, one));
                break;
              }
            }
            const times = [...model.values()].map((slot) => slot.until ?? slot.at);
            expect(await jobs.nextDue()).toBe(times.length ? Math.min(...times) : undefined);
          }
          // Whatever happened, everything that is still wanted can be run to its end.
          for (let left = model.size + claimed.length + 1; model.size > 0; left--) {
            expect(left).toBeGreaterThan(0);
            now = FOREVER;
            for (const job of await claim(now, 10, 0)) {
              expect(await jobs.finish(job)).toBe(true);
              model.delete(job.key);
            }
          }
          expect(await jobs.nextDue()).toBeUndefined();
        }),
        { numRuns: runs },
      );
    });
  });
}

/** One key's job, as the contract means it: `until` and `fence` while it runs. */
interface Slot {
  at: number;
  attempts: number;
  error: string | null;
  fence: number | null;
  until: number | null;
  again: number | null;
}

function modelPut(model: Map<string, Slot>, key: string, at: number): void {
  const slot = model.get(key);
  if (slot?.until != null) slot.again = at;
  else model.set(key, { at, attempts: 0, error: null, fence: null, until: null, again: null });
}

function modelReady(model: Map<string, Slot>, now: number): string[] {
  return [...model]
    .filter(([, slot]) => (slot.until ?? slot.at) <= now)
    .map(([key]) => key)
    .sort();
}

function modelFinish(model: Map<string, Slot>, job: Job): boolean {
  const slot = model.get(job.key);
  if (!slot || slot.fence !== job.fence) return false;
  if (slot.again === null) model.delete(job.key);
  else
    model.set(job.key, { at: slot.again, attempts: 0, error: null, fence: null, until: null, again: null });
  return true;
}

function modelRetry(
  model: Map<string, Slot>,
  job: Job,
  to: { readonly at: number; readonly error: string | null },
): boolean {
  const slot = model.get(job.key);
  if (!slot || slot.fence !== job.fence) return false;
  const { again } = slot;
  Object.assign(slot, {
    at: again === null ? to.at : Math.min(again, to.at),
    again: again !== null && again > to.at ? again : null,
    attempts: slot.attempts + (to.error === null ? 0 : 1),
    error: to.error,
    fence: null,
    until: null,
  });
  return true;
}
