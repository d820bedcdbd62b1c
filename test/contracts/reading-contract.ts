/** What every engine's store must find again: escalations page by page, and an audit trail that nobody can bend. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import type { EscalationId } from "../../src/domain/ids.ts";
import { verifyAudit } from "../../src/store/verify-audit.ts";
import { agent, approved, line, NINE, numbered, opened } from "./store-samples.ts";

/** An empty store, and a way past it to the database, as somebody with a shell would have. */
export interface OpenedStore {
  readonly store: Store;
  /** Runs one statement as it stands; rows where it has any. Throws what the database says. */
  raw(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

export function readingContract(current: () => OpenedStore): void {
  let behind: OpenedStore;
  let store: Store;
  beforeEach(() => {
    behind = current();
    store = behind.store;
  });
  const raised = async (number: number, more: Parameters<typeof opened>[1] = {}) => {
    const made = opened(number, more);
    expect(await store.save(made.step)).toBe("saved");
    return made;
  };

  describe("finds escalations", () => {
    it("shows every row once, page by page, while others are raised", async () => {
      for (let number = 1; number <= 25; number++) await raised(number * 10);
      const seen: string[] = [];
      let cursor: EscalationId | undefined;
      for (let round = 1; ; round++) {
        const page = await store.escalations.page({ limit: 10, ...(cursor ? { cursor } : {}) });
        seen.push(...page.map((one) => one.id));
        cursor = page.at(-1)?.id;
        if (page.length < 10) break;
        await raised(1_000 + round);
      }
      expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => numbered("esc", (25 - at) * 10)));
    });

    it("filters pages by agent and by status", async () => {
      const billing = agent("billing");
      const { escalation, hold } = await raised(1);
      await raised(2);
      await raised(3, { agent: billing });
      await store.save(approved(escalation, hold, 1));
      const ids = async (filter: object) =>
        (await store.escalations.page({ limit: 10, ...filter })).map((one) => Number(one.id.slice(4)));
      expect(await ids({})).toEqual([3, 2, 1]);
      expect(await ids({ status: "open" })).toEqual([3, 2]);
      expect(await ids({ status: "decided" })).toEqual([1]);
      expect(await ids({ agent: agent().id })).toEqual([2, 1]);
      expect(await ids({ agent: agent().id, status: "open" })).toEqual([2]);
      expect(await ids({ agent: billing.id, status: "decided" })).toEqual([]);
      expect(await store.escalations.countOpen()).toBe(2);
      expect(await store.escalations.countOpenOf(agent().id)).toBe(1);
    });

    it("finds the newest under a rule since an instant, and the open ones of a trigger", async () => {
      const request = { trigger: "budget" as const };
      const { escalation, hold } = await raised(1, { rule: "budget above 80 %", request });
      await raised(2, { rule: "budget above 80 %", request });
      await raised(3, { rule: "budget above 100 %", request });
      await raised(4);
      const latest = (rule: string, since: number) =>
        store.escalations.latestByRule(agent().id, "budget", rule, since).then((one) => one?.id);
      expect(await latest("budget above 80 %", NINE)).toBe(numbered("esc", 2));
      expect(await latest("budget above 80 %", NINE + 2)).toBe(numbered("esc", 2));
      expect(await latest("budget above 80 %", NINE + 3)).toBeUndefined();
      await store.save(approved({ ...escalation, allow: ["approve"] }, hold, 1));
      const open = await store.escalations.openByTrigger(agent().id, "budget");
      expect(open.map((one) => one.id)).toEqual([numbered("esc", 2), numbered("esc", 3)]);
    });
  });

  describe("keeps an audit trail", () => {
    const write = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, number) =>
          store.save({
            audit: [
              line("gesture.refused", { detail: { number, words: "é\u0000\u2028", nothing: undefined } }),
              line("callback.dead", { agent: "a", escalation: numbered("esc", number % 3) }),
            ],
          }),
        ),
      );

    it("seals each line to the one before, without gaps", async () => {
      await write(30);
      expect(await verifyAudit(store.audit)).toMatchObject({ ok: true, lines: 60 });
      expect((await store.audit.after(10, 3)).map((one) => one.seq)).toEqual([11, 12, 13]);
      expect((await store.audit.latest(2)).map((one) => one.seq)).toEqual([60, 59]);
      const own = await store.audit.ofEscalation(numbered("esc", 1) as EscalationId);
      expect(own).toHaveLength(10);
      expect(own[0]).toMatchObject({
        at: NINE,
        kind: "callback.dead",
        agent: "a",
        escalation: numbered("esc", 1),
      });
    });

    it("can't be changed, shortened or skipped in the database itself", async () => {
      await write(2);
      for (const change of [
        "update audit set kind = 'key.issued' where seq = 2",
        "delete from audit where seq = 4",
        "delete from audit",
        "insert into audit (seq, at, kind, actor, hash) values (9, 1, 'x', '{}', 'h')",
      ]) {
        await expect(behind.raw(change)).rejects.toThrow(/append-only/);
      }
      expect(await verifyAudit(store.audit)).toMatchObject({ ok: true, lines: 4 });
    });
  });
}
