/** Who stands in for whom: dates, deputies of deputies, circles, and what is said last. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Absence, coverAt, isAway, standsInFor } from "../../../src/domain/chain/absence.ts";
import { declareAbsence, endAbsences } from "../../../src/domain/chain/declare-absence.ts";
import type { AbsenceId, PersonId } from "../../../src/domain/ids.ts";
import { DAY, HOUR } from "../../../src/domain/time/time.ts";
import { actor, NOW, people } from "../scene.ts";

let count = 0;
function absence(person: string, deputy: string, more: Partial<Absence> = {}): Absence {
  return {
    ...{ id: `abs_${++count}` as AbsenceId, person: person as PersonId, deputy: deputy as PersonId },
    ...{ from: NOW, until: NOW + DAY, saidBy: { id: person, name: person }, saidAt: NOW, endedAt: null },
    ...more,
  };
}
const cover = (id: string, absences: readonly Absence[], at = NOW) =>
  coverAt(absences, people, at)(id as PersonId);
const until = NOW + DAY;

describe("who is asked", () => {
  it.each<[string, readonly Absence[], object]>([
    ["somebody who is there", [absence("james", "nina")], { kind: "here" }],
    ["a deputy", [absence("sarah", "james")], { kind: "deputy", person: "james", until }],
    [
      "the deputy's deputy, until the first of them is back",
      [absence("sarah", "james"), absence("james", "nina", { until: NOW + 9 * DAY })],
      { kind: "deputy", person: "nina", until },
    ],
    [
      "nobody, in a circle of two",
      [absence("sarah", "james"), absence("james", "sarah")],
      { kind: "nobody", until },
    ],
    [
      "nobody, where a deputy's deputies go round in a circle",
      [absence("sarah", "james"), absence("james", "nina"), absence("nina", "james")],
      { kind: "nobody", until },
    ],
    ["nobody, whom the directory does not know", [absence("sarah", "ghost")], { kind: "nobody", until }],
    [
      "themselves again, once it was ended",
      [absence("sarah", "james", { endedAt: NOW - 1 })],
      { kind: "here" },
    ],
  ])("is %s", (_, absences, expected) => expect(cover("sarah", absences)).toEqual(expected));

  it("begins and ends with its dates: from the first instant, until just before the last", () => {
    const one = absence("sarah", "james", { from: NOW + HOUR });
    const kinds = [NOW, NOW + HOUR - 1, NOW + HOUR, until - 1, until].map(
      (at) => cover("sarah", [one], at).kind,
    );
    expect(kinds).toEqual(["here", "here", "deputy", "deputy", "here"]);
  });

  it("is found for any absences there may be, and is never somebody who is away", () => {
    const id = fc.constantFrom("sarah", "james", "nina", "cmo", "milo", "ghost");
    fc.assert(
      fc.property(fc.array(fc.tuple(id, id), { maxLength: 12 }), id, (pairs, who) => {
        const absences = pairs.map(([person, deputy]) => absence(person, deputy));
        const found = cover(who, absences);
        if (found.kind === "deputy") expect(cover(found.person, absences).kind).toBe("here");
        expect(found.kind === "here").toBe(!absences.some((one) => one.person === who));
      }),
    );
  });

  it("knows for whom somebody stands in, through others as well", () => {
    const absences = [
      absence("sarah", "james"),
      absence("james", "nina"),
      absence("cmo", "james", { endedAt: NOW }),
    ];
    const names = (id: string) =>
      standsInFor(id as PersonId, absences, people, NOW).map(({ person }) => person);
    expect([names("nina"), names("james"), names("cmo")]).toEqual([["sarah", "james"], [], []]);
  });
});

describe("saying it", () => {
  const said = (person: string, deputy: string, from: number, to: number) => ({
    ...{ id: `abs_${++count}` as AbsenceId, person: person as PersonId, deputy: deputy as PersonId },
    ...{ from, until: to },
  });

  it("is kept with who said it, handed over when it begins, and told with both names", () => {
    const facts = { by: actor("ada"), standing: [], now: NOW };
    const { absence: made, step } = declareAbsence(said("sarah", "james", NOW + HOUR, until), facts);
    expect(made).toMatchObject({ saidBy: { id: "ada", name: "Ada" }, saidAt: NOW, endedAt: null });
    expect(step.absences).toEqual([made]);
    expect(step.jobs).toEqual([{ key: `absence:${made.id}`, kind: "absence", ref: made.id, at: NOW + HOUR }]);
    expect(step.audit).toMatchObject([
      {
        kind: "absence.declared",
        actor: { kind: "person", id: "ada" },
        detail: { person: "sarah", deputy: "james" },
      },
    ]);
  });

  it("of the same time again ends what was said before, and leaves other times and other people", () => {
    const before = absence("sarah", "james");
    const later = absence("sarah", "nina", { from: NOW + 5 * DAY, until: NOW + 6 * DAY });
    const other = absence("cmo", "james");
    const facts = { by: actor("sarah"), standing: [before, later, other], now: NOW };
    const { absence: made, step } = declareAbsence(said("sarah", "milo", NOW + HOUR, NOW + 2 * DAY), facts);
    expect(step.absences).toEqual([{ ...before, endedAt: NOW }, made]);
    expect(step.audit[0]?.detail).toMatchObject({ replaces: [before.id] });
  });

  it("that somebody is back ends all that stands, with a line for each", () => {
    const both = [absence("sarah", "james"), absence("sarah", "nina", { from: NOW + 5 * DAY })];
    const step = endAbsences(both, actor("sarah"), NOW + HOUR);
    expect(step.absences?.some((one) => isAway(one, NOW + HOUR))).toBe(false);
    expect(step.audit.map(({ kind }) => kind)).toEqual(["absence.ended", "absence.ended"]);
  });
});
