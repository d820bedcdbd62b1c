/** Runs scripts on Postgres: readers on a pool of connections, writers in turn, and an ear for other replicas. */
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { type Builder, compile, type Engine } from "./engine.ts";
import { fault } from "./postgres-faults.ts";
import { createListener } from "./postgres-listener.ts";
import { openSession, type Prepared, type Session } from "./postgres-session.ts";
import { createWriter } from "./postgres-writer.ts";
import type { Script } from "./script.ts";
import { tables } from "./tables.postgres.ts";

const CHANNEL = "holdpoint";

/** As what connections of replicas are listed by the server. */
export const SERVING = "holdpoint";

/** Connections of one replica: these, and one that listens. A server gives a hundred by default. */
const READERS = 8;
/** A group's and a claim's. */
const WRITERS = 2;

/** Milliseconds. */
const PATIENCE = { connect: 5_000, turn: 5_000, statement: 8_000 };

/** A replica that was stopped in the middle of a transaction loses it, and with it the turn, after so many milliseconds. */
const IDLE_IN_TRANSACTION = 2_000;

/** Connects; the database must have its tables. */
export async function createPostgresEngine(url: string): Promise<Engine> {
  const connection: pg.ClientConfig = {
    connectionString: url,
    application_name: SERVING,
    keepAlive: true,
    connectionTimeoutMillis: PATIENCE.connect,
    statement_timeout: PATIENCE.statement,
    lock_timeout: PATIENCE.turn,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
  };
  const statements: Prepared[] = [];
  const name = randomUUID();
  const readers = poolOf(connection, READERS);
  const writers = poolOf(connection, WRITERS);
  const connect = (pool: pg.Pool) => async (): Promise<Session> => openSession(await pool.connect());
  const listener = await createListener({ connection, channel: CHANNEL, name });
  const writer = createWriter({
    ...{ statements, name, channel: CHANNEL, connect: connect(writers), missed: listener.missed },
  });

  async function read<Result>(script: () => Script<Result>, again = true): Promise<Result> {
    let session: Session | undefined;
    try {
      session = await connect(readers)();
      return await session.run(script(), statements);
    } catch (error) {
      if (session && !session.broken()) throw error;
      // A connection that lay idle may have died unnoticed; reading twice harms nobody.
      if (session && again) return read(script, false);
      throw fault("the database can't be reached", error);
    } finally {
      session?.release();
    }
  }

  return {
    // Its types are those of the other engine's builder, which has the same shape.
    build: drizzle.mock() as unknown as Builder,
    tables,
    given: (placeholder) => sql`${sql.placeholder(placeholder)}`,
    prepare(query) {
      const { text, order } = compile(query);
      const at = statements.push({ name: `s${statements.length}`, text, columns: undefined }) - 1;
      return { at, text, order };
    },
    unclaimed: (query) => ({
      toSQL() {
        const { sql: text, ...rest } = query.toSQL();
        return { ...rest, sql: `${text} for update skip locked` };
      },
    }),
    read: (script) => read(script),
    write: writer.write,
    aside: writer.aside,
    onElsewhere: listener.onElsewhere,
    current: listener.current,
    async close() {
      await writer.close();
      await listener.close();
      await Promise.all([readers.end(), writers.end()]);
    },
  };
}

function poolOf(connection: pg.ClientConfig, max: number): pg.Pool {
  const pool = new pg.Pool({
    ...{ ...connection, max, idleTimeoutMillis: 0 },
    // An acknowledged step is on disk, whatever a server's administrator has set for everybody.
    async onConnect(client) {
      await client.query(
        "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'",
      );
    },
  });
  // Of a connection that dies while nobody uses it: the next one to need it gets another.
  pool.on("error", () => {});
  return pool;
}
