/** Postgres databases for tests: each test gets one of its own, on the run's one server. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import pg from "pg";
import { describe, inject, it } from "vitest";
import { migrationsFolder, readMigrations } from "../../src/store/migrations.ts";
import { migrate } from "../../src/store/postgres-migrate.ts";

/** How long the server may take to start, in milliseconds. */
const PATIENCE = 20_000;

export interface Database {
  readonly url: string;
  /** Runs one statement on a connection that is the test's own. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  drop(): Promise<void>;
}

/** A database with this build's tables, or with none. */
export type NewDatabase = (kind?: "migrated" | "empty") => Promise<Database>;

type Server = { readonly database: NewDatabase } | { readonly missing: string };

/** Tests that need a server: where there is none, one skipped test says so, and why. */
export async function describeOnPostgres(
  title: string,
  tests: (database: NewDatabase) => void,
): Promise<void> {
  const server = await postgresServer();
  if ("missing" in server) {
    console.warn(unlessRequired(`Not tested here: ${title}. There is no Postgres server: ${server.missing}`));
    it.skip(`${title} (not tested: there is no Postgres server here)`, () => {});
  } else describe(title, () => tests(server.database));
}

/** The words of a skip; where Postgres has to be tested, as in CI, they are an error. */
export function unlessRequired(words: string): string {
  if (process.env.HOLDPOINT_TEST_POSTGRES === "required") throw new Error(words);
  return words;
}

let asked: Promise<Server> | undefined;

/** The run's server, once it is up; or why there is none. */
export function postgresServer(): Promise<Server> {
  asked ??= lookForServer();
  return asked;
}

async function lookForServer(): Promise<Server> {
  const { url, failed } = inject("postgres");
  const until = performance.now() + PATIENCE;
  for (;;) {
    if (existsSync(failed)) return { missing: readFileSync(failed, "utf8") };
    try {
      const client = await connected(url);
      await client.end();
      return { database: databasesOn(url) };
    } catch (error) {
      if (performance.now() > until) return { missing: `it does not answer: ${String(error)}` };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function databasesOn(server: string): NewDatabase {
  const named = (name: string) => {
    const url = new URL(server);
    url.pathname = `/${name}`;
    return url.href;
  };
  const administer = async (statement: string) => {
    const client = await connected(server);
    await client.query(statement).finally(() => client.end());
  };
  const newName = () => `holdpoint_test_${randomBytes(6).toString("hex")}`;
  let template: Promise<string> | undefined;
  /** Migrated once; copying it takes a fifth of the time. */
  const makeTemplate = async () => {
    const name = newName();
    await administer(`create database ${name}`);
    await migrate(named(name), readMigrations(migrationsFolder("postgres")), () => 0);
    return name;
  };

  return async (kind = "migrated") => {
    if (kind === "migrated") template ??= makeTemplate();
    const from = kind === "migrated" ? `template ${await template} strategy file_copy` : "";
    const name = newName();
    await administer(`create database ${name} ${from}`);
    const url = named(name);
    let own: Promise<pg.Client> | undefined;
    let last: Promise<unknown> = Promise.resolve();
    return {
      url,
      async query(text, values = []) {
        own ??= connected(url);
        const client = await own;
        const asked = last.then(() => client.query<Record<string, unknown>>(text, [...values]));
        last = asked.catch(() => {});
        return (await asked).rows;
      },
      async drop() {
        await (await own)?.end();
        await administer(`drop database ${name} with (force)`);
      },
    };
  };
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
}
