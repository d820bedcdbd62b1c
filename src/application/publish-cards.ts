/** Sees to it that an escalation stands wherever it should: names the copies, and has each one drawn by a job of its own. */
import { skipUnreachable } from "../domain/advance.ts";
import { type Copy, type CopyState, newCopy } from "../domain/copy.ts";
import type { Escalation } from "../domain/escalation.ts";
import { CONSOLE } from "../domain/first-copies.ts";
import type { EscalationId } from "../domain/ids.ts";
import { due } from "../domain/job.ts";
import { copyKey, stageIsReachable, type Wanted, wantedCopies } from "../domain/reach.ts";
import { type Context, newCopyId } from "./context.ts";

export type PublishCards = (id: EscalationId) => Promise<void>;

/** One slow or broken destination delays no other, because each copy is a job. */
export function publishCards(context: Context): PublishCards {
  const { store, people, platforms } = context;
  return async (id) => {
    const escalation = await store.escalations.find(id);
    if (!escalation) return;
    const copies = await store.copies.of(id);
    if (platforms.length === 0) return;
    if (escalation.status === "open" && !stageIsReachable(escalation, copies, people, platforms)) {
      await passOver(context, escalation, copies);
    }
    const there = new Set(copies.map(copyKey));
    const missing = wantedCopies(escalation, copies, people, platforms)
      .filter((wanted) => !there.has(copyKey(wanted)))
      .map((wanted) => copyOf(context, escalation, wanted, "wanted"));
    const drawn = [...copies, ...missing].filter((copy) => mayChange(copy, escalation));
    if (drawn.length === 0) return;
    const now = context.clock.now();
    await store.save({ copies: missing, jobs: drawn.map((copy) => due("draw", copy.id, now)), audit: [] });
  };
}

/** A reminder says how long somebody has waited: once shown it stays as it is, until there is nothing left to do. */
function mayChange(copy: Copy, { status }: Escalation): boolean {
  if (copy.state === "undeliverable" || copy.state === "stale") return false;
  return !(copy.part.startsWith("nudge.") && copy.ref && status === "open");
}

/** Nobody of the present stage can be reached: the next one is asked at once, and the operator is told. */
async function passOver(context: Context, escalation: Escalation, copies: readonly Copy[]): Promise<void> {
  const step = skipUnreachable(escalation, context.clock.now());
  const facts = { agent: escalation.agent, escalation: escalation.id, stage: escalation.stage };
  if (step) {
    await context.store.save(step);
    context.log.warn(facts, "nobody of this stage can be reached in chat; the next stage is asked");
  } else {
    context.log.error(
      facts,
      "nobody in the chain can be reached in chat; decide in the console, and run `holdpoint doctor`",
    );
    if (copies.length > 0) return;
    const copy = copyOf(context, escalation, { part: "card", address: CONSOLE }, "undeliverable");
    await context.store.save({
      copies: [{ ...copy, error: "nobody in the chain has an account on a chat platform that is on" }],
      audit: [],
    });
  }
}

function copyOf(context: Context, escalation: Escalation, wanted: Wanted, state: CopyState): Copy {
  return newCopy({
    ...wanted,
    id: newCopyId(context),
    escalation: escalation.id,
    state,
    createdAt: context.clock.now(),
  });
}
