/** What every engine must say of copies at an address: what waits there, what went there, what is a row of which queue card. */
import { describe, expect, it } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import { type Copy, newCopy } from "../../src/domain/delivery/copy.ts";
import type { Escalation } from "../../src/domain/escalation/escalation.ts";
import type { CopyId } from "../../src/domain/ids.ts";
import { approved, copy, NINE, numbered, opened } from "./store-samples.ts";

export function queueContract(current: () => { readonly store: Store }): void {
  const ADDRESS = { platform: "slack", kind: "person", id: "U1" } as const;
  const ELSEWHERE = { ...ADDRESS, id: "U2" };

  const put = (...copies: readonly Copy[]) => current().store.save({ copies, audit: [] });
  /** An open escalation whose card waits at the address, unless the copy says otherwise. */
  const waits = async (
    number: number,
    more: Partial<Copy> = {},
    request: Parameters<typeof opened>[1] = {},
  ): Promise<{ readonly escalation: Escalation; readonly card: Copy }> => {
    const { escalation, step } = opened(number, request);
    const card = copy(number, escalation.id, { address: ADDRESS, ...more });
    await current().store.save({ ...step, copies: [card] });
    return { escalation, card };
  };
  const queueCard = (number: number, more: Partial<Copy> = {}): Copy =>
    newCopy({
      ...{
        id: numbered("copy", number) as CopyId,
        part: "queue",
        address: ADDRESS,
        createdAt: NINE + number,
      },
      ...more,
    });
  const ids = (copies: readonly Copy[]) => copies.map(({ id }) => id);

  describe("knows who is asked for much at once", () => {
    it("lists the cards that wait at an address by themselves, oldest first, and how grave each is", async () => {
      const { store } = current();
      const second = await waits(2, {}, { request: { severity: "critical" } });
      const first = await waits(1);
      await waits(3, { address: ELSEWHERE });
      await waits(4, { state: "shown" });
      await waits(5, { queue: "copy_9" as CopyId });
      await waits(6, { part: "context" });
      await put(queueCard(7));
      expect(await store.copies.waitingAt(ADDRESS, 10)).toEqual([
        { copy: first.card, severity: first.escalation.severity },
        { copy: second.card, severity: "critical" },
      ]);
      expect(await store.copies.waitingAt(ADDRESS, 1)).toHaveLength(1);
    });

    it("lists the cards and queue cards that went to an address lately, newest first", async () => {
      const { store } = current();
      const at = (number: number, attemptedAt: number, more: Partial<Copy> = {}) =>
        waits(number, { state: "shown", attempts: 1, attemptedAt, ...more });
      await at(1, 10);
      const newest = await at(2, 40);
      const row = await at(3, 30, { queue: "copy_9" as CopyId, attempts: 0 });
      await at(4, 35, { part: "context" });
      await at(5, 35, { address: ELSEWHERE });
      await put(queueCard(6, { state: "posting", attempts: 1, attemptedAt: 20 }));
      expect(ids(await store.copies.recentAt(ADDRESS, 11, 9))).toEqual([
        newest.card.id,
        row.card.id,
        numbered("copy", 6),
      ]);
      expect(ids(await store.copies.recentAt(ADDRESS, 11, 1))).toEqual([newest.card.id]);
    });

    it("finds the queue card that waits at an address before one that stands there, and none that is too old", async () => {
      const { store } = current();
      const found = async (since: number) => (await store.copies.queueAt(ADDRESS, since))?.id;
      await put(queueCard(1, { state: "shown", attempts: 1, attemptedAt: 10 }));
      await put(queueCard(2, { state: "posting", attempts: 1, attemptedAt: 20 }));
      await put(queueCard(3, { address: ELSEWHERE }));
      expect(await found(10)).toBe(numbered("copy", 2));
      expect(await found(21)).toBeUndefined();
      await put(queueCard(4));
      expect(await found(21)).toBe(numbered("copy", 4));
    });

    it("finds the newest card there of another open escalation that is like one", async () => {
      const { store } = current();
      const shown = { state: "shown", attempts: 1, attemptedAt: 50 } as const;
      const like = (number: number, more: Partial<Copy> = {}, request = {}) =>
        waits(number, { ...shown, ...more }, { request: { group: "g", ...request } });
      const [first, second] = [await like(1), await like(2)];
      await like(3, {}, { trigger: "question" });
      await like(4, {}, { group: "h" });
      await like(5, {}, { severity: "critical" });
      await like(6, { address: ELSEWHERE });
      await like(7, { attemptedAt: 5 });
      await like(8, { attemptedAt: null, state: "wanted", attempts: 0 });
      const { escalation } = await like(9);
      const { escalation: decided } = second;
      const alike = async (than: Escalation) =>
        (await store.copies.alikeAt(ADDRESS, { ...than, group: "g" }, 10))?.escalation;
      expect(await alike(escalation)).toBe(second.escalation.id);
      expect(await alike(second.escalation)).toBe(escalation.id);
      await store.save(approved(decided, null, 1));
      expect(await alike(escalation)).toBe(first.escalation.id);
    });

    it("gives the rows of a queue card with their escalations and decisions, and counts those that are open", async () => {
      const { store } = current();
      const card = queueCard(9);
      await put(card);
      const second = await waits(2, { queue: card.id });
      const first = await waits(1, { queue: card.id, state: "shown" });
      await waits(3);
      const nudge = queueCard(4, { part: "nudge.0.0.1", queue: card.id });
      await put(nudge);
      await store.save(approved(first.escalation, null, 1));
      const [decided, open] = await store.escalations.inQueue(card.id);
      expect(decided?.decision).toMatchObject({ verdict: "approve" });
      expect(open).toEqual(second.escalation);
      expect(await store.copies.inQueue(card.id)).toEqual([first.card, second.card, nudge]);
      expect(await store.copies.queueSize(card.id)).toEqual({ rows: 2, open: 1 });
      expect(await store.copies.queueSize("copy_none" as CopyId)).toEqual({ rows: 0, open: 0 });
    });
  });

  describe("lets nobody act on a copy that somebody else has taken", () => {
    it("refuses a step whose copies stand differently by now, whole", async () => {
      const { store } = current();
      const { card } = await waits(1);
      const changes: readonly Partial<Copy>[] = [
        { state: "posting" },
        { queue: "copy_9" as CopyId },
        { part: "queue", escalation: null },
        { attempts: 1 },
      ];
      for (const change of changes) {
        await put(card);
        const begun = { ...card, ...change };
        expect(await store.save({ copies: [begun], copiesSeen: [card], audit: [] })).toBe("saved");
        const other = queueCard(2);
        const late = { copies: [card, other], copiesSeen: [card], audit: [] };
        expect(await store.save(late)).toBe("conflict");
        expect(await store.copies.find(card.id)).toEqual(begun);
        expect(await store.copies.find(other.id)).toBeUndefined();
      }
    });

    it("takes what else has changed of a copy for no difference", async () => {
      const { store } = current();
      const { card } = await waits(1);
      await put({ ...card, error: "Slack limits the calls.", drawn: "abc" });
      expect(await store.save({ copies: [card], copiesSeen: [card], audit: [] })).toBe("saved");
    });

    it("makes a copy once that nobody had made, and refuses one that was there and is none", async () => {
      const { store } = current();
      const made = queueCard(1);
      const step = { copies: [made], copiesSeen: [{ id: made.id, state: null }], audit: [] } as const;
      expect(await Promise.all([store.save(step), store.save(step)])).toEqual(["saved", "conflict"]);
      const gone = queueCard(2);
      expect(await store.save({ copies: [gone], copiesSeen: [gone], audit: [] })).toBe("conflict");
    });

    it("puts a copy on one queue card, however many want it", async () => {
      const { store } = current();
      const { card } = await waits(1);
      const wants = Array.from({ length: 10 }, (_, at) => {
        const queue = queueCard(10 + at);
        return { copies: [queue, { ...card, queue: queue.id }], copiesSeen: [card], audit: [] };
      });
      const answers = await Promise.all(wants.map((step) => store.save(step)));
      expect(answers.filter((answer) => answer === "saved")).toHaveLength(1);
      const there = await Promise.all(wants.map(({ copies }) => store.copies.find(copies[0]?.id as CopyId)));
      expect(there.filter((queue) => queue !== undefined)).toHaveLength(1);
    });
  });
}
