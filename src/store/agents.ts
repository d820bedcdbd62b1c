/** Agents, and every version of the charters they ever had. */
import { and, asc, eq, getColumns, sql } from "drizzle-orm";
import type { Agents } from "../application/ports.ts";
import type { Agent } from "../domain/agent.ts";
import type { AgentId } from "../domain/ids.ts";
import type { Step } from "../domain/step.ts";
import { type Engine, replacedExcept, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { many, one, rowsLater, run, type Script } from "./script.ts";

type Row = Tables["agents"]["$inferSelect"] & { readonly charter: string };
type Change = NonNullable<Step["agent"]>;

export function agentsIn({ build, tables: { agents, charters }, prepare, read, given }: Engine) {
  const withCharter = () =>
    build
      .select({ ...getColumns(agents), charter: charters.charter })
      .from(agents)
      .innerJoin(charters, and(eq(charters.agent, agents.id), eq(charters.version, agents.charter_version)));
  const find = prepare<{ id: string }, Row>(withCharter().where(eq(agents.id, given("id"))));
  const all = prepare<object, Row>(withCharter().orderBy(asc(agents.id)));
  const versionOf = prepare<{ id: string }, { version: number }>(
    build
      .select({ version: sql<number>`${agents.charter_version}`.as("version") })
      .from(agents)
      .where(eq(agents.id, given("id"))),
  );
  const put = prepare<Tables["agents"]["$inferSelect"]>(
    build
      .insert(agents)
      .values(wholeRow(agents))
      .onConflictDoUpdate({ target: agents.id, set: replacedExcept(agents, "id") }),
  );
  const addCharter = prepare<Tables["charters"]["$inferSelect"]>(
    build.insert(charters).values(wholeRow(charters)),
  );
  const versions = prepare<{ id: string }, { version: number; by_id: string; at: number }>(
    build
      .select({ version: charters.version, by_id: charters.by_id, at: charters.at })
      .from(charters)
      .where(eq(charters.agent, given("id")))
      .orderBy(asc(charters.version)),
  );

  const port: Agents = {
    find: (id) => read(() => one(find, { id }, toAgent)),
    all: () => read(() => many(all, {}, toAgent)),
    charterVersions: (id) =>
      read(() => many(versions, { id }, ({ version, by_id, at }) => ({ version, by: by_id, at }))),
  };

  return {
    port,
    /** Whether the agent's charter is another one than the step has read. */
    *changed({ before, after }: Change): Script<() => boolean> {
      const stored = yield* rowsLater(versionOf, { id: after.id });
      return () => (stored()[0]?.version ?? 0) !== before;
    },
    *write({ after, by }: Change): Script<void> {
      yield* run(put, {
        ...{ id: after.id, name: after.name, environment: after.environment },
        ...{ callback_url: after.callbackUrl, charter_version: after.charterVersion },
        ...{ created_at: after.createdAt, updated_at: after.updatedAt },
      });
      yield* run(addCharter, {
        ...{ agent: after.id, version: after.charterVersion, by_id: by.id, by_name: by.name },
        ...{ at: after.updatedAt, charter: JSON.stringify(after.charter) },
      });
    },
  };
}

function toAgent(row: Row): Agent {
  return {
    id: row.id as AgentId,
    name: row.name,
    environment: row.environment as Agent["environment"],
    callbackUrl: row.callback_url,
    charterVersion: row.charter_version,
    charter: JSON.parse(row.charter) as Agent["charter"],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
