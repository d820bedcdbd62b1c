/** Sees to it that an escalation stands wherever it should: names the copies, and has each one drawn by a job of its own. */
import { presentStage, skipUnreachable } from "../domain/chain/advance.ts";
import { type Copy, type CopyState, newCopy } from "../domain/delivery/copy.ts";
import { queueNudge } from "../domain/delivery/crowd.ts";
import {
  copyKey,
  stageIsReachable,
  staysAsItIs,
  type Wanted,
  wantedCopies,
} from "../domain/delivery/reach.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import { CONSOLE } from "../domain/escalation/first-copies.ts";
import type { CopyId, EscalationId } from "../domain/ids.ts";
import { due } from "../domain/job.ts";
import { type Context, newCopyId, whoIsThere } from "./context.ts";

export type PublishCards = (id: EscalationId) => Promise<void>;

/** One slow or broken destination delays no other, because each copy is a job. */
export function publishCards(context: Context): PublishCards {
  const { store, people, platforms } = context;
  return async function publish(id) {
    if (platforms.length === 0) return;
    const escalation = await store.escalations.find(id);
    if (!escalation) return;
    const copies = await store.copies.of(id);
    if (escalation.status === "open" && !stageIsReachable(escalation, copies, people, platforms)) {
      await passOver(context, escalation, copies);
    }
    const there = new Set(copies.map(copyKey));
    const wanted = wantedCopies(escalation, copies, people, platforms).filter(
      (one) => !there.has(copyKey(one)),
    );
    const now = context.clock.now();
    const nudges = await newNudges(context, wanted, { copies, escalation, now });
    const missing = wanted
      .filter((one) => queueAt(one, copies) === null)
      .map((one) => copyOf(context, escalation, one, "wanted"));
    const drawn = [
      ...[...copies, ...missing].filter((copy) => mayChange(copy, escalation)).map(messageOf),
      ...nudges.map(({ id }) => id),
    ];
    if (drawn.length === 0) return;
    const saved = await store.save({
      copies: [...missing, ...nudges],
      copiesSeen: nudges.map((nudge) => ({ id: nudge.id, state: null })),
      jobs: [...new Set(drawn)].map((copy) => due("draw", copy, now)),
      audit: [],
    });
    // Another row of the same queue card had the reminder made in the meantime.
    if (saved === "conflict") await publish(id);
  };
}

/** The copy that stands as a message: a row's is the queue card. */
function messageOf(copy: Copy): CopyId {
  return copy.part === "card" ? (copy.queue ?? copy.id) : copy.id;
}

/** Reminders of requests that are rows of a queue card: one for all of them, whoever's falls due first. */
async function newNudges(
  { store }: Context,
  wanted: readonly Wanted[],
  {
    copies,
    escalation,
    now,
  }: { readonly copies: readonly Copy[]; readonly escalation: Escalation; readonly now: number },
): Promise<readonly Copy[]> {
  const { within } = presentStage(escalation);
  const made = wanted.flatMap(({ part, address }) => {
    const queue = queueAt({ part, address }, copies);
    if (queue === null) return [];
    return [newCopy({ id: queueNudge(queue, part, within), part, address, queue, createdAt: now })];
  });
  const known = await Promise.all(made.map(({ id }) => store.copies.find(id)));
  return made.filter((_, at) => known[at] === undefined);
}

/** The queue card on which the request of a reminder stands at this address; null where it has a card of its own. */
function queueAt({ part, address }: Wanted, copies: readonly Copy[]): CopyId | null {
  if (!part.startsWith("nudge.")) return null;
  const key = copyKey({ part: "card", address });
  return copies.find((copy) => copyKey(copy) === key)?.queue ?? null;
}

/** A reminder says how long somebody has waited: once shown it stays as it is, until there is nothing left to do. */
function mayChange(copy: Copy, escalation: Escalation): boolean {
  if (copy.state === "undeliverable" || copy.state === "stale") return false;
  return !staysAsItIs(copy, escalation);
}

/** Nobody of the present stage can be reached: the next one is asked at once, and the operator is told. */
async function passOver(context: Context, escalation: Escalation, copies: readonly Copy[]): Promise<void> {
  const step = skipUnreachable(escalation, await whoIsThere(context));
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
