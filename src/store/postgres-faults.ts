/** What went wrong with the database, in words for the operator; the password is never among them. */
import type { DatabaseError } from "pg";
import { storeAway } from "../application/store-away.ts";

const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody answers at its address",
  ENOTFOUND: "its host name is not known",
  ECONNRESET: "it closed the connection",
  ETIMEDOUT: "it did not answer in time",
  "28P01": "it refused the user's password",
  "28000": "it refused the user",
  "3D000": "it has no such database",
  "25006": "it takes no writes: it is a standby, or was made read-only",
  "53300": "it has no connection left: raise max_connections, or run fewer replicas",
  "55P03": "another replica has kept its turn at writing for too long",
  "57P01": "it is shutting down",
  "57P02": "it has crashed",
  "57P03": "it is starting up",
};

/** An error like “the database can't be reached: nobody answers at its address (ECONNREFUSED)”. */
export function fault(what: string, cause: unknown): Error {
  const { code, message } = cause as Partial<DatabaseError>;
  const meaning = code ? MEANINGS[code] : undefined;
  const detail = meaning ? `${meaning} (${code})` : (message ?? String(cause));
  return storeAway(`${what}: ${detail}`, cause);
}

/** A statement that would have been right at another moment: a deadlock, a lost race for a row, a standby since just now. */
export function isPassing(cause: unknown): boolean {
  const { code } = cause as Partial<DatabaseError>;
  return code === "40001" || code === "40P01" || code === "23505" || code === "25006";
}

/** Where the database is, without who one is there: `postgres://host:5432/name`. */
export function placeOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `postgres://${host}${pathname}`;
  } catch {
    return "the Postgres database";
  }
}
