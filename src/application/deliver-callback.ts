/** Delivers one callback: signed with the agent's secrets, tried again by the contract's schedule, given up in plain sight. */

import { type AuditKind, SYSTEM } from "../domain/audit.ts";
import type { Callback } from "../domain/delivery/callback.ts";
import { nextAttempt } from "../domain/delivery/callback-schedule.ts";
import type { CallbackId } from "../domain/ids.ts";
import { due, type JobRun } from "../domain/job.ts";
import type { Named } from "../domain/people.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { CallbackSender, Seal } from "./ports.ts";

export interface DeliverCallback {
  /** One attempt, as a run of its job. Milliseconds since 1970 of the next one; undefined when there is none. */
  attempt(
    id: CallbackId,
    run: JobRun,
  ): Promise<{ readonly again: number; readonly error: string | null } | undefined>;
  /** Begins a dead or delivered callback anew, with the same id and body. */
  replay(id: CallbackId, by: Named): Promise<Result<Callback, Refusal>>;
}

export function deliverCallback(context: Context, sender: CallbackSender, seal: Seal): DeliverCallback {
  const { store, clock, ids } = context;

  const audited = (
    callback: Callback,
    kind: AuditKind,
    detail: Readonly<Record<string, unknown>>,
    by?: Named,
  ) => ({
    at: clock.now(),
    kind,
    actor: by ? { kind: "person" as const, ...by } : SYSTEM,
    agent: callback.agent,
    escalation: callback.escalation ?? undefined,
    detail: { callback: callback.id, type: callback.type, ...detail },
  });

  return {
    async attempt(id, run) {
      const callback = await store.callbacks.find(id);
      if (callback?.state !== "pending") return undefined;
      const secrets = (await store.keys.of(callback.agent)).flatMap((key) =>
        key.signingSecret ? [seal.open(key.signingSecret)] : [],
      );
      const result =
        secrets.length > 0
          ? await sender.send({ url: callback.url, id, body: callback.body, secrets, at: clock.now() })
          : ({ kind: "retry", why: "the agent has no key to sign with: issue one", after: null } as const);
      const tried: Callback = { ...callback, attempts: callback.attempts + 1 };
      const now = clock.now();
      if (result.kind === "delivered") {
        const delivered: Callback = { ...tried, state: "delivered", lastError: null, deliveredAt: now };
        await store.save({
          run,
          callbacks: [delivered],
          audit: [audited(callback, "callback.delivered", { attempts: tried.attempts })],
        });
        return undefined;
      }
      const why = result.kind === "gone" ? "the receiver answered 410 Gone" : result.why;
      const again =
        result.kind !== "retry"
          ? undefined
          : nextAttempt(tried.attempts, callback.startedAt, now, ids.chance(), result.after ?? undefined);
      if (again !== undefined) {
        await store.save({ run, callbacks: [{ ...tried, lastError: why }], audit: [] });
        return { again, error: why };
      }
      const given = await store.save({
        run,
        callbacks: [{ ...tried, state: "dead", lastError: why }],
        audit: [audited(callback, "callback.dead", { attempts: tried.attempts, why })],
      });
      if (given === "conflict") return undefined;
      context.log.error(
        { callback: id, agent: callback.agent, escalation: callback.escalation },
        `a callback is given up: ${why}`,
      );
      return undefined;
    },

    async replay(id, by) {
      const callback = await store.callbacks.find(id);
      if (!callback) return no({ code: "not_found", what: "such callback" });
      const now = clock.now();
      const again: Callback = {
        ...callback,
        state: "pending",
        attempts: 0,
        startedAt: now,
        lastError: null,
        deliveredAt: null,
      };
      await store.save({
        callbacks: [again],
        jobs: [due("callback", id, now)],
        audit: [audited(callback, "callback.replayed", {}, by)],
      });
      return yes(again);
    },
  };
}
