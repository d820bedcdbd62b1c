/** What the store needs of a database engine: to prepare statements, and to run scripts of them. */
import {
  getColumns,
  type InferInsertModel,
  is,
  Param,
  Placeholder,
  type Query,
  type SQL,
  sql,
} from "drizzle-orm";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { News, Pressure } from "../application/ports.ts";
import type { Tables } from "./schema.ts";
import type { Script, Statement, Value } from "./script.ts";

/** Builds queries and runs none. Typed as one engine's; the builders of the others have the same shape. */
export type Builder = Pick<
  BetterSQLite3Database,
  "select" | "selectDistinct" | "insert" | "update" | "delete"
>;

/** What a write wants done beside its rows. */
export interface Writing<Result> {
  /** Called after the commit and before the write resolves. */
  readonly committed?: (result: Result) => void;
  /** What replicas elsewhere are told by the commit. */
  readonly news?: (result: Result) => News | undefined;
  /** Finds out, from the rows alone, whether a commit whose answer was lost took place. */
  readonly proof?: (result: Result) => (() => Script<boolean>) | undefined;
  /** Waits behind everything else that is to be written. */
  readonly newWork?: boolean;
  /** The rows that the script decides by or changes, under any names: scripts that share none may run side by side. Left out: all. */
  readonly touches?: readonly string[];
}

export interface Engine {
  readonly build: Builder;
  readonly tables: Tables;
  /** A value that is given when the statement runs, as a condition or a new value. */
  given(name: string): SQL;
  /** Prepares a statement for as long as the engine lives. Its values are named by the query's placeholders. */
  prepare<In extends object, Row = never>(query: { toSQL(): Query }): Statement<In, Row>;
  /** Runs a script that only reads. */
  read<Result>(script: () => Script<Result>): Promise<Result>;
  /**
   * Runs a script in a durable transaction that other scripts may share, and resolves after its commit. Writers take
   * turns, on every replica: what a script has read stays true until it is committed. A script that throws writes nothing;
   * it may be run again from its beginning, so it keeps no state of its own.
   */
  write<Result>(script: () => Script<Result>, writing?: Writing<Result>): Promise<Result>;
  /** Counts the transactions of `write`: within one, what a script has appended is the end for those after it. */
  transaction(): number;
  /** Like `write`, but waits for nobody's turn: the script changes only rows that it has claimed, and never waits for one. */
  aside<Result>(script: () => Script<Result>): Promise<Result>;
  /** The query for rows to claim, such that it takes them for its transaction and passes over what another one has taken. */
  unclaimed(query: { toSQL(): Query }): { toSQL(): Query };
  /** Called with what replicas elsewhere have committed; `anything`: nobody knows what was missed. */
  onElsewhere(listener: (news: News | "anything") => Promise<void> | void): void;
  /** See `Store.current`. */
  current(): boolean;
  /** See `Store.pressure`. */
  pressure(): Pressure;
  /** Finishes what was begun, then lets go of the database. */
  close(): Promise<void>;
}

/** What somebody needs who writes nothing. */
export type Reading = Pick<Engine, "build" | "tables" | "given" | "prepare" | "read">;

type Slot = { readonly name: string } | { readonly value: Value };

/**
 * Text of a query, and how to put named values in the order of its parameters. Not every engine has the character NUL in
 * text, so all of them keep the symbol for it.
 */
export function compile<In extends object>(query: {
  toSQL(): Query;
}): { readonly text: string; readonly order: (values: In) => readonly Value[] } {
  const { sql: text, params } = query.toSQL();
  const slots = params.map((param): Slot => {
    const value = is(param, Param) ? param.value : param;
    return is(value, Placeholder) ? { name: nameOf(value) } : { value: value as Value };
  });
  const order = (values: In) =>
    slots.map((slot) => {
      if (!("name" in slot)) return slot.value;
      const value: Value | undefined = (values as Readonly<Record<string, Value>>)[slot.name];
      if (value === undefined) throw new Error(`no value for “${slot.name}” in: ${text}`);
      return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\u2400") : value;
    });
  return { text, order };
}

/** drizzle keeps a placeholder's name from its types, not from its objects. */
function nameOf(placeholder: Placeholder): string {
  return (placeholder as unknown as { readonly name: string }).name;
}

/**
 * A limit that is given when the statement runs. A sum, because SQLite plans anew for every bare parameter in a limit; cast,
 * because the builders' types know numbers only.
 */
export function limitedBy(name: string): Placeholder {
  return sql`${sql.placeholder(name)} + 0` as unknown as Placeholder;
}

/** Just the first; written out, where the builder would make a parameter of it. */
export const FIRST = sql.raw("1") as unknown as Placeholder;

/** One placeholder per column, named like it: the values of an insert that takes a whole row. */
export function wholeRow<T extends SQLiteTable>(table: T): InferInsertModel<T> {
  const names = Object.keys(getColumns(table));
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as InferInsertModel<T>;
}

/** On conflict, every column but the key takes the value that the refused row had. */
export function replacedExcept(table: SQLiteTable, key: string): Record<string, SQL> {
  const names = Object.keys(getColumns(table)).filter((name) => name !== key);
  return Object.fromEntries(names.map((name) => [name, sql`excluded.${sql.identifier(name)}`]));
}
