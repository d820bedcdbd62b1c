/** What the end of a post or an update leaves: the copy as it stands from now on and, with a queue card, each of its rows. */
import { type AuditKind, type AuditLine, SYSTEM } from "../audit.ts";
import type { Escalation } from "../escalation/escalation.ts";
import type { CopyId } from "../ids.ts";
import { due } from "../job.ts";
import type { Step } from "../step.ts";
import type { Copy, MessageRef } from "./copy.ts";

/** An escalation that a message shows: the message's own copy, or the row of a queue card. */
export interface Shows {
  readonly copy: Copy;
  readonly escalation: Escalation;
}

/** @param anew copies that are drawn anew because of it */
export function whenShown(
  copy: Copy,
  shows: readonly Shows[],
  {
    ref,
    drawn,
    anew,
    now,
  }: {
    readonly ref: MessageRef;
    readonly drawn: string | null;
    readonly anew: readonly CopyId[];
    readonly now: number;
  },
): Step {
  const after: Copy = { ...copy, state: "shown", ref, drawn, uncertainSince: null, error: null };
  const rows = rowsOf(copy, shows).filter((row) => row.copy.state !== "shown");
  const seen = isQueue(copy) ? rows : copy.ref === null ? shows : [];
  const first = copy.ref === null && copy.part === "card" ? shows : [];
  return {
    copies: [after, ...rows.map((row): Copy => ({ ...row.copy, state: "shown", error: null }))],
    copiesSeen: [copy],
    jobs: [
      // The context goes under the card, so it can be named only now.
      ...first.map(({ escalation }) => due("publish", escalation.id, now, `under:${copy.id}`)),
      ...anew.map((id) => due("draw", id, now)),
    ],
    audit: seen.map((one) => line(one, copy, "card.shown", now, { attempts: copy.attempts, drawn })),
  };
}

/** Nobody can see it there, now or later: whoever else is to be asked is found by publishing. */
export function whenLost(copy: Copy, shows: readonly Shows[], why: string, now: number): Step {
  const lost = (one: Copy): Copy => ({ ...one, state: "undeliverable", error: why });
  return {
    copies: [lost(copy), ...rowsOf(copy, shows).map((row) => lost(row.copy))],
    copiesSeen: [copy],
    jobs: shows.map((one) => due("publish", one.escalation.id, now, `lost:${one.copy.id}`)),
    audit: shows.map((one) => line(one, copy, "card.undeliverable", now, { why })),
  };
}

/** It stands there and can no longer be changed: a row that it does not show yet goes elsewhere. */
export function whenStale(copy: Copy, shows: readonly Shows[], why: string, now: number): Step {
  const stale = (one: Copy): Copy => ({ ...one, state: "stale", error: why });
  const rows = rowsOf(copy, shows).map((row) => row.copy);
  const unseen = rows.filter((row) => row.state === "wanted");
  return {
    copies: [
      stale(copy),
      ...rows.filter((row) => row.state !== "wanted").map(stale),
      ...unseen.map((row): Copy => ({ ...row, queue: null, attemptedAt: null })),
    ],
    copiesSeen: [copy],
    jobs: unseen.map((row) => due("draw", row.id, now)),
    audit: [],
  };
}

/** Somebody deleted the message: posted anew while a decision is wanted; afterwards there is nothing to show. */
export function whenGone(copy: Copy, shows: readonly Shows[], wanted: boolean, now: number): Step {
  return wanted
    ? { copies: [{ ...copy, state: "wanted", ref: null, drawn: null }], copiesSeen: [copy], audit: [] }
    : whenStale(copy, shows, "the message was deleted", now);
}

/** A second message may stand there: its first post could neither be found nor ruled out. */
export function whenDoubtful(copy: Copy, shows: readonly Shows[], why: string, now: number): Step {
  return { audit: shows.map((one) => line(one, copy, "card.duplicate_possible", now, { why })) };
}

function isQueue(copy: Copy): boolean {
  return copy.part === "queue";
}

function rowsOf(copy: Copy, shows: readonly Shows[]): readonly Shows[] {
  return isQueue(copy) ? shows : [];
}

function line(
  { copy, escalation }: Shows,
  message: Copy,
  kind: AuditKind,
  at: number,
  detail: Readonly<Record<string, unknown>>,
): AuditLine {
  const where = { copy: copy.id, part: copy.part, platform: copy.address.platform };
  const on = message.id === copy.id ? {} : { queue: message.id };
  const about = { agent: escalation.agent, escalation: escalation.id };
  return { at, kind, actor: SYSTEM, ...about, detail: { ...where, ...on, ...detail } };
}
