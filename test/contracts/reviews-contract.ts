/** What every engine's store must keep to look back on: counts, digests, inspections, and how things stand. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import type { AgentId, CopyId, DigestId, EscalationId } from "../../src/domain/ids.ts";
import { due } from "../../src/domain/job.ts";
import type { Count } from "../../src/domain/review/counts.ts";
import type { AgentReport, Digest, Inspection } from "../../src/domain/review/digest.ts";
import type { OpenedStore } from "./reading-contract.ts";
import { agent, approved, callback, copy, NINE, numbered, opened } from "./store-samples.ts";

const AGENT = agent().id;

const count = (more: Partial<Count>): Count => ({
  ...{ agent: AGENT, day: "2026-11-02", what: "decided", trigger: "budget", of: "approve", n: 1, ...more },
});

export function digest(number: number, more: Partial<Digest> = {}): Digest {
  const date = `2026-11-${String(number).padStart(2, "0")}`;
  return {
    ...{
      id: numbered("digest", number) as DigestId,
      kind: "weekly",
      schedule: "weekly:a",
      date,
      zone: "UTC",
    },
    ...{
      reader: { kind: "channel", channel: "slack:C1" },
      from: NINE,
      to: NINE + 1,
      createdAt: NINE + number,
    },
    ...{ skipped: null, agents: [{ agent: AGENT, name: "Łukasz “Ω” 🚀" } as AgentReport] },
    ...more,
  };
}

export function inspection(number: number, of: Digest, more: Partial<Inspection> = {}): Inspection {
  return {
    ...{ id: numbered("insp", number), digest: of.id, kind: of.kind, agent: AGENT, charterVersion: 1 },
    ...{ by: { id: "person-1", name: "Person 1" }, at: NINE + number, lookedAt: "3 opened", note: null },
    ...more,
  };
}

export function reviewsContract(current: () => OpenedStore): void {
  let store: Store;
  beforeEach(() => {
    store = current().store;
  });

  describe("counts for digests", () => {
    const days = { from: "2026-11-02", to: "2026-11-09" };

    it("adds up in the step that makes them, and over days", async () => {
      const both = await Promise.all([
        store.save({ counts: [count({}), count({ n: 2 }), count({ of: "reject" })], audit: [] }),
        store.save({ counts: [count({ n: -1 }), count({ day: "2026-11-08", n: 5 })], audit: [] }),
      ]);
      expect(both).toEqual(["saved", "saved"]);
      await store.save({
        counts: [
          count({ day: "2026-11-01", n: 50 }),
          count({ day: "2026-11-09", n: 60 }),
          count({ agent: "b" }),
        ],
        audit: [],
      });
      const found = (await store.counts.totals(AGENT, days)).toSorted((a, b) => (a.of < b.of ? -1 : 1));
      expect(found).toEqual([
        { what: "decided", trigger: "budget", of: "approve", n: 7 },
        { what: "decided", trigger: "budget", of: "reject", n: 1 },
      ]);
      expect(await store.counts.totals("nobody" as AgentId, days)).toEqual([]);
    });

    it("counts milliseconds far beyond 32 bits", async () => {
      await store.save({
        counts: [count({ what: "held", n: 86_400_000 }), count({ what: "held", n: 9e12 })],
        audit: [],
      });
      expect((await store.counts.byDay(AGENT, "held", days))[0]?.n).toBe(9e12 + 86_400_000);
    });

    it("tells one thing by day and by what it is of", async () => {
      await store.save({
        counts: [
          count({ what: "opened", of: "discount", n: 2 }),
          count({ what: "opened", of: "refund", n: 3 }),
          count({ what: "opened", day: "2026-11-05", trigger: "flag", of: "" }),
          count({}),
        ],
        audit: [],
      });
      expect(await store.counts.byDay(AGENT, "opened", days)).toEqual([
        { day: "2026-11-02", trigger: "budget", n: 5 },
        { day: "2026-11-05", trigger: "flag", n: 1 },
      ]);
      const of = await store.counts.of(AGENT, "opened", days);
      expect(of.toSorted((a, b) => a.n - b.n)).toEqual([
        { of: "", n: 1 },
        { of: "discount", n: 2 },
        { of: "refund", n: 3 },
      ]);
    });

    it("names the groups that come up often, the most frequent first, and no other total has them", async () => {
      const group = (of: string, n: number, day = "2026-11-02") =>
        count({ what: "group", trigger: "", of, n, day });
      await store.save({
        counts: [group("a", 2), group("a", 1, "2026-11-03"), group("b", 9), group("c", 2), group("d", 3)],
        audit: [],
      });
      expect(await store.counts.groups(AGENT, days, 3, 10)).toEqual([
        { group: "b", n: 9 },
        { group: "a", n: 3 },
        { group: "d", n: 3 },
      ]);
      expect(await store.counts.groups(AGENT, days, 3, 1)).toEqual([{ group: "b", n: 9 }]);
      expect(await store.counts.totals(AGENT, days)).toEqual([]);
    });

    it("counts nothing of a step that is refused", async () => {
      const { step } = opened(1);
      expect(await store.save(step)).toBe("saved");
      expect(await store.save({ ...step, counts: [count({ what: "withdrawn", of: "" })] })).toBe("conflict");
      expect((await store.counts.totals(AGENT, days)).map(({ what }) => what)).toEqual(["opened"]);
    });
  });

  describe("keeps digests", () => {
    it("gives one back as it was, with its copies", async () => {
      const made = digest(2);
      const shown = copy(1, "" as EscalationId, { escalation: null, digest: made.id, part: "digest" });
      expect(await store.save({ digest: made, copies: [shown], audit: [] })).toBe("saved");
      expect(await store.digests.find(made.id)).toEqual(made);
      expect(await store.copies.ofDigest(made.id)).toEqual([shown]);
      expect(await store.copies.find("copy_00000001" as CopyId)).toEqual(shown);
      expect(await store.digests.find("digest_none" as DigestId)).toBeUndefined();
    });

    it("makes one for each schedule and date, however many try at once", async () => {
      const tries = Array.from({ length: 20 }, (_, at) =>
        store.save({ digest: digest(2, { id: numbered("digest", 100 + at) as DigestId }), audit: [] }),
      );
      expect((await Promise.all(tries)).filter((answer) => answer === "saved")).toHaveLength(1);
      expect(await store.save({ digest: digest(3), audit: [] })).toBe("saved");
      expect(
        await store.save({ digest: digest(4, { date: "2026-11-03", schedule: "weekly:b" }), audit: [] }),
      ).toBe("saved");
      expect(await store.digests.latestDate("weekly:a")).toBe("2026-11-03");
      expect(await store.digests.latestDate("weekly:none")).toBeUndefined();
    });

    it("pages through them, newest first, of one kind or of all", async () => {
      for (const number of [2, 3, 4, 5]) {
        const kind = number === 4 ? "monthly" : "weekly";
        await store.save({ digest: digest(number, { kind, schedule: kind }), audit: [] });
      }
      const ids = async (filter: object) =>
        (await store.digests.page({ limit: 2, ...filter })).map(({ id }) => Number(id.slice(7)));
      expect(await ids({})).toEqual([5, 4]);
      expect(await ids({ cursor: numbered("digest", 4) })).toEqual([3, 2]);
      expect(await ids({ kind: "weekly" })).toEqual([5, 3]);
      expect(await ids({ kind: "weekly", cursor: numbered("digest", 3) })).toEqual([2]);
    });
  });

  describe("keeps inspections", () => {
    it("takes one signature for each digest and agent, and lists them by both", async () => {
      const [first, second] = [digest(2), digest(3)];
      await store.save({ digest: first, audit: [] });
      await store.save({ digest: second, audit: [] });
      const signed = inspection(1, first, { note: 'é "fine"' });
      expect(await store.save({ inspection: signed, audit: [] })).toBe("saved");
      expect(await store.save({ inspection: inspection(2, first), audit: [] })).toBe("conflict");
      const other = inspection(3, first, { agent: "billing" as AgentId });
      expect(await store.save({ inspection: other, audit: [] })).toBe("saved");
      expect(await store.save({ inspection: inspection(4, second), audit: [] })).toBe("saved");
      expect(await store.inspections.of(first.id)).toEqual([other, signed]);
      expect(await store.inspections.ofAgent(AGENT, 10)).toEqual([inspection(4, second), signed]);
      expect(await store.inspections.ofAgent(AGENT, 1)).toEqual([inspection(4, second)]);
    });

    it("knows which digests of an agent nobody has signed since the last one that somebody has", async () => {
      const billing = { agent: "billing" as AgentId } as AgentReport;
      const others = [
        digest(20, { kind: "monthly", schedule: "m" }),
        digest(21, { schedule: "w", agents: [billing] }),
        digest(22, { schedule: "w", skipped: "away", agents: [] }),
        digest(23, { schedule: "asked:1" }),
      ];
      for (const made of [digest(2), digest(3), digest(4), digest(5), ...others])
        await store.save({ digest: made, audit: [] });
      const unsigned = async (limit = 10, since = 0) =>
        (await store.digests.unsigned(AGENT, "weekly", { since, limit })).map(({ digest: id }) =>
          Number(id.slice(7)),
        );
      expect(await unsigned()).toEqual([2, 3, 4, 5]);
      expect(await unsigned(1)).toEqual([2]);
      expect(await unsigned(10, NINE + 4)).toEqual([4, 5]);
      await store.save({ inspection: inspection(1, digest(4)), audit: [] });
      await store.save({ inspection: inspection(2, digest(2)), audit: [] });
      expect(await unsigned()).toEqual([5]);
      expect(await store.digests.unsigned(AGENT, "weekly", { since: 0, limit: 10 })).toEqual([
        { digest: digest(5).id, kind: "weekly", date: "2026-11-05", createdAt: NINE + 5 },
      ]);
      expect(await store.digests.unsigned("trial" as AgentId, "weekly", { since: 0, limit: 10 })).toEqual([]);
    });
  });

  describe("overlooks an agent", () => {
    const raised = async (number: number, more: Parameters<typeof opened>[1] = {}) => {
      const made = opened(number, more);
      expect(await store.save(made.step)).toBe("saved");
      return made;
    };

    it("says what waits by trigger, what presses most, and what is overdue", async () => {
      await raised(1, { now: NINE + 50 });
      await raised(2, { now: NINE + 20, request: { trigger: "budget" } });
      const { escalation } = await raised(3, { now: NINE + 90, request: { trigger: "budget" } });
      const done = await raised(4);
      await store.save(approved(done.escalation, done.hold, 1));
      await raised(5, { agent: agent("billing") });
      const open = await store.overview.openByTrigger(AGENT);
      expect(open.toSorted((a, b) => a.n - b.n)).toEqual([
        { trigger: "approval_required", n: 1 },
        { trigger: "budget", n: 2 },
      ]);
      const pressing = await store.overview.mostPressing(AGENT, 2);
      expect(pressing.map(({ id, summary }) => [Number(id.slice(4)), summary])).toEqual([
        [2, "Request 2"],
        [3, "Request 3"],
      ]);
      await store.save({
        callbacks: [
          callback(1, null, { state: "dead" }),
          callback(2, null),
          callback(3, null, { state: "dead", agent: "b" as AgentId }),
        ],
        audit: [],
      });
      expect(await store.overview.deadCallbacks(AGENT)).toBe(1);
      expect(await store.overview.overdue(AGENT, NINE + 100)).toBe(0);
      expect(await store.overview.overdue(AGENT, escalation.dueAt)).toBe(2);
      const breached = { ...escalation, revision: 2, breached: true, dueAt: escalation.dueAt * 2 };
      await store.save({ escalation: { before: 1, after: breached }, audit: [] });
      expect(await store.overview.overdue(AGENT, NINE + 100)).toBe(1);
    });

    it("names the latest decisions of a time", async () => {
      for (const number of [1, 2, 3]) {
        const { escalation, hold } = await raised(number);
        await store.save(approved(escalation, hold, 1, { now: NINE + number * 1_000 }));
      }
      const from = (at: number, to = NINE + 9_000, limit = 5) =>
        store.overview.latestDecisions(AGENT, { from: at, to }, limit);
      expect(
        (await from(NINE + 2_000)).map(({ at, verdict, by, summary }) => [at, verdict, by.name, summary]),
      ).toEqual([
        [NINE + 3_000, "approve", "Person 1", "Request 3"],
        [NINE + 2_000, "approve", "Person 1", "Request 2"],
      ]);
      expect(await from(NINE, NINE + 1_000)).toEqual([]);
      expect(await from(NINE, NINE + 9_000, 1)).toHaveLength(1);
    });

    it("knows when the job under a key falls due", async () => {
      await store.save({ jobs: [due("digest", "weekly:a", NINE + 5)], audit: [] });
      expect(await store.jobs.dueAt("digest:weekly:a")).toBe(NINE + 5);
      expect(await store.jobs.dueAt("digest:weekly:b")).toBeUndefined();
    });
  });
}
