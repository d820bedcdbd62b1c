/** A store in a few lines: folds steps as the real one does, and checks with every step what must hold of any history. */
import { expect } from "vitest";
import type { Agent } from "../../src/domain/agent.ts";
import type { AuditLine } from "../../src/domain/audit.ts";
import { type Absence, coverAt } from "../../src/domain/chain/absence.ts";
import { REMINDERS, ROUNDS_POSTED } from "../../src/domain/chain/chain.ts";
import { copyKey, wantedCopies } from "../../src/domain/delivery/reach.ts";
import { actionDigest } from "../../src/domain/escalation/action-digest.ts";
import { argsAtStake, digestAtStake, type Escalation } from "../../src/domain/escalation/escalation.ts";
import type { Hold } from "../../src/domain/hold.ts";
import type { HoldChange, Step } from "../../src/domain/step.ts";
import { NOW, people, sha256 } from "./scene.ts";

/** What caused a step: the kind of thing somebody or something did. */
export type Cause =
  | "open"
  | "decide"
  | "time"
  | "absence"
  | "attend"
  | "withdraw"
  | "report"
  | "pause"
  | "resume"
  | "lapse";

export interface World {
  now: number;
  readonly agent: Agent;
  readonly escalations: Map<string, Escalation>;
  readonly holds: Map<string, Hold>;
  readonly jobs: Map<string, number>;
  readonly audit: AuditLine[];
  readonly absences: Map<string, Absence>;
  /** What was ever posted for each escalation, by what it is and where. */
  readonly posted: Map<string, Set<string>>;
}

const PLATFORMS = ["slack", "chat"];

/** Who can be asked at this moment of the history. */
export function there(world: World) {
  return { cover: coverAt([...world.absences.values()], people, world.now), now: world.now };
}

export function newWorld(agent: Agent): World {
  return {
    ...{ now: NOW, agent, escalations: new Map(), holds: new Map(), jobs: new Map(), audit: [] },
    ...{ absences: new Map(), posted: new Map() },
  };
}

/** Writes a step whole or not at all, and checks what every step must keep. */
export function save(world: World, step: Step, cause: Cause): "saved" | "conflict" {
  const change = step.escalation;
  const before = change && world.escalations.get(change.after.id);
  if (change && (before?.revision ?? 0) !== change.before) return "conflict";

  checkAudit(step);
  if (change) {
    checkTransition(before, change.after, cause);
    world.escalations.set(change.after.id, change.after);
  }
  for (const one of step.holds ?? []) {
    checkHoldChange(world, one, cause);
    world.holds.set(one.hold.id, holdAfter(one));
  }
  for (const absence of step.absences ?? []) world.absences.set(absence.id, absence);
  for (const key of step.cancelled ?? []) world.jobs.delete(key);
  for (const job of step.jobs ?? []) world.jobs.set(job.key, job.at);
  world.audit.push(...step.audit);
  checkStanding(world);
  return "saved";
}

function holdAfter(change: HoldChange): Hold {
  switch (change.change) {
    case "place":
      return change.hold;
    case "release":
      return { ...change.hold, releasedAt: change.at, releasedBy: change.by };
    case "keep":
      return { ...change.hold, escalation: null };
    case "confirm":
      return { ...change.hold, confirmedAt: change.at };
  }
}

/** I12: every change of state has exactly one line, in the same step. */
function checkAudit(step: Step): void {
  const lines = (prefix: string) => step.audit.filter(({ kind }) => kind.startsWith(prefix)).length;
  expect(step.audit.length).toBeGreaterThan(0);
  expect(lines("escalation.")).toBe(step.escalation ? 1 : 0);
  expect(lines("hold.")).toBe(step.holds?.length ?? 0);
  // What is declared may replace what was said of the same time before, which is told in its line.
  expect(lines("absence.")).toBeLessThanOrEqual(step.absences?.length ?? 0);
}

function checkTransition(before: Escalation | undefined, after: Escalation, cause: Cause): void {
  expect(after.revision).toBe((before?.revision ?? 0) + 1);
  // What the agent asked for, and the chain it opened with, never change.
  if (before)
    expect([after.request, after.chain, after.actionDigest]).toEqual([
      before.request,
      before.chain,
      before.actionDigest,
    ]);
  // I5: no way leads out of an end; I2: a decision that was made stays as it was made.
  if (before && before.status !== "open") {
    expect([after.status, after.decision, after.settledAt]).toEqual([
      before.status,
      before.decision,
      before.settledAt,
    ]);
  }
  const causes = { open: [], decided: ["decide"], expired: ["time"], withdrawn: ["withdraw"] } as const;
  if (before?.status === "open" && after.status !== "open") expect(causes[after.status]).toContain(cause);
  // I10: silence is not consent.
  expect(after.decision !== null).toBe(after.status === "decided");
  if (after.status === "decided") checkDecision(after);
}

/** I1: what an approval releases is what every one of the people it needed approved. */
function checkDecision(after: Escalation): void {
  const { decision, request, approvals } = after;
  if (decision?.verdict !== "approve" && decision?.verdict !== "edit") {
    expect(decision?.args).toBeUndefined();
    return;
  }
  const by = approvals.map((approval) => approval.by.id);
  expect(new Set(by).size).toBe(after.approvalsNeeded);
  expect(by).toContain(decision.by.id);
  expect(by).not.toContain(request.requested_by);
  for (const { digest } of approvals) expect(digest).toBe(decision.actionDigest);
  const { action } = request;
  expect(decision.actionDigest).toBe(
    action && decision.args ? actionDigest({ name: action.name, args: decision.args }, sha256) : null,
  );
}

/** I1 and I11: who and what may lift which hold. */
function checkHoldChange(world: World, change: HoldChange, cause: Cause): void {
  if (change.change !== "release" && change.change !== "keep") return;
  const hold = world.holds.get(change.hold.id);
  expect(hold?.releasedAt).toBeNull();
  // A pause, and a hold that was kept, end only by a person's resume or at the end a person named.
  const behind = hold?.escalation ? world.escalations.get(hold.escalation) : undefined;
  if (!behind) expect(["resume", "lapse"]).toContain(cause);
  else {
    expect(["decide", "withdraw", "resume"]).toContain(cause);
    expect(behind.status).not.toBe("open");
  }
}

/** I18: however long nobody acts, and whoever comes and goes, no address hears more than so much of one escalation. */
function checkNoise(world: World, escalation: Escalation): void {
  const posted = world.posted.get(escalation.id) ?? new Set();
  world.posted.set(escalation.id, posted);
  for (const wanted of wantedCopies(escalation, [], people, PLATFORMS)) posted.add(copyKey(wanted));
  const byAddress = Map.groupBy(posted, (key) => key.slice(key.indexOf(" ")));
  const most = escalation.chain.stages.length * (1 + REMINDERS.length) + ROUNDS_POSTED;
  for (const [address, heard] of byAddress) expect(heard.length, address).toBeLessThanOrEqual(most);
}

function checkStanding(world: World): void {
  for (const escalation of world.escalations.values()) {
    const { id, status, stage, chain, reminders, rounds } = escalation;
    const wake = world.jobs.get(`advance:${id}`);
    // I4: an open escalation always has one next look, no later than its deadline; a settled one has none.
    if (status === "open") expect(wake).toBeLessThanOrEqual(escalation.dueAt);
    else expect(wake).toBeUndefined();
    checkNoise(world, escalation);
    expect(reminders).toBeLessThanOrEqual(2);
    if (rounds > 0) expect(stage).toBe(chain.stages.length - 1);
    expect(chain.stages[stage]).toBeDefined();
    expect(new Set(escalation.asked).size).toBe(escalation.asked.length);
    // The arguments at stake and their digest are always of one piece.
    const { action } = escalation.request;
    const args = argsAtStake(escalation);
    if (action && args)
      expect(digestAtStake(escalation)).toBe(actionDigest({ name: action.name, args }, sha256));
  }
  // I10: no line of the trail has a decision by anybody but a person, or an expiry by one.
  for (const { kind, actor } of world.audit.slice(-3)) {
    if (kind === "escalation.decided" || kind === "escalation.approval_counted")
      expect(actor.kind).toBe("person");
    if (kind === "escalation.expired") expect(actor.kind).toBe("system");
  }
}
