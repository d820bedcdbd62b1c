/** Holds, and the count of changes that is the version of an agent's state. */
import { and, asc, eq, getColumns, isNull, or, sql } from "drizzle-orm";
import type { Holds, StandingHolds } from "../application/ports.ts";
import { type Hold, parseScope, scopeWord } from "../domain/hold.ts";
import { type AgentId, type EscalationId, FLEET, type HoldId } from "../domain/ids.ts";
import type { Named } from "../domain/people.ts";
import type { HoldChange } from "../domain/step.ts";
import { type Engine, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { arrived, many, one, rowsLater, rowsOf, run, type Script } from "./script.ts";

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
  // One statement each, because one statement sees one moment: a version and just the holds that belong to it.
  const standing = () =>
    build
      .select({
        of: sql<string>`${hold_versions.agent}`.as("of"),
        version: hold_versions.version,
        ...getColumns(holds),
      })
      .from(hold_versions)
      .leftJoin(holds, and(eq(holds.agent, hold_versions.agent), isActive));
  const standingOfAll = prepare<object, StandingRow>(standing());
  const standingOf = prepare<{ agent: string }, StandingRow>(
    standing().where(eq(hold_versions.agent, given("agent"))),
  );

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
  const count = prepare<{ agent: string; version: number }, { version: number }>(
    build
      .insert(hold_versions)
      .values(wholeRow(hold_versions))
      .onConflictDoUpdate({
        target: hold_versions.agent,
        set: { version: sql`${hold_versions.version} + 1` },
      })
      .returning({ version: hold_versions.version }),
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
    standing: (agents) =>
      read(function* () {
        if (agents === "all") return toStanding(yield* rowsOf(standingOfAll, {}));
        const answers: (() => readonly StandingRow[])[] = [];
        for (const agent of agents) answers.push(yield* rowsLater(standingOf, { agent }));
        yield* arrived();
        return toStanding(answers.flatMap((rows) => rows()));
      }),
  };

  return {
    port,
    /**
     * Whether the change needs an active hold and finds none. Releasing does not: what is gone stays gone, and whoever
     * released it first keeps the credit.
     */
    *changed({ change, hold }: HoldChange): Script<() => boolean> {
      if (change === "place" || change === "release") return () => false;
      const rows = yield* rowsLater(find, { id: hold.id });
      return () => rows()[0]?.released_at !== null;
    },
    /** Writes the change, and says later which version of the agent's state it made; none where it made no new one. */
    *write(change: HoldChange): Script<() => number | undefined> {
      const { id, agent } = change.hold;
      switch (change.change) {
        case "place":
          yield* run(place, toRow(change.hold));
          break;
        case "release":
          yield* run(release, { id, at: change.at, by: JSON.stringify(change.by) });
          break;
        case "keep":
          yield* run(keep, { id, by: JSON.stringify(change.by), reason: change.reason });
          break;
        case "confirm":
          yield* run(confirm, { id, at: change.at });
          return () => undefined; // what is held is the same as before, so the state's version is too
      }
      const counted = yield* rowsLater(count, { agent, version: 1 });
      return () => counted()[0]?.version;
    },
  };
}

/** Every column of the hold is null for an agent that nothing holds. */
type StandingRow = { readonly of: string; readonly version: number } & (Row | { readonly id: null });

function toStanding(rows: readonly StandingRow[]): ReadonlyMap<AgentId, StandingHolds> {
  const found = new Map<AgentId, { readonly version: number; readonly holds: Hold[] }>();
  for (const row of rows) {
    const own = found.get(row.of as AgentId) ?? { version: row.version, holds: [] };
    found.set(row.of as AgentId, own);
    if (row.id !== null) own.holds.push(toHold(row));
  }
  return found;
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
