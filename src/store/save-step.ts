/** Writes a step: first everything it was based on is checked, then everything it says is written. */
import type { Step } from "../domain/step.ts";
import type { agentsIn } from "./agents.ts";
import type { answersIn } from "./answers.ts";
import type { auditTrailIn } from "./audit-trail.ts";
import type { callbacksIn } from "./callbacks.ts";
import type { copiesIn } from "./copies.ts";
import type { escalationsIn } from "./escalations.ts";
import type { holdsIn } from "./holds.ts";
import type { jobsIn } from "./jobs.ts";
import type { keysIn } from "./keys.ts";
import type { Script } from "./script.ts";
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

/** The step whole, or nothing of it. Writers take turns, so what was checked is still true when it is written. */
export function* saveStep(parts: Parts, step: Step): Script<"saved" | "conflict"> {
  if (yield* isOutdated(parts, step)) return "conflict";

  if (step.agent) yield* parts.agents.write(step.agent);
  for (const key of step.keys ?? []) yield* parts.keys.write(key);
  if (step.escalation) yield* parts.escalations.write(step.escalation);
  for (const change of step.holds ?? []) yield* parts.holds.write(change);
  for (const copy of step.copies ?? []) yield* parts.copies.write(copy);
  for (const callback of step.callbacks ?? []) yield* parts.callbacks.write(callback);
  // What a step puts, it wants: so its own cancellations come before.
  for (const key of step.cancelled ?? []) yield* parts.jobs.cancel(key);
  for (const due of step.jobs ?? []) yield* parts.jobs.write(due);
  for (const tally of step.tallies ?? []) yield* parts.tallies.write(tally);
  if (step.answer) yield* parts.answers.write(step.answer);
  yield* parts.audit.write(step.audit);
  return "saved";
}

/** Whether anything the step was based on has changed since it was read. */
function* isOutdated(parts: Parts, step: Step): Script<boolean> {
  if (step.escalation && (yield* parts.escalations.changed(step.escalation))) return true;
  if (step.agent && (yield* parts.agents.changed(step.agent))) return true;
  if (step.answer && (yield* parts.answers.taken(step.answer))) return true;
  for (const change of step.holds ?? []) if (yield* parts.holds.changed(change)) return true;
  return false;
}
