/** Reading on Postgres: a pool of connections on which scripts that only read are run. */
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { type Builder, compile, type Reading } from "./engine.ts";
import { fault } from "./postgres-faults.ts";
import { openSession, type Prepared, type Session } from "./postgres-session.ts";
import type { Script } from "./script.ts";
import { tables } from "./tables.postgres.ts";

/** Milliseconds. */
const PATIENCE = { connect: 5_000, turn: 5_000, statement: 8_000 };

/** A replica that was stopped in the middle of a transaction loses it, and with it the turn, after so many milliseconds. */
const IDLE_IN_TRANSACTION = 2_000;

/** `name`: as what the server lists the connections. */
export function connectionTo(url: string, name: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: name,
    keepAlive: true,
    connectionTimeoutMillis: PATIENCE.connect,
    statement_timeout: PATIENCE.statement,
    lock_timeout: PATIENCE.turn,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
  };
}

export function poolOf(connection: pg.ClientConfig, max: number): pg.Pool {
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

/** `statements`: where what is prepared is listed, for whoever else runs it. */
export function readingOn(pool: pg.Pool, statements: Prepared[]): Reading {
  async function read<Result>(script: () => Script<Result>, again = true): Promise<Result> {
    let session: Session | undefined;
    try {
      session = openSession(await pool.connect());
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
    read: (script) => read(script),
  };
}

/** One connection that can do nothing but read, whatever is run on it. */
export function openPostgresReader(url: string, name: string): Reading & { close(): Promise<void> } {
  const pool = poolOf({ ...connectionTo(url, name), options: "-c default_transaction_read_only=on" }, 1);
  return { ...readingOn(pool, []), close: () => pool.end() };
}
