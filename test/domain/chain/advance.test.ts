/** What time does: reminders, the next stage, another round, and expiry only where the charter says so. */
import { describe, expect, it } from "vitest";
import { advance, askSooner, nextWake, skipUnreachable } from "../../../src/domain/chain/advance.ts";
import type { CharterInput } from "../../../src/domain/charter/charter.ts";
import { acknowledge } from "../../../src/domain/escalation/attend.ts";
import type { Escalation } from "../../../src/domain/escalation/escalation.ts";
import { DAY, HOUR, MINUTE } from "../../../src/domain/time/time.ts";
import { actor, agent, allowed, changed, charter, here, NOW, newId, open } from "../scene.ts";

/** One hour for each of four stages: sarah, james, cmo, the fallback channel. */
function opened(ownership: Partial<CharterInput["ownership"]> = {}) {
  return open({ trigger: "budget" }, { agent: agent(charter({ ownership })) }).escalation;
}
const at = (before: Escalation, now: number) =>
  advance(before, { cover: here, agent: agent(), card: "shown", newId, now });
/** What happened at the escalation's own next wake. */
function woken(before: Escalation): Escalation {
  const wake = nextWake(before);
  expect(at(before, wake - 1)).toBeUndefined();
  return changed(at(before, wake));
}
function wokenTimes(times: number, before: Escalation): Escalation {
  return times === 0 ? before : wokenTimes(times - 1, woken(before));
}

describe("a stage", () => {
  it("is reminded at half its time and at four fifths, and then the next is asked", () => {
    const first = woken(opened());
    expect(first).toMatchObject({ reminders: 1, stage: 0, revision: 2, breached: false });
    expect(nextWake(opened())).toBe(NOW + 30 * MINUTE);
    expect(nextWake(first)).toBe(NOW + 48 * MINUTE);
    const second = woken(first);
    expect(second).toMatchObject({ reminders: 2, stage: 0, dueAt: NOW + HOUR });
    expect(nextWake(second)).toBe(NOW + HOUR);
    expect(woken(second)).toMatchObject({
      ...{ stage: 1, reminders: 0, stageStartedAt: NOW + HOUR, dueAt: NOW + 2 * HOUR },
      ...{ asked: ["sarah", "james"], breached: true },
    });
  });

  it("follows another until the last, which is asked again and again without reminders between", () => {
    const last = wokenTimes(9, opened());
    expect(last).toMatchObject({ stage: 3, rounds: 0, asked: ["sarah", "james", "cmo"] });
    const again = wokenTimes(3, last);
    expect(again).toMatchObject({ stage: 3, rounds: 1, reminders: 0, dueAt: NOW + 5 * HOUR, status: "open" });
    expect(wokenTimes(30, again)).toMatchObject({ stage: 3, rounds: 31, status: "open" });
  });

  it("asks in longer and longer rounds once nothing new is posted, and at least once a day", () => {
    const dues = [12, 13, 14, 15, 16, 17, 18, 19].map((times) => {
      const { stageStartedAt, dueAt, rounds } = wokenTimes(times, opened());
      return [rounds, (dueAt - stageStartedAt) / HOUR];
    });
    expect(dues).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 4],
      [5, 8],
      [6, 16],
      [7, 24],
      [8, 24],
    ]);
    const slow = wokenTimes(18, opened({ respond_within: { high: "3d" } }));
    expect(slow.dueAt - slow.stageStartedAt).toBe(3 * DAY);
  });

  it("arms its own next timer and has the card drawn", () => {
    const step = at(opened(), NOW + 30 * MINUTE);
    expect(step?.jobs?.map(({ key, at }) => [key, at])).toEqual([
      ["publish:esc_1", NOW + 30 * MINUTE],
      ["advance:esc_1", NOW + 48 * MINUTE],
    ]);
    expect(step?.audit).toMatchObject([
      { kind: "escalation.reminded", actor: { kind: "system" }, detail: { stage: 0, reminder: 1 } },
    ]);
    expect(at(wokenTimes(2, opened()), NOW + HOUR)?.audit).toMatchObject([
      {
        kind: "escalation.stage_advanced",
        actor: { kind: "system" },
        detail: { stage: 1, asked: ["james"] },
      },
    ]);
  });

  it("is passed over when nobody of it can be reached, which breaks no promise of theirs", () => {
    const next = changed(skipUnreachable(opened(), { cover: here, now: NOW + 5 }));
    expect(next).toMatchObject({
      stage: 1,
      stageStartedAt: NOW + 5,
      breached: false,
      asked: ["sarah", "james"],
    });
    expect(skipUnreachable({ ...opened(), stage: 3 }, { cover: here, now: NOW })).toBeUndefined();
    expect(skipUnreachable({ ...opened(), status: "expired" }, { cover: here, now: NOW })).toBeUndefined();
  });
});

describe("a timer", () => {
  it.each(["decided", "expired", "withdrawn"] as const)(
    "that finds the escalation %s does nothing",
    (status) => {
      expect(at({ ...opened(), status }, NOW + 30 * DAY)).toBeUndefined();
    },
  );

  it("that comes twice acts once", () => {
    const now = NOW + 30 * MINUTE;
    expect(at(changed(at(opened(), now)), now)).toBeUndefined();
  });

  it("that comes early, or by a clock set back, does nothing", () => {
    for (const early of [NOW, NOW - DAY, NOW + 30 * MINUTE - 1]) expect(at(opened(), early)).toBeUndefined();
  });

  it("that comes late reminds once, however many reminders fell due", () => {
    const late = changed(at(opened(), NOW + 50 * MINUTE));
    expect(late).toMatchObject({ reminders: 2, stage: 0 });
    expect(nextWake(late)).toBe(NOW + HOUR);
  });

  it("that comes days late asks one stage more, and gives it its full time", () => {
    const late = changed(at(opened(), NOW + 3 * DAY));
    expect(late).toMatchObject({ stage: 1, stageStartedAt: NOW + 3 * DAY, dueAt: NOW + 3 * DAY + HOUR });
    expect(at(late, NOW + 3 * DAY)).toBeUndefined();
  });
});

describe("an acknowledgement", () => {
  const acked = changed(allowed(acknowledge(opened(), actor("sarah"), NOW + MINUTE)));

  it("stops the reminders and not the deadline", () => {
    expect(acked.acknowledged).toEqual({ by: { id: "sarah", name: "Sarah" }, at: NOW + MINUTE });
    expect(nextWake(acked)).toBe(NOW + HOUR);
    expect(at(acked, NOW + 55 * MINUTE)).toBeUndefined();
  });

  it("that leads to nothing lapses with the stage, and reminders begin anew", () => {
    const lapsed = woken(acked);
    expect(lapsed).toMatchObject({ acknowledged: null, stage: 1, reminders: 0 });
    expect(nextWake(lapsed)).toBe(NOW + 90 * MINUTE);
  });
});

describe("silence", () => {
  const hooked = agent(charter({ ownership: { on_silence: "expire" } }), {
    callbackUrl: "https://agent.example/hook",
  });
  const late = () => wokenTimes(11, opened({ on_silence: "expire" }));
  const expiry = () =>
    advance(late(), { cover: here, agent: hooked, card: "shown", newId, now: NOW + 4 * HOUR });

  it("expires after the last stage where the charter says so: an outcome of its own, by no person", () => {
    const step = expiry();
    expect(changed(step)).toMatchObject({
      status: "expired",
      decision: null,
      settledAt: NOW + 4 * HOUR,
      breached: true,
    });
    expect(step?.audit).toMatchObject([{ kind: "escalation.expired", actor: { kind: "system" } }]);
    expect(step?.cancelled).toEqual(["advance:esc_1", "publish:esc_1:confirmed"]);
  });

  it("lifts no hold, and the agent is told that it expired", () => {
    expect(expiry()?.holds).toBeUndefined();
    expect(expiry()?.callbacks?.map(({ type, body }) => [type, JSON.parse(body).data.decision])).toEqual([
      ["escalation.expired", null],
    ]);
  });

  it("never expires before the last stage, nor where the charter does not say so", () => {
    for (let times = 0; times <= 11; times++)
      expect(wokenTimes(times, opened({ on_silence: "expire" })).status).toBe("open");
    expect(wokenTimes(60, opened()).status).toBe("open");
  });
});

describe("an agent that can't wait", () => {
  it("has the next people asked before their time, which is no breach", () => {
    const step = askSooner(opened(), { cover: here, now: NOW + MINUTE });
    expect(changed(step)).toMatchObject({
      ...{ stage: 1, asked: ["sarah", "james"], breached: false, status: "open" },
      ...{ stageStartedAt: NOW + MINUTE, dueAt: NOW + MINUTE + HOUR },
    });
    expect(step?.audit).toMatchObject([
      { kind: "escalation.stage_advanced", detail: { stage: 1, why: "the agent asked for it" } },
    ]);
  });

  it("changes nothing where the last are being asked, or all is settled", () => {
    expect(askSooner(wokenTimes(9, opened()), { cover: here, now: NOW + 4 * HOUR })).toBeUndefined();
    expect(askSooner({ ...opened(), status: "withdrawn" }, { cover: here, now: NOW })).toBeUndefined();
  });
});
