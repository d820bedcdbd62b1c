/** Two engines, one behaviour: the tables, columns, keys and indexes that each makes of its migrations are the same. */
import { expect, it } from "vitest";
import { describeOnPostgres } from "../support/postgres.ts";
import { openSqlite } from "./open-sqlite.ts";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
}

interface Table {
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  /** `column → table.column` */
  readonly references: readonly string[];
  readonly indexes: readonly string[];
}

/** An index in words: `unique answers_key (scope, key)`, with its condition where it has one. */
function indexWords(name: string, unique: boolean, columns: readonly string[], text: string | null): string {
  // One engine writes “WHERE "status" = 'open'”, the other “WHERE (status = 'open'::text)”.
  const condition = / where (.*)$/i
    .exec(text ?? "")?.[1]
    ?.replaceAll(/["()]|::text/g, "")
    .toLowerCase();
  return `${unique ? "unique " : ""}${name} (${columns.join(", ")})${condition ? ` where ${condition}` : ""}`;
}

async function sqliteTables(): Promise<Record<string, Table>> {
  const { store, database } = await openSqlite();
  const ask = <Row>(text: string) => database.prepare<[], Row>(text).all();
  const tables: Record<string, Table> = {};
  for (const { name } of ask<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> 'migrations'",
  )) {
    const columns = ask<{ name: string; type: string; notnull: number; pk: number }>(
      `select * from pragma_table_info('${name}')`,
    );
    const keyed = columns.filter((column) => column.pk > 0);
    tables[name] = {
      columns: columns.map((column) => ({
        name: column.name,
        type: column.type.toLowerCase(),
        // What is in a primary key is required there, whatever SQLite's own columns say.
        required: column.notnull === 1 || column.pk > 0,
      })),
      primaryKey: keyed.map((column) => column.name),
      references: ask<{ from: string; table: string; to: string }>(
        `select * from pragma_foreign_key_list('${name}')`,
      )
        .map((key) => `${key.from} → ${key.table}.${key.to}`)
        .sort(),
      indexes: ask<{ name: string; unique: number; origin: string; sql: string | null }>(
        `select list.name, list."unique", origin, sql from pragma_index_list('${name}') list join sqlite_master on sqlite_master.name = list.name`,
      )
        .filter((index) => index.origin === "c")
        .map((index) => {
          const on = ask<{ name: string }>(
            `select name from pragma_index_info('${index.name}') order by seqno`,
          );
          return indexWords(
            index.name,
            index.unique === 1,
            on.map((column) => column.name),
            index.sql,
          );
        })
        .sort(),
    };
  }
  await store.close();
  return tables;
}

const TYPES: Readonly<Record<string, string>> = { bigint: "integer" };

await describeOnPostgres("the tables", (newDatabase) => {
  it("are the same on both engines", async () => {
    const database = await newDatabase();
    const ask = database.query as <Row>(text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
    const tables: Record<string, Table> = {};
    for (const { name } of await ask<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migrations'",
    )) {
      const columns = await ask<{ name: string; type: string; required: boolean; sorted: string | null }>(
        `select column_name as name, data_type as type, is_nullable = 'NO' as required, collation_name as sorted
           from information_schema.columns where table_name = $1 order by ordinal_position`,
        [name],
      );
      // Ids are compared: every text sorts by its bytes, as SQLite's does.
      for (const { type, sorted } of columns) expect(sorted).toBe(type === "text" ? "C" : null);
      const constraints = await ask<{ type: string; text: string }>(
        "select contype as type, pg_get_constraintdef(oid) as text from pg_constraint where conrelid = $1::regclass",
        [name],
      );
      const of = (kind: string) => constraints.filter((one) => one.type === kind).map((one) => one.text);
      const indexes = await ask<{ name: string; unique: boolean; columns: string[]; text: string }>(
        `select relname as name, indisunique as unique, pg_get_indexdef(indexrelid) as text,
                array(select attname::text from unnest(indkey) with ordinality k(at, n)
                        join pg_attribute on attrelid = indrelid and attnum = k.at order by n) as columns
           from pg_index join pg_class on pg_class.oid = indexrelid
          where indrelid = $1::regclass and not indisprimary`,
        [name],
      );
      tables[name] = {
        columns: columns.map(({ name: column, type, required }) => ({
          ...{ name: column, type: TYPES[type] ?? type, required },
        })),
        primaryKey: of("p").flatMap((text) => /\((.*)\)/.exec(text)?.[1]?.split(", ") ?? []),
        references: of("f")
          .map((text) => text.replace(/^.*\((\w+)\) REFERENCES (\w+)\((\w+)\).*$/, "$1 → $2.$3"))
          .sort(),
        indexes: indexes.map((one) => indexWords(one.name, one.unique, one.columns, one.text)).sort(),
      };
    }
    await database.drop();
    expect(Object.keys(tables)).toHaveLength(21);
    expect(tables).toEqual(await sqliteTables());
  });
});
