/** Holds, and the count of changes that is the version of an agent's state. */
import { and, asc, eq, isNull, or, sql } from "drizzle-orm";
import type { Holds } from "../application/ports.ts";
import { type Hold, parseScope, scopeWord } from "../domain/hold.ts";
import { type AgentId, type EscalationId, FLEET, type HoldId } from "../domain/ids.ts";
import type { Named } from "../domain/people.ts";
import type { HoldChange } from "../domain/step.ts";
import { type Engine, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { changesOf, firstOf, many, one, rowsOf, type Script } from "./script.ts";

type Row = Tables["holds"]["$inferSelect"];

export function holdsIn({ build, tables: { holds, hold_versions }, prepare, read, given }: Engine) {
  const isActive = isNull(holds.released_at);
  const thisOne = eq(holds.id, given("id"));
  const select = () => build.select().from(holds);

  const find = prepare<{ id: string }, Row>(select().where(thisOne));
  const active = prepare<object, Row>(select().where(isActive).orderBy(asc(holds.placed_at), asc(holds.id)));
  const activeOf = prepare<{ agent: string; fleet: string }, Row>(
    select()
      .where(and(isActive, or(eq(holds.agent, given("agent")), eq(holds.agent, given("fleet")))))
      .orderBy(asc(holds.placed_at), asc(holds.id)),
  );
  const versions = prepare<object, { agent: string; version: number }>(build.select().from(hold_versions));

  const place = prepare<Row>(build.insert(holds).values(wholeRow(holds)));
  const release = prepare<{ id: string; at: number; by: string }>(
    build
      .update(holds)
      .set({ released_at: given("at"), released_by: given("by") })
      .where(and(thisOne, isActive)),
  );
  const keep = prepare<{ id: string; by: string; reason: string }>(
    build
      .update(holds)
      .set({ escalation: null, placed_by: given("by"), reason: given("reason") })
      .where(and(thisOne, isActive)),
  );
  const confirm = prepare<{ id: string; at: number }>(
    build
      .update(holds)
      .set({ confirmed_at: given("at") })
      .where(and(thisOne, isActive)),
  );
  const count = prepare<{ agent: string; version: number }>(
    build
      .insert(hold_versions)
      .values(wholeRow(hold_versions))
      .onConflictDoUpdate({
        target: hold_versions.agent,
        set: { version: sql`${hold_versions.version} + 1` },
      }),
  );

  const port: Holds = {
    find: (id) => read(() => one(find, { id }, toHold)),
    active: () => read(() => many(active, {}, toHold)),
    activeOf: (agent) => read(() => many(activeOf, { agent, fleet: FLEET }, toHold)),
    versions: () =>
      read(function* () {
        const rows = yield* rowsOf(versions, {});
        return new Map(rows.map(({ agent, version }) => [agent, version]));
      }),
  };

  return {
    port,
    /**
     * Whether the change needs an active hold and finds none. Releasing does not: what is gone stays gone, and whoever
     * released it first keeps the credit.
     */
    *changed({ change, hold }: HoldChange): Script<boolean> {
      if (change === "place" || change === "release") return false;
      const row = yield* firstOf(find, { id: hold.id });
      return row?.released_at !== null;
    },
    *write(change: HoldChange): Script<void> {
      const { id, agent } = change.hold;
      switch (change.change) {
        case "place":
          yield* changesOf(place, toRow(change.hold));
          break;
        case "release":
          yield* changesOf(release, { id, at: change.at, by: JSON.stringify(change.by) });
          break;
        case "keep":
          yield* changesOf(keep, { id, by: JSON.stringify(change.by), reason: change.reason });
          break;
        case "confirm":
          yield* changesOf(confirm, { id, at: change.at });
          return; // what is held is the same as before, so the state's version is too
      }
      yield* changesOf(count, { agent, version: 1 });
    },
  };
}

function toRow(hold: Hold): Row {
  return {
    id: hold.id,
    agent: hold.agent,
    scope: scopeWord(hold.scope),
    reason: hold.reason,
    placed_by: JSON.stringify(hold.placedBy),
    placed_at: hold.placedAt,
    until: hold.until,
    escalation: hold.escalation,
    confirmed_at: hold.confirmedAt,
    released_at: hold.releasedAt,
    released_by: hold.releasedBy && JSON.stringify(hold.releasedBy),
  };
}

function toHold(row: Row): Hold {
  const scope = parseScope(row.scope);
  if (!scope) throw new Error(`hold ${row.id} has a scope that this build does not know: ${row.scope}`);
  return {
    id: row.id as HoldId,
    agent: row.agent as AgentId,
    scope,
    reason: row.reason,
    placedBy: JSON.parse(row.placed_by) as Named,
    placedAt: row.placed_at,
    until: row.until,
    escalation: row.escalation as EscalationId | null,
    confirmedAt: row.confirmed_at,
    releasedAt: row.released_at,
    releasedBy: row.released_by === null ? null : (JSON.parse(row.released_by) as Named),
  };
}
