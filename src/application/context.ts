/** What most use-cases need, handed to each as one value. */

import type { Agent } from "../domain/agent.ts";
import { type CoverFor, coverAt } from "../domain/chain/absence.ts";
import type { Sha256 } from "../domain/escalation/action-digest.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { Opening } from "../domain/escalation/open-escalation.ts";
import type { Hold } from "../domain/hold.ts";
import type { AgentId, CallbackId, CopyId, EscalationId, HoldId } from "../domain/ids.ts";
import type { Directory, Named } from "../domain/people.ts";
import type { FieldProblem, Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import type { Step } from "../domain/step.ts";
import type { AbsenceIndex, Clock, Ids, Log, Store } from "./ports.ts";

export interface Context {
  readonly store: Store;
  readonly people: Directory;
  readonly absences: AbsenceIndex;
  /** The chat platforms that are on. */
  readonly platforms: readonly string[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly sha256: Sha256;
  readonly log: Log;
  /** Base of links in cards and answers, without a slash at the end. */
  readonly publicUrl: string;
  /** Checks edited arguments against an agent's JSON Schema. */
  readonly checkArgs: (
    schema: Readonly<Record<string, unknown>> | undefined,
    args: unknown,
  ) => readonly FieldProblem[];
}

/** Where somebody reads everything about an escalation; it opens the console and decides nothing. */
export function escalationUrl(context: Pick<Context, "publicUrl">, id: string): string {
  return `${context.publicUrl}/escalations/${id}`;
}

export function newCallbackId(context: Pick<Context, "ids">): CallbackId {
  return `cb_${context.ids.next()}` as CallbackId;
}

export function newHoldId(context: Pick<Context, "ids">): HoldId {
  return `hold_${context.ids.next()}` as HoldId;
}

export function newCopyId(context: Pick<Context, "ids">): CopyId {
  return `copy_${context.ids.next()}` as CopyId;
}

/** What opening an escalation of an agent needs, whoever opens it. */
export function newOpening(context: Context, agent: Agent): Omit<Opening, "request" | "by"> {
  const { people, platforms, sha256, clock } = context;
  return {
    id: `esc_${context.ids.next()}` as EscalationId,
    holdId: newHoldId(context),
    callbackId: newCallbackId(context),
    newCopyId: () => newCopyId(context),
    ...{ agent, people, platforms, sha256, absences: context.absences.standing(), now: clock.now() },
  };
}

/** Who can be asked at this moment, by the store's own word: what is decided by it stays. */
export async function whoIsThere(
  context: Pick<Context, "store" | "people" | "clock">,
): Promise<{ readonly cover: CoverFor; readonly now: number }> {
  const now = context.clock.now();
  return { cover: coverAt(await context.store.absences.standing(now), context.people, now), now };
}

/** The agent of an escalation; agents are never deleted, so its absence is a fault of ours. */
export async function agentOf(context: Pick<Context, "store">, id: AgentId): Promise<Agent> {
  const agent = await context.store.agents.find(id);
  if (!agent) throw new Error(`agent ${id} has escalations and no row: restore the store from a backup`);
  return agent;
}

/** The escalation's own hold while it is active. */
export async function activeHold(
  context: Pick<Context, "store">,
  escalation: Escalation,
): Promise<Hold | null> {
  const hold = escalation.hold ? await context.store.holds.find(escalation.hold) : undefined;
  return hold && hold.releasedAt === null && hold.escalation === escalation.id ? hold : null;
}

/** The accountable person as the wire names them: the charter's id alone where the directory does not know it. */
export function ownerOf(context: Pick<Context, "people">, agent: Agent): Named {
  const id = agent.charter.ownership.owner;
  return { id, name: context.people.find(id)?.name ?? id };
}

/** A conflict means that somebody was quicker; so often in a row, that something else is wrong. */
const TRIES = 20;

/** Load, one pure step, save; from the start again when somebody was quicker, so that the step sees what they did. */
export async function changeEscalation(
  context: Pick<Context, "store" | "clock">,
  id: EscalationId,
  step: (before: Escalation, now: number) => Promise<Result<Step, Refusal>> | Result<Step, Refusal>,
): Promise<Result<Escalation, Refusal>> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = await context.store.escalations.find(id);
    if (!before) return no({ code: "not_found", what: "such request" });
    const made = await step(before, context.clock.now());
    if (!made.ok) return made;
    if ((await context.store.save(made.value)) === "saved")
      return yes(made.value.escalation?.after ?? before);
  }
  return no({ code: "busy" });
}

/** Rows read at once. */
const PAGE = 200;

/** Every open escalation, newest first. */
export async function* openOnes(store: Pick<Store, "escalations">): AsyncGenerator<Escalation> {
  let cursor: EscalationId | undefined;
  for (;;) {
    const page = await store.escalations.page({
      ...{ status: "open", limit: PAGE },
      ...(cursor ? { cursor } : {}),
    });
    yield* page;
    cursor = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}
