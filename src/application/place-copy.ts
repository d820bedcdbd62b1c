/** Decides whether a card that is to be posted stands alone, joins a card that is there, waits, or begins a queue card. */
import { postedFrom } from "../domain/chain/chain.ts";
import type { Severity } from "../domain/charter/severity.ts";
import { type Copy, newCopy } from "../domain/delivery/copy.ts";
import {
  APART,
  CROWD,
  FEW,
  isJoinable,
  LONGEST_JOIN,
  MOST_ROWS,
  nextDrawing,
} from "../domain/delivery/crowd.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import { due } from "../domain/job.ts";
import type { Step } from "../domain/step.ts";
import { MINUTE } from "../domain/time/time.ts";
import { type Context, newCopyId } from "./context.ts";

/** `alone`: it is posted now. `placed`: it needs no post of its own, as a row of a queue card does not. `wait`: come back then. */
export type Placed =
  | { readonly kind: "alone" }
  | { readonly kind: "placed" }
  | { readonly kind: "wait"; readonly until: number };

export type PlaceCopy = (copy: Copy) => Promise<Placed>;

/** A critical request that can't be posted for so long has another trouble than its turn: others no longer give way to it. */
const GIVES_WAY_FOR = 1 * MINUTE;

/**
 * A lone request is posted at once. What comes while an address is busy is merged: nothing waits for a timer, and nobody
 * posts twice, because a copy that somebody else has taken meanwhile makes the step a conflict.
 */
export function placeCopy(context: Context): PlaceCopy {
  const { store, clock } = context;

  return async (copy) => {
    const now = clock.now();
    const escalation = copy.escalation ? await store.escalations.find(copy.escalation) : undefined;
    const from = escalation ? postedFrom(escalation.chain, now) : now;
    // What is settled before the quiet hours end is not posted at all: there is nothing left to wake anybody for.
    if (from > now) return escalation?.status === "open" ? { kind: "wait", until: from } : { kind: "placed" };
    if (copy.part !== "card" && copy.part !== "queue") return { kind: "alone" };
    if (escalation?.severity === "critical") return { kind: "alone" };
    // Asked before which queue cards there are: of two who begin one at the same moment, each then sees the other's copies or card.
    const waiting = await store.copies.waitingAt(copy.address, MOST_ROWS);
    const first = waiting.some(
      (one) => one.severity === "critical" && one.copy.createdAt > now - GIVES_WAY_FOR,
    );
    if (first) return { kind: "wait", until: now + APART };
    if (!escalation) return { kind: "alone" };
    return (await beside(copy, escalation, now)) ?? inCrowd(copy, escalation, waiting, now);
  };

  /** On the card of an open request like it: same agent, same trigger, same group. */
  async function beside(copy: Copy, escalation: Escalation, now: number): Promise<Placed | undefined> {
    const { request, severity } = escalation;
    if (request.group === undefined) return undefined;
    const like = { ...escalation, group: request.group };
    const there = await store.copies.alikeAt(copy.address, like, now - LONGEST_JOIN);
    if (!there) return undefined;
    const queue = there.queue === null ? undefined : await store.copies.find(there.queue);
    if (queue) return (await hasRoom(queue, severity, now)) ? join(copy, queue, now) : undefined;
    const stands = there.state === "shown" && there.ref !== null && isJoinable(there, severity, now);
    return stands ? saved(begunInPlace(copy, there, now)) : undefined;
  }

  async function inCrowd(
    copy: Copy,
    escalation: Escalation,
    waiting: Awaited<ReturnType<typeof store.copies.waitingAt>>,
    now: number,
  ): Promise<Placed> {
    const recent = (await store.copies.recentAt(copy.address, now - CROWD.within, CROWD.others + 2)).filter(
      ({ id }) => id !== copy.id,
    );
    const crowded = recent.filter(({ part }) => part === "card").length >= CROWD.others;
    const last = recent.find(({ attempts }) => attempts > 0)?.attemptedAt ?? 0;
    const others = await postable(waiting, copy, now);
    const soon = last > now - APART;
    if (!crowded && !soon && others.length < FEW) return first(copy, others, now);
    const queue = await store.copies.queueAt(copy.address, now - LONGEST_JOIN);
    if (queue && (await hasRoom(queue, escalation.severity, now))) return join(copy, queue, now);
    if (crowded || others.length + (soon ? 1 : 0) >= FEW)
      return saved(begun([copy, ...others].slice(0, MOST_ROWS), now));
    return { kind: "wait", until: last + APART };
  }

  /** Of two that came together each gets its own card, the older one first. */
  function first(copy: Copy, others: readonly Copy[], now: number): Placed {
    const older = others.some(
      ({ id, createdAt }) =>
        createdAt > now - APART &&
        (createdAt < copy.createdAt || (createdAt === copy.createdAt && id < copy.id)),
    );
    return older ? { kind: "wait", until: now + APART } : { kind: "alone" };
  }

  /** Of those that wait, the ones that may be posted now: what is of low severity may have to wait for the morning. */
  async function postable(
    waiting: readonly { readonly copy: Copy; readonly severity: Severity }[],
    but: Copy,
    now: number,
  ): Promise<readonly Copy[]> {
    const others = waiting.filter(({ copy, severity }) => copy.id !== but.id && severity !== "critical");
    const may = await Promise.all(
      others.map(async ({ copy, severity }) => {
        if (severity !== "low" || !copy.escalation) return true;
        const escalation = await store.escalations.find(copy.escalation);
        return escalation !== undefined && postedFrom(escalation.chain, now) <= now;
      }),
    );
    return others.flatMap(({ copy }, at) => (may[at] ? [copy] : []));
  }

  /** A card whose rows are all settled has said its last word. */
  async function hasRoom(queue: Copy, severity: Severity, now: number): Promise<boolean> {
    if (!isJoinable(queue, severity, now)) return false;
    const { rows, open } = await store.copies.queueSize(queue.id);
    return rows < MOST_ROWS && (open > 0 || queue.state === "wanted");
  }

  function join(copy: Copy, queue: Copy, now: number): Promise<Placed> {
    return saved({
      copies: [rowOf(copy, queue, now)],
      copiesSeen: [copy, queue],
      // One that waits for its post reads its rows when that begins.
      jobs: queue.state === "wanted" ? [] : [due("draw", queue.id, nextDrawing(now))],
      audit: [],
    });
  }

  /** A queue card of copies that waited, posted as soon as it may be. */
  function begun(copies: readonly Copy[], now: number): Step {
    const address = copies[0]?.address as Copy["address"];
    const queue = newCopy({ id: newCopyId(context), part: "queue", address, createdAt: now });
    return {
      copies: [queue, ...copies.map((copy) => rowOf(copy, queue, now))],
      copiesSeen: copies,
      jobs: [due("draw", queue.id, now)],
      audit: [],
    };
  }

  /** The message that shows the other one becomes a queue card where it stands, under its own mark; both are rows of it. */
  function begunInPlace(copy: Copy, there: Copy, now: number): Step {
    const queue: Copy = { ...there, part: "queue", escalation: null };
    const row = newCopy({
      ...{ id: newCopyId(context), part: "card", escalation: there.escalation, address: there.address },
      ...{ queue: queue.id, state: "shown", attemptedAt: there.attemptedAt, createdAt: there.createdAt },
    });
    return {
      copies: [queue, row, rowOf(copy, queue, now)],
      copiesSeen: [there, copy],
      jobs: [due("draw", queue.id, now)],
      audit: [],
    };
  }

  /** Somebody was quicker with one of the copies: look again. */
  async function saved(step: Step): Promise<Placed> {
    const done = (await store.save(step)) === "saved";
    return done ? { kind: "placed" } : { kind: "wait", until: clock.now() };
  }
}

function rowOf(copy: Copy, queue: Copy, now: number): Copy {
  return { ...copy, queue: queue.id, state: "wanted", attemptedAt: now, error: null };
}
