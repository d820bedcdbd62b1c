/** Runs scripts on Postgres: readers on a pool of connections, writers in turn, and an ear for other replicas. */
import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Engine } from "./engine.ts";
import { createListener } from "./postgres-listener.ts";
import { connectionTo, poolOf, readingOn } from "./postgres-reader.ts";
import { openSession, type Prepared, type Session } from "./postgres-session.ts";
import { createWriter } from "./postgres-writer.ts";

const CHANNEL = "holdpoint";

/** As what connections of replicas are listed by the server. */
export const SERVING = "holdpoint";

/** Connections of one replica: these, and one that listens. A server gives a hundred by default. */
const READERS = 8;
/** A group's and a claim's. */
const WRITERS = 2;

/** Connects; the database must have its tables. */
export async function createPostgresEngine(url: string): Promise<Engine> {
  const connection = connectionTo(url, SERVING);
  const statements: Prepared[] = [];
  const name = randomUUID();
  const readers = poolOf(connection, READERS);
  const writers = poolOf(connection, WRITERS);
  const connect = (pool: pg.Pool) => async (): Promise<Session> => openSession(await pool.connect());
  const listener = await createListener({ connection, channel: CHANNEL, name });
  const writer = createWriter({
    ...{ statements, name, channel: CHANNEL, connect: connect(writers), missed: listener.missed },
  });

  let closing: Promise<void> | undefined;
  async function letGo(): Promise<void> {
    await writer.close();
    await listener.close();
    await Promise.all([readers.end(), writers.end()]);
  }

  return {
    ...readingOn(readers, statements),
    unclaimed: (query) => ({
      toSQL() {
        const { sql: text, ...rest } = query.toSQL();
        return { ...rest, sql: `${text} for update skip locked` };
      },
    }),
    write: writer.write,
    aside: writer.aside,
    transaction: writer.transaction,
    onElsewhere: listener.onElsewhere,
    current: listener.current,
    pressure: writer.pressure,
    close() {
      closing ??= letGo();
      return closing;
    },
  };
}
