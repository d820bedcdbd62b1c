/** What every engine's store must do with absences: keep what was said, and find what stands. */
import { describe, expect, it } from "vitest";
import type { Absence } from "../../src/domain/chain/absence.ts";
import type { AbsenceId, PersonId } from "../../src/domain/ids.ts";
import type { OpenedStore } from "./reading-contract.ts";
import { line, NINE, numbered } from "./store-samples.ts";

export function absence(number: number, more: Partial<Absence> = {}): Absence {
  return {
    id: numbered("abs", number) as AbsenceId,
    person: "person-1" as PersonId,
    deputy: "person-2" as PersonId,
    from: NINE + number,
    until: NINE + 1_000,
    saidBy: { id: "person-1", name: "Łukasz “Ω”" },
    saidAt: NINE + number,
    endedAt: null,
    ...more,
  };
}

export function absenceContract(current: () => OpenedStore): void {
  const store = () => current().store;
  const say = (...absences: readonly Absence[]) =>
    store().save({ absences, audit: [line("absence.declared")] });

  describe("keeps absences", () => {
    it("gives one back as it was said, and as it was ended", async () => {
      const one = absence(1);
      expect(await say(one)).toBe("saved");
      expect(await store().absences.find(one.id)).toEqual(one);
      await say({ ...one, endedAt: NINE + 5 });
      expect(await store().absences.find(one.id)).toEqual({ ...one, endedAt: NINE + 5 });
      expect(await store().absences.find("abs_none" as AbsenceId)).toBeUndefined();
    });

    it("finds what stands and what is to come, in the order of saying; not what is over or was ended", async () => {
      const [second, first] = [absence(2), absence(1)];
      const later = absence(3, { from: NINE + 900 });
      await say(second, later, absence(4, { endedAt: NINE + 4 }), absence(5, { until: NINE + 50 }), first);
      expect(await store().absences.standing(NINE + 50)).toEqual([first, second, later]);
      expect(await store().absences.standing(NINE + 49)).toHaveLength(4);
      expect(await store().absences.standing(NINE + 1_000)).toEqual([]);
    });

    it("writes what was said and what it ends together, or nothing of it", async () => {
      const [old, next] = [absence(1), absence(2)];
      await say(old);
      const bad = { ...next, deputy: null as unknown as PersonId };
      await expect(say({ ...old, endedAt: NINE + 9 }, bad)).rejects.toThrow();
      expect(await store().absences.standing(NINE)).toEqual([old]);
    });
  });
}
