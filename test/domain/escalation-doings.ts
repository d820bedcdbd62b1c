/** What people, agents and time may do to an escalation, drawn at random. */
import fc from "fast-check";
import { expect } from "vitest";
import { advance, skipUnreachable } from "../../src/domain/chain/advance.ts";
import { declareAbsence, endAbsences } from "../../src/domain/chain/declare-absence.ts";
import { handOver } from "../../src/domain/chain/hand-over.ts";
import { VERDICTS, type Verdict } from "../../src/domain/charter/trigger.ts";
import { acknowledge, reassign, reportOutcome, withdraw } from "../../src/domain/escalation/attend.ts";
import { authorize, type Verb } from "../../src/domain/escalation/authorize.ts";
import { decide } from "../../src/domain/escalation/decide.ts";
import { digestAtStake, type Escalation } from "../../src/domain/escalation/escalation.ts";
import type { AbsenceId, EscalationId, HoldId, PersonId } from "../../src/domain/ids.ts";
import { lapse, pause, resume } from "../../src/domain/pause.ts";
import { type Actor, named } from "../../src/domain/people.ts";
import { DAY, HOUR } from "../../src/domain/time/time.ts";
import { save, there, type World } from "./escalation-world.ts";
import { actor, changed, facts, newId, open, people } from "./scene.ts";

/** Who may approve, said once more without the code under test. */
function mayApprove(world: World, escalation: Escalation, who: Actor): boolean {
  const { owner, deputies, approvers, escalate_to } = world.agent.charter.ownership;
  const id = who.person?.id;
  if (!id || who.standing !== "member" || escalation.request.requested_by === id) return false;
  const asked =
    escalation.asked.includes(id) && (escalate_to.includes(id) || escalation.reassigned.includes(id));
  // A deputy with dates: whatever they were asked in the place of somebody, and all of these people may decide.
  if (escalation.standIns.some(({ person }) => person === id)) return true;
  return id === owner || deputies.includes(id) || approvers.includes(id) || asked;
}

const active = (world: World, id: HoldId | null) => {
  const hold = id ? world.holds.get(id) : undefined;
  return hold && hold.releasedAt === null && hold.escalation !== null ? hold : null;
};
const may = (world: World, who: Actor, verb: Verb, escalation?: Escalation) =>
  authorize(who, verb, { charter: world.agent.charter, people, ...(escalation ? { escalation } : {}) }) ===
  null;

/** What a step of the history does to the escalation it happens to hit; nothing where there is none yet. */
export type Doing = (world: World, escalation: Escalation) => void;

function decides(who: Actor, verdict: Verdict, percent: number, keepHeld: boolean, blind: boolean): Doing {
  return (world, before) => {
    if (!may(world, who, verdict, before)) return;
    if (verdict === "approve" || verdict === "edit") expect(mayApprove(world, before, who)).toBe(true);
    const pressed = {
      ...{ verdict, actor: who, now: world.now, reason: "because", response: "do this" },
      ...{ args: { percent }, keepHeld, seen: blind ? before.actionDigest : digestAtStake(before) },
    };
    const step = decide(before, pressed, facts(active(world, before.hold)));
    if (!step.ok) return;
    expect(before.status).toBe("open");
    expect(save(world, step.value, "decide")).toBe("saved");
    // The same click again: one that read what this one read is a conflict, one that reads anew is told that it is settled.
    expect(save(world, step.value, "decide")).toBe("conflict");
    const now = changed(step.value);
    if (now.status === "decided") expect(decide(now, pressed, facts(null)).ok).toBe(false);
  };
}

const wakes: Doing = (world, before) => {
  const step = advance(before, { ...there(world), agent: world.agent, card: "shown", newId });
  if (!step) return;
  expect(save(world, step, "time")).toBe("saved");
  expect(save(world, step, "time")).toBe("conflict");
};

const skips: Doing = (world, before) => {
  const step = skipUnreachable(before, there(world));
  if (step) save(world, step, "time");
};

function attends(who: Actor, to: string): Doing {
  return (world, before) => {
    const person = people.find(to);
    const verb = person ? "reassign" : "acknowledge";
    if (!may(world, who, verb, before)) return;
    const step = person ? reassign(before, who, person, world.now) : acknowledge(before, who, world.now);
    if (step.ok) save(world, step.value, "attend");
  };
}

const withdraws: Doing = (world, before) => {
  const told = {
    agent: world.agent,
    hold: active(world, before.hold),
    card: "shown",
    newId,
    now: world.now,
  } as const;
  const step = withdraw(before, "no need", told);
  if (step.ok) save(world, step.value, "withdraw");
};

const reports: Doing = (world, before) => {
  const step = reportOutcome(before, { executed: true, at: world.now });
  if (step.ok) save(world, step.value, "report");
};

/** Goes away for a while, or says that they are back; what waits is handed over as far as anybody is there. */
function goesAway(who: string, deputy: string, ms: number | null): Doing {
  return (world, hit) => {
    const by = actor(who);
    const standing = [...world.absences.values()].filter((one) => one.endedAt === null);
    const mine = standing.filter(({ person }) => person === who);
    if (ms === null) {
      if (mine.length > 0) save(world, endAbsences(mine, by, world.now), "absence");
      return;
    }
    const said = {
      ...{
        id: `abs_${world.absences.size}` as AbsenceId,
        person: who as PersonId,
        deputy: deputy as PersonId,
      },
      ...{ from: world.now, until: world.now + ms },
    };
    save(world, declareAbsence(said, { by, standing, now: world.now }).step, "absence");
    const step = handOver(hit, there(world));
    if (!step) return;
    const after = changed(step);
    expect(after.asked).toEqual(expect.arrayContaining([...hit.asked]));
    save(world, step, "time");
    // Once is enough: nobody is handed over twice for the same absence.
    expect(handOver(after, there(world))).toBeUndefined();
  };
}

function pauses(who: Actor, until: number | null): Doing {
  return (world) => {
    if (!may(world, who, "pause")) return;
    const id = `hold_p${world.holds.size}` as HoldId;
    const by = { by: named(who), actor: { kind: "person", ...named(who) } } as const;
    const end = until === null ? null : world.now + until;
    save(
      world,
      pause({
        id,
        agent: world.agent.id,
        agents: [world.agent],
        scope: { kind: "agent" },
        ...by,
        reason: "odd",
        until: end,
        now: world.now,
        newId,
      }).step,
      "pause",
    );
  };
}

function resumes(who: Actor): Doing {
  return (world) => {
    if (!may(world, who, "resume")) return;
    const settled = [...world.holds.values()].filter(
      (hold) =>
        hold.releasedAt === null &&
        (!hold.escalation || world.escalations.get(hold.escalation)?.status !== "open"),
    );
    if (settled.length === 0) return;
    const by = { by: named(who), actor: { kind: "person", ...named(who) } } as const;
    save(world, resume(settled, { agents: [world.agent], ...by, now: world.now, newId }), "resume");
  };
}

const lapses: Doing = (world) => {
  for (const hold of world.holds.values()) {
    const step = lapse(hold, { agents: [world.agent], now: world.now, newId });
    if (step) save(world, step, "lapse");
  }
};

/** Opens one more, and sees that nobody to ask means an alarm at once (I19). */
export function opens(world: World, more: Record<string, unknown>): void {
  const n = world.escalations.size;
  const named = {
    id: `esc_${n}` as EscalationId,
    holdId: `hold_${n}` as HoldId,
    agent: world.agent,
    now: world.now,
    absences: [...world.absences.values()],
  };
  const opened = open(more, named);
  expect(save(world, opened.step, "open")).toBe("saved");
  const known = people.find(world.agent.charter.ownership.owner) !== undefined;
  expect(opened.step.audit.some(({ kind }) => kind === "operator.alarmed")).toBe(!known);
}

const someone: fc.Arbitrary<Actor> = fc
  .tuple(
    fc.constantFrom("sarah", "sarah", "james", "nina", "cmo", "milo", "ada", "otto", "newcomer"),
    fc.constantFrom("member", "member", "member", "member", "guest", "deactivated", "bot"),
  )
  .map(([id, standing]) => actor(id, { standing }));

/** Something that somebody does, or that time does, in words for the report of a failure. */
export const doing: fc.Arbitrary<[string, Doing]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(someone, fc.constantFrom(...VERDICTS), fc.nat(2), fc.boolean(), fc.boolean())
      .map(([who, verdict, percent, keep, blind]): [string, Doing] => [
        `${who.name} ${verdict}s`,
        decides(who, verdict, percent, keep, blind),
      ]),
  },
  { weight: 6, arbitrary: fc.constant<[string, Doing]>(["its timer fires", wakes]) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(someone, fc.constantFrom("", "milo", "cmo", "otto"))
      .map(([who, to]): [string, Doing] => [`${who.name} attends`, attends(who, to)]),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<[string, Doing]>(
      ["it is withdrawn", withdraws],
      ["its outcome is told", reports],
      ["its stage is skipped", skips],
      ["pauses lapse", lapses],
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("sarah", "james", "cmo", "milo"),
        fc.constantFrom("sarah", "james", "cmo", "milo", "nina", "ghost"),
        fc.option(fc.constantFrom(HOUR, 2 * DAY)),
      )
      .filter(([who, deputy]) => who !== deputy)
      .map(([who, deputy, ms]): [string, Doing] => [
        `${who} is out, ${deputy} stands in`,
        goesAway(who, deputy, ms),
      ]),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(someone, fc.option(fc.constantFrom(HOUR, DAY)))
      .map(([who, until]): [string, Doing] => [`${who.name} pauses`, pauses(who, until)]),
  },
  { weight: 2, arbitrary: someone.map((who): [string, Doing] => [`${who.name} resumes`, resumes(who)]) },
);
