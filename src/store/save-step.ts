/** Writes a step: first everything it was based on is checked, then everything it says is written. */
import type { Step } from "../domain/step.ts";
import type { absencesIn } from "./absences.ts";
import type { agentsIn } from "./agents.ts";
import type { answersIn } from "./answers.ts";
import type { Seal, sealingIn } from "./audit-trail.ts";
import type { callbacksIn } from "./callbacks.ts";
import type { copiesIn } from "./copies.ts";
import type { dailyCountsIn } from "./daily-counts.ts";
import type { digestsIn } from "./digests.ts";
import type { escalationsIn } from "./escalations.ts";
import type { holdsIn } from "./holds.ts";
import type { inspectionsIn } from "./inspections.ts";
import type { jobsIn } from "./jobs.ts";
import type { keysIn } from "./keys.ts";
import { arrived, type Script } from "./script.ts";
import type { talliesIn } from "./tallies.ts";

export interface Parts {
  readonly escalations: ReturnType<typeof escalationsIn>;
  readonly agents: ReturnType<typeof agentsIn>;
  readonly keys: ReturnType<typeof keysIn>;
  readonly holds: ReturnType<typeof holdsIn>;
  readonly absences: ReturnType<typeof absencesIn>;
  readonly copies: ReturnType<typeof copiesIn>;
  readonly callbacks: ReturnType<typeof callbacksIn>;
  readonly jobs: ReturnType<typeof jobsIn>;
  readonly answers: ReturnType<typeof answersIn>;
  readonly tallies: ReturnType<typeof talliesIn>;
  readonly counts: ReturnType<typeof dailyCountsIn>;
  readonly digests: ReturnType<typeof digestsIn>;
  readonly inspections: ReturnType<typeof inspectionsIn>;
  readonly sealing: ReturnType<typeof sealingIn>;
}

export type Saved =
  | { readonly answer: "conflict" }
  | {
      readonly answer: "saved";
      /** Where the audit trail ended with it; undefined when it wrote no line. */
      readonly seal: Seal | undefined;
      /** After the commit: the version that each of the step's hold changes made, in order. */
      readonly versions: readonly (() => number | undefined)[];
    };

/** The step whole, or nothing of it. Writers take turns, so what was checked is still true when it is written. */
export function* saveStep(parts: Parts, step: Step): Script<Saved> {
  const { escalation } = step;
  const standing = escalation && (yield* parts.escalations.standing(escalation));
  const outdated = yield* asksWhetherOutdated(parts, step);
  if (step.audit.length > 0) yield* parts.sealing.readEnd();
  yield* arrived();
  if (standing?.isOutdated() || outdated.some((is) => is())) return { answer: "conflict" };

  if (step.agent) yield* parts.agents.write(step.agent);
  for (const key of step.keys ?? []) yield* parts.keys.write(key);
  if (escalation && standing) yield* parts.escalations.write(escalation, standing.isOpen());
  const versions: (() => number | undefined)[] = [];
  for (const change of step.holds ?? []) versions.push(yield* parts.holds.write(change));
  for (const absence of step.absences ?? []) yield* parts.absences.write(absence);
  if (step.digest) yield* parts.digests.write(step.digest);
  if (step.inspection) yield* parts.inspections.write(step.inspection);
  for (const copy of step.copies ?? []) yield* parts.copies.write(copy);
  for (const callback of step.callbacks ?? []) yield* parts.callbacks.write(callback);
  // What a step puts, it wants: so its own cancellations come before.
  for (const key of step.cancelled ?? []) yield* parts.jobs.cancel(key);
  for (const due of step.jobs ?? []) yield* parts.jobs.write(due);
  for (const tally of step.tallies ?? []) yield* parts.tallies.write(tally);
  for (const count of step.counts ?? []) yield* parts.counts.write(count);
  if (step.answer) yield* parts.answers.write(step.answer);
  const seal = step.audit.length > 0 ? yield* parts.sealing.append(step.audit) : undefined;
  return { answer: "saved", seal, versions };
}

/**
 * Whether an agent begins something with it: an escalation of its own, or a signal that is counted. Nobody waits for that
 * yet, so it can wait for what people do and for what is under way.
 */
export function isNewWork({ escalation, tallies, answer }: Step): boolean {
  if (escalation) return escalation.before === 0 && escalation.after.raisedBy === null;
  return answer !== undefined || (tallies?.length ?? 0) > 0;
}

/** What it is decided by and what it changes, so that steps with nothing in common can be saved side by side. */
export function touchedBy(step: Step): readonly string[] {
  return [
    ...(step.escalation ? [step.escalation.after.id] : []),
    ...(step.agent ? [step.agent.after.id] : []),
    ...(step.keys ?? []).map(({ id }) => id),
    ...(step.holds ?? []).map(({ hold }) => hold.id),
    ...(step.absences ?? []).map(({ id }) => id),
    ...[...(step.copies ?? []), ...(step.copiesSeen ?? [])].map(({ id }) => id),
    ...(step.callbacks ?? []).map(({ id }) => id),
    ...[...(step.jobs ?? []), ...(step.run ? [step.run] : [])].map(({ key }) => key),
    ...(step.cancelled ?? []),
    ...(step.answer ? [`${step.answer.scope} ${step.answer.key}`] : []),
    ...(step.digest ? [`${step.digest.schedule} ${step.digest.date}`] : []),
    ...(step.inspection ? [`${step.inspection.digest} ${step.inspection.agent}`] : []),
  ];
}

/** How to find out afterwards whether a step was saved; undefined when it left nothing that only it can have written. */
export function proofOf(parts: Parts, step: Step, saved: Saved): (() => Script<boolean>) | undefined {
  if (saved.answer !== "saved") return undefined;
  const { seal } = saved;
  if (seal) return () => parts.sealing.has(seal);
  const { answer } = step;
  return answer && (() => parts.answers.has(answer));
}

/** Asks whether anything else that the step was based on has changed since it was read. */
function* asksWhetherOutdated(parts: Parts, step: Step): Script<readonly (() => boolean)[]> {
  const asked: (() => boolean)[] = [];
  if (step.agent) asked.push(yield* parts.agents.changed(step.agent));
  if (step.answer) asked.push(yield* parts.answers.taken(step.answer));
  if (step.digest) asked.push(yield* parts.digests.taken(step.digest));
  if (step.inspection) asked.push(yield* parts.inspections.taken(step.inspection));
  if (step.run) asked.push(yield* parts.jobs.overtaken(step.run));
  for (const change of step.holds ?? []) asked.push(yield* parts.holds.changed(change));
  for (const seen of step.copiesSeen ?? []) asked.push(yield* parts.copies.changed(seen));
  return asked;
}
