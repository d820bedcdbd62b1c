/** The gate before an action: asks the charter, waits where a person is asked, and runs what was approved and nothing else. */
import { actionDigest, approvedArgs, asSent } from "./approved-action.ts";
import { persistently, type Trying } from "./back-off.ts";
import type { Send } from "./connection.ts";
import { type Escalations, type Interruptible, newKey } from "./escalations.ts";
import { HoldpointError, type Reason } from "./failure.ts";
import { readAsked } from "./read-answers.ts";
import type { States } from "./state.ts";
import type { Accepted, Action, Args, Decided, Expired, Hold, Signal, Subject, Withdrawn } from "./wire.ts";

export interface GateOptions extends Interruptible {
  /** What the agent has measured. */
  readonly measured?: Signal;
  /** The customer's message or the draft. */
  readonly text?: string;
  readonly rep?: string;
  readonly callbackUrl?: string;
  /** The same key gives the same answer of the charter again: for one attempt at one action, never for two. */
  readonly idempotencyKey?: string;
  /** What to do where other holds cover the action: wait until they are released (the default), or say so. */
  readonly whileHeld?: "wait" | "return";
  /** A person is being asked; `rule` is the charter's. */
  readonly onAsked?: (escalation: Accepted, rule: string) => void;
}

/** How it ended. Only `ran` means that anything was done. */
export type Gated<T> =
  /** `escalation`: null where the charter let the agent proceed. `reported`: whether Holdpoint knows that it ran. */
  | {
      readonly outcome: "ran";
      readonly value: T;
      readonly args: Args;
      readonly escalation: Decided | null;
      readonly reported: boolean;
    }
  /** `words`: the person's reason, the option they chose, or their answer. */
  | {
      readonly outcome: "rejected" | "answered" | "dismissed";
      readonly words: string;
      readonly escalation: Decided;
    }
  /** Nobody decided: no person said no. */
  | { readonly outcome: "expired"; readonly escalation: Expired }
  | { readonly outcome: "withdrawn"; readonly escalation: Withdrawn }
  | { readonly outcome: "held"; readonly reason: "holds"; readonly holds: readonly Hold[] }
  /** Holdpoint could not be asked, or its answer could not be trusted. */
  | { readonly outcome: "held"; readonly reason: Reason; readonly error: HoldpointError };

export interface GateParts {
  readonly send: Send;
  readonly trying: Omit<Trying, "signal">;
  readonly escalations: Escalations;
  readonly states: States;
  /** Whether gates confirm holds, once nothing that they let through runs any more. */
  readonly confirmStops: boolean;
}

/** What was done is done: its result does not wait long for a report. */
const REPORTING_MS = 5_000;

type Leave =
  | { readonly go: true; readonly args: Args; readonly escalation: Decided | null }
  | { readonly go: false; readonly result: Gated<never> };

export function gates({ send, trying, escalations, states, confirmStops }: GateParts) {
  let running = 0;
  let waiting = 0;

  /** "I have stopped" is true only when nothing runs; that it could not be said holds nobody up. */
  function confirmIfStopped(): void {
    if (!confirmStops || running > 0 || waiting === 0) return;
    states.acknowledge().catch((error: unknown) => {
      if (error instanceof HoldpointError) trying.onTrouble?.(error);
    });
  }

  async function whileWaiting<T>(wait: () => Promise<T>): Promise<T> {
    waiting++;
    confirmIfStopped();
    try {
      return await wait();
    } finally {
      waiting--;
    }
  }

  async function ask(action: Action, subject: Subject | undefined, options: GateOptions) {
    const { measured = {}, text, rep, callbackUrl, signal, idempotencyKey = await newKey() } = options;
    const about = { subject, text, rep, callback_url: callbackUrl };
    const body = { signal: measured, action, ...about };
    return persistently({ ...trying, signal }, async () => {
      const call = { method: "POST", path: "/v1/signals", body, idempotencyKey, signal } as const;
      const answer = await send(call);
      return readAsked(answer.body, answer.status);
    });
  }

  /** What the charter or a person says of it. */
  async function decided(sent: Action, subject: Subject | undefined, options: GateOptions): Promise<Leave> {
    const asked = await ask(sent, subject, options);
    if (asked.verdict === "proceed") return { go: true, args: sent.args, escalation: null };
    const { id, action_digest: digest } = asked.escalation;
    if (digest !== (await actionDigest(sent)))
      throw new HoldpointError("tampered", "People are asked about another action", { escalation: id });
    options.onAsked?.(asked.escalation, asked.rule);
    const { signal } = options;
    const settled = await whileWaiting(() => escalations.follow(id).decision(signal ? { signal } : {}));
    if (settled.status === "expired")
      return { go: false, result: { outcome: "expired", escalation: settled } };
    if (settled.status === "withdrawn")
      return { go: false, result: { outcome: "withdrawn", escalation: settled } };
    const { reason, response, option, verdict } = settled.decision;
    const words = response ?? reason ?? option ?? "";
    switch (verdict) {
      case "approve":
      case "edit":
        return { go: true, args: await approvedArgs(sent, settled), escalation: settled };
      case "reject":
        return { go: false, result: { outcome: "rejected", words, escalation: settled } };
      case "respond":
        return { go: false, result: { outcome: "answered", words, escalation: settled } };
      case "dismiss":
        return { go: false, result: { outcome: "dismissed", words, escalation: settled } };
    }
  }

  /** What still holds it, whatever was decided: a pause, a flag, another question about the same customer. */
  async function heldBy(
    action: Action,
    subject: Subject | undefined,
    options: GateOptions,
  ): Promise<readonly Hold[]> {
    const { signal, whileHeld = "wait" } = options;
    const wanted = {
      ...(subject && { subject }),
      ...{ capability: action.name, action: await actionDigest(action) },
      ...(signal && { signal }),
    };
    const holds = await states.holdsOn(wanted);
    if (holds.length === 0 || whileHeld === "return") return holds;
    await whileWaiting(() => states.whenReleased(wanted));
    return [];
  }

  async function report(escalation: Decided | null, executed: boolean, detail?: string): Promise<boolean> {
    if (escalation === null) return false;
    const outcome = { executed, ...(detail && { detail: detail.slice(0, 2_000) }) };
    try {
      await escalations.follow(escalation.id).outcome(outcome, { signal: AbortSignal.timeout(REPORTING_MS) });
      return true;
    } catch (error) {
      if (error instanceof HoldpointError) trying.onTrouble?.(error);
      return false;
    }
  }

  /**
   * Runs `fn` with the approved arguments, once the charter or a person lets it and no hold covers it. They are JSON, and a
   * person may have changed them: check them as you would check input. Throws what `fn` throws, and the signal's reason.
   */
  return async function gate<A extends Args, T>(
    action: Action<A>,
    subject: Subject | undefined,
    fn: (args: A, escalation: Decided | null) => T | Promise<T>,
    options: GateOptions = {},
  ): Promise<Gated<T>> {
    const sent = asSent(action);
    let leave: Leave;
    try {
      leave = await decided(sent, subject, options);
      if (!leave.go) return leave.result;
      const holds = await heldBy({ name: sent.name, args: leave.args }, subject, options);
      if (holds.length > 0) return { outcome: "held", reason: "holds", holds };
    } catch (error) {
      if (!(error instanceof HoldpointError)) throw error;
      return { outcome: "held", reason: error.reason, error };
    }
    options.signal?.throwIfAborted();
    const { args, escalation } = leave;
    let value: T;
    running++;
    try {
      value = await fn(args as A, escalation);
    } catch (error) {
      await report(escalation, false, `It was approved, and failed: ${String(error)}`);
      throw error;
    } finally {
      running--;
      confirmIfStopped();
    }
    const reported = await report(escalation, true);
    return { outcome: "ran", value, args, escalation, reported };
  };
}
export type Gate = ReturnType<typeof gates>;
