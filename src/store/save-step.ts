/** Writes a step: first everything it was based on is checked, then everything it says is written. */
import type { Step } from "../domain/step.ts";
import type { agentsIn } from "./agents.ts";
import type { answersIn } from "./answers.ts";
import type { auditTrailIn, Seal } from "./audit-trail.ts";
import type { callbacksIn } from "./callbacks.ts";
import type { copiesIn } from "./copies.ts";
import type { escalationsIn } from "./escalations.ts";
import type { holdsIn } from "./holds.ts";
import type { jobsIn } from "./jobs.ts";
import type { keysIn } from "./keys.ts";
import { arrived, type Script } from "./script.ts";
import type { talliesIn } from "./tallies.ts";

export interface Parts {
  readonly escalations: ReturnType<typeof escalationsIn>;
  readonly agents: ReturnType<typeof agentsIn>;
  readonly keys: ReturnType<typeof keysIn>;
  readonly holds: ReturnType<typeof holdsIn>;
  readonly copies: ReturnType<typeof copiesIn>;
  readonly callbacks: ReturnType<typeof callbacksIn>;
  readonly jobs: ReturnType<typeof jobsIn>;
  readonly answers: ReturnType<typeof answersIn>;
  readonly tallies: ReturnType<typeof talliesIn>;
  readonly audit: ReturnType<typeof auditTrailIn>;
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
  const outdated = yield* asksWhetherOutdated(parts, step);
  const end = step.audit.length > 0 ? yield* parts.audit.end() : undefined;
  yield* arrived();
  if (outdated.some((is) => is())) return { answer: "conflict" };

  if (step.agent) yield* parts.agents.write(step.agent);
  for (const key of step.keys ?? []) yield* parts.keys.write(key);
  if (step.escalation) yield* parts.escalations.write(step.escalation);
  const versions: (() => number | undefined)[] = [];
  for (const change of step.holds ?? []) versions.push(yield* parts.holds.write(change));
  for (const copy of step.copies ?? []) yield* parts.copies.write(copy);
  for (const callback of step.callbacks ?? []) yield* parts.callbacks.write(callback);
  // What a step puts, it wants: so its own cancellations come before.
  for (const key of step.cancelled ?? []) yield* parts.jobs.cancel(key);
  for (const due of step.jobs ?? []) yield* parts.jobs.write(due);
  for (const tally of step.tallies ?? []) yield* parts.tallies.write(tally);
  if (step.answer) yield* parts.answers.write(step.answer);
  const seal = end && (yield* parts.audit.write(end(), step.audit));
  return { answer: "saved", seal, versions };
}

/** How to find out afterwards whether a step was saved; undefined when it left nothing that only it can have written. */
export function proofOf(parts: Parts, step: Step, saved: Saved): (() => Script<boolean>) | undefined {
  if (saved.answer !== "saved") return undefined;
  const { seal } = saved;
  if (seal) return () => parts.audit.has(seal);
  const { answer } = step;
  return answer && (() => parts.answers.has(answer));
}

/** Asks whether anything the step was based on has changed since it was read. */
function* asksWhetherOutdated(parts: Parts, step: Step): Script<readonly (() => boolean)[]> {
  const asked: (() => boolean)[] = [];
  if (step.escalation) asked.push(yield* parts.escalations.changed(step.escalation));
  if (step.agent) asked.push(yield* parts.agents.changed(step.agent));
  if (step.answer) asked.push(yield* parts.answers.taken(step.answer));
  for (const change of step.holds ?? []) asked.push(yield* parts.holds.changed(change));
  return asked;
}
