/** A Postgres of the bench's own, on the same disk as everything else, from npm's embedded one. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "../../src/free-port.ts";
import { startPostgres } from "../../test/support/postgres-server.ts";

export interface PostgresServer {
  /** The URL of a new, empty database. */
  database(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** As it is installed: every commit is on the disk before it is answered. Why there is none, where there is none. */
export async function openPostgres(): Promise<PostgresServer | { readonly missing: string }> {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-postgres-"));
  // The server runs as another user, and has to reach its data in it.
  chmodSync(folder, 0o755);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const port = await freePort("127.0.0.1");
  const url = (name: string) => `postgres://holdpoint:holdpoint@127.0.0.1:${port}/${name}`;
  try {
    const server = await startPostgres(join(folder, "data"), port);
    return {
      async database(name) {
        const client = new pg.Client({ connectionString: url("postgres") });
        await client.connect();
        const { rows } = await client.query(
          "select current_setting('fsync') || current_setting('synchronous_commit') as durable",
        );
        if (rows[0]?.durable !== "onon") throw new Error("this Postgres does not keep what it answers");
        await client.query(`create database ${name}`);
        await client.end();
        return url(name);
      },
      async stop() {
        await server.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    return { missing: String(error) };
  }
}
