/** Keys of agents and administrators: hashes and sealed secrets, never a key itself. */
import { and, desc, eq, isNull } from "drizzle-orm";
import type { Keys } from "../application/ports.ts";
import type { Key } from "../domain/agent.ts";
import type { AgentId, KeyId } from "../domain/ids.ts";
import { type Engine, replacedExcept, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { many, one, run, type Script } from "./script.ts";

type Row = Tables["keys"]["$inferSelect"];

export function keysIn({ build, tables: { keys }, prepare, read, given }: Engine) {
  const byHash = prepare<{ hash: string }, Row>(
    build
      .select()
      .from(keys)
      .where(eq(keys.hash, given("hash"))),
  );
  const ofAgent = prepare<{ agent: string }, Row>(
    build
      .select()
      .from(keys)
      .where(and(eq(keys.agent, given("agent")), isNull(keys.revoked_at)))
      .orderBy(desc(keys.created_at), desc(keys.id)),
  );
  const ofAdmin = prepare<object, Row>(
    build
      .select()
      .from(keys)
      .where(and(isNull(keys.agent), isNull(keys.revoked_at)))
      .orderBy(desc(keys.created_at), desc(keys.id)),
  );
  const put = prepare<Row>(
    build
      .insert(keys)
      .values(wholeRow(keys))
      .onConflictDoUpdate({ target: keys.id, set: replacedExcept(keys, "id") }),
  );

  const port: Keys = {
    findByHash: (hash) => read(() => one(byHash, { hash }, toKey)),
    of: (agent) => read(() => many(ofAgent, { agent }, toKey)),
    ofAdmin: () => read(() => many(ofAdmin, {}, toKey)),
  };

  return {
    port,
    *write(key: Key): Script<void> {
      yield* run(put, {
        ...{ id: key.id, agent: key.agent, hash: key.hash, signing_secret: key.signingSecret },
        ...{ created_at: key.createdAt, revoked_at: key.revokedAt },
      });
    },
  };
}

function toKey(row: Row): Key {
  return {
    id: row.id as KeyId,
    agent: row.agent as AgentId | null,
    hash: row.hash,
    signingSecret: row.signing_secret,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}
