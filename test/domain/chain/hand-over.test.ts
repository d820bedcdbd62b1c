/** Who is asked while others are away: at the opening, while it waits, and when the next stage begins. */
import { describe, expect, it } from "vitest";
import type { Cover } from "../../../src/domain/chain/absence.ts";
import { advance, askedNow, nextWake, presentStage } from "../../../src/domain/chain/advance.ts";
import { handOver } from "../../../src/domain/chain/hand-over.ts";
import type { CharterInput } from "../../../src/domain/charter/charter.ts";
import { copyKey, wantedCopies } from "../../../src/domain/delivery/reach.ts";
import { acknowledge } from "../../../src/domain/escalation/attend.ts";
import type { Escalation } from "../../../src/domain/escalation/escalation.ts";
import type { AbsenceId, PersonId } from "../../../src/domain/ids.ts";
import { DAY, HOUR, MINUTE } from "../../../src/domain/time/time.ts";
import { actor, agent, allowed, changed, charter, NOW, newId, open, people } from "../scene.ts";

const until = NOW + 9 * DAY;
/** `{ sarah: "james", james: null }`: who is away, and who stands in. */
type Away = Readonly<Record<string, string | null>>;
const cover =
  (away: Away) =>
  (id: PersonId): Cover => {
    const deputy = away[id];
    if (deputy === undefined) return { kind: "here" };
    return deputy === null
      ? { kind: "nobody", until }
      : { kind: "deputy", person: deputy as PersonId, until };
  };
/** One hour for each of four stages: sarah, james, cmo, the fallback channel. */
function opened(away: Away, ownership: Partial<CharterInput["ownership"]> = {}) {
  const absences = Object.entries(away).map(([person, deputy], at) => ({
    ...{ id: `abs_${at}` as AbsenceId, person: person as PersonId, deputy: (deputy ?? "ghost") as PersonId },
    ...{ from: NOW - 1, until, saidBy: { id: person, name: person }, saidAt: NOW - 1, endedAt: null },
  }));
  return open({ trigger: "budget" }, { agent: agent(charter({ ownership })), absences }).escalation;
}
const handed = (before: Escalation, away: Away, now: number) => handOver(before, { cover: cover(away), now });
const silent = (before: Escalation, away: Away) =>
  changed(advance(before, { cover: cover(away), agent: agent(), card: "shown", newId, now: before.dueAt }));
/** Where it stands: the stage, who of it is asked, and everyone asked so far. */
const state = (one: Escalation) => [one.stage, presentStage(one).people, one.asked];

describe("what is opened while somebody is away", () => {
  it("asks the deputy, and the chain stays as the charter has it", () => {
    const one = opened({ sarah: "nina" });
    expect(state(one)).toEqual([0, ["nina"], ["nina"]]);
    expect(one.chain.stages.map((stage) => stage.people)).toEqual([["sarah"], ["james"], ["cmo"], []]);
    expect(one.standIns).toEqual([{ person: "nina", for: "sarah", until, since: NOW }]);
  });

  it("asks the next stage where nobody stands in, and the channel where nobody at all is there", () => {
    expect(state(opened({ sarah: null }))).toEqual([1, ["james"], ["james"]]);
    expect(state(opened({ sarah: "james", james: "sarah", cmo: null }))).toEqual([3, [], []]);
  });

  it("asks whoever is away all the same where nobody is there and there is no channel", () => {
    const one = opened({ sarah: null, james: null, cmo: null }, { fallback: undefined });
    expect(state(one)).toEqual([0, ["sarah"], ["sarah"]]);
    expect(state(silent(one, { sarah: null, james: null, cmo: null }))).toEqual([
      1,
      ["james"],
      ["sarah", "james"],
    ]);
  });

  it("asks the rest of a stage where one of it has no deputy", () => {
    const one = opened({ james: null }, { deputies: ["james", "nina"] });
    expect(state(silent(one, { james: null }))).toEqual([1, ["nina"], ["sarah", "nina"]]);
  });

  it("asks as many as must approve, whoever of them has the same deputy", () => {
    const two = opened({ sarah: "milo", nina: "milo" }, { approvals: 2, approvers: ["nina"] });
    expect(presentStage(two).people).toEqual(["milo", "james"]);
  });
});

describe("the next stage", () => {
  it("asks a deputy where its people are away by then", () => {
    expect(state(silent(opened({}), { james: "nina" }))).toEqual([1, ["nina"], ["sarah", "nina"]]);
  });

  it("is passed over where its people have been asked already, for somebody else", () => {
    const one = silent(opened({ sarah: "james" }), { sarah: "james" });
    expect(state(one)).toEqual([2, ["cmo"], ["james", "cmo"]]);
    expect(one.breached).toBe(true);
  });
});

describe("what waits when somebody goes away", () => {
  const away = { sarah: "nina" };
  const late = NOW + 40 * MINUTE;

  it("asks the deputy at once, in the stage's own time, and tells the trail both names", () => {
    const before = opened({});
    const step = handed(before, away, late);
    expect(changed(step)).toMatchObject({
      ...{ stage: 0, asked: ["sarah", "nina"], dueAt: before.dueAt, breached: false, revision: 2 },
      standIns: [{ person: "nina", for: "sarah", since: late }],
    });
    expect(step?.jobs?.map(({ key }) => key)).toEqual(["publish:esc_1", "advance:esc_1"]);
    expect(step?.audit).toMatchObject([
      {
        ...{ kind: "escalation.handed_over", actor: { kind: "system" } },
        detail: { asked: ["nina"], instead: [{ person: "nina", for: "sarah", until }] },
      },
    ]);
    expect(handed(changed(step), away, late)).toBeUndefined();
  });

  it("gives the deputy a card, and no reminder of a time when nobody had asked them", () => {
    const copies = (one: Escalation) => wantedCopies(one, [], people, ["slack"]).map(copyKey);
    const before = { ...opened({}), reminders: 1 };
    const after = changed(handed(before, away, late));
    expect(copies(after)).toEqual(["card slack:person:Usarah", "card slack:person:Unina"]);
    expect(copies({ ...after, reminders: 2 })).toContain("nudge.0.0.2 slack:person:Unina");
  });

  it("is on nobody's desk any more where the one who was on it leaves", () => {
    const on = changed(allowed(acknowledge(opened({}), actor("sarah"), NOW)));
    const after = changed(handed(on, away, NOW + MINUTE));
    expect(after.acknowledged).toBeNull();
    expect(nextWake(after)).toBe(NOW + 30 * MINUTE);
    const other = { ...on, acknowledged: { by: { id: "james", name: "James" }, at: NOW } };
    expect(changed(handed(other, away, NOW + MINUTE)).acknowledged).toEqual(other.acknowledged);
  });

  it("goes to the next stage where nobody stands in, which is no breach", () => {
    const after = changed(handed(opened({}), { sarah: null }, late));
    expect(state(after)).toEqual([1, ["james"], ["sarah", "james"]]);
    expect(after).toMatchObject({ breached: false, stageStartedAt: late, dueAt: late + HOUR });
  });

  it("stays with whoever is away where nobody else is left", () => {
    const alone = opened({}, { deputies: [], escalate_to: [], fallback: undefined });
    expect(handed(alone, { sarah: null }, late)).toBeUndefined();
  });

  it("goes on to the deputy's deputy, and back to whoever is there again; who was asked may still decide", () => {
    const first = changed(handed(opened({}), away, NOW + 1));
    const second = changed(handed(first, { sarah: "milo", nina: "milo" }, NOW + 2));
    expect(state(second)).toEqual([0, ["milo"], ["sarah", "nina", "milo"]]);
    const back = changed(handed(second, { milo: "cmo" }, NOW + 3));
    expect(state(back)).toEqual([0, ["sarah"], ["sarah", "nina", "milo"]]);
    expect(back.standIns.map(({ person }) => person)).toEqual(["nina", "milo", "sarah"]);
  });

  it("is not taken back from a deputy when the absence ends", () => {
    const after = changed(handed(opened({}), away, NOW + 1));
    expect(handed(after, {}, NOW + 2)).toBeUndefined();
    expect(askedNow(after)).toEqual(["nina"]);
  });

  it("is left alone once it is settled", () => {
    expect(handed({ ...opened({}), status: "withdrawn" }, away, late)).toBeUndefined();
  });
});
