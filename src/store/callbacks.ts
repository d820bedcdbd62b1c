/** Callbacks to agents, with the bytes that are sent on every attempt. */
import { asc, eq } from "drizzle-orm";
import type { Callbacks } from "../application/ports.ts";
import type { Callback } from "../domain/delivery/callback.ts";
import type { AgentId, CallbackId, EscalationId } from "../domain/ids.ts";
import { type Engine, limitedBy, replacedExcept, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { many, one, run, type Script } from "./script.ts";

type Row = Tables["callbacks"]["$inferSelect"];

export function callbacksIn({ build, tables: { callbacks }, prepare, read, given }: Engine) {
  const select = () => build.select().from(callbacks);
  const find = prepare<{ id: string }, Row>(select().where(eq(callbacks.id, given("id"))));
  const ofEscalation = prepare<{ escalation: string }, Row>(
    select()
      .where(eq(callbacks.escalation, given("escalation")))
      .orderBy(asc(callbacks.created_at), asc(callbacks.id)),
  );
  const inState = prepare<{ state: string; limit: number }, Row>(
    select()
      .where(eq(callbacks.state, given("state")))
      .orderBy(asc(callbacks.id))
      .limit(limitedBy("limit")),
  );
  const put = prepare<Row>(
    build
      .insert(callbacks)
      .values(wholeRow(callbacks))
      .onConflictDoUpdate({ target: callbacks.id, set: replacedExcept(callbacks, "id") }),
  );

  const port: Callbacks = {
    find: (id) => read(() => one(find, { id }, toCallback)),
    of: (escalation) => read(() => many(ofEscalation, { escalation }, toCallback)),
    inState: (state, limit) => read(() => many(inState, { state, limit }, toCallback)),
  };

  return {
    port,
    *write(callback: Callback): Script<void> {
      yield* run(put, {
        id: callback.id,
        agent: callback.agent,
        escalation: callback.escalation,
        type: callback.type,
        url: callback.url,
        body: callback.body,
        state: callback.state,
        attempts: callback.attempts,
        last_error: callback.lastError,
        created_at: callback.createdAt,
        started_at: callback.startedAt,
        delivered_at: callback.deliveredAt,
      });
    },
  };
}

function toCallback(row: Row): Callback {
  return {
    id: row.id as CallbackId,
    agent: row.agent as AgentId,
    escalation: row.escalation as EscalationId | null,
    type: row.type as Callback["type"],
    url: row.url,
    body: row.body,
    state: row.state as Callback["state"],
    attempts: row.attempts,
    lastError: row.last_error,
    createdAt: row.created_at,
    startedAt: row.started_at,
    deliveredAt: row.delivered_at,
  };
}
