/** Runs scripts on SQLite: one connection, which answers at once, so a script runs from end to end without a pause. */
import type Database from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { compile, type Engine } from "./engine.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { Outcome, Script } from "./script.ts";
import { tables } from "./tables.sqlite.ts";

/** The database must have its tables: statements are compiled when they are prepared. */
export function createSqliteEngine(database: Database.Database): Engine {
  const prepared: Database.Statement[] = [];

  function run<Result>(script: Script<Result>): Result {
    let step = script.next();
    while (!step.done) {
      const { at, values } = step.value;
      const statement = prepared[at];
      if (!statement) throw new Error("this statement was prepared by another engine");
      const outcome: Outcome = statement.reader
        ? { rows: statement.all(...values), changes: 0 }
        : { rows: [], changes: statement.run(...values).changes };
      step = script.next(outcome);
    }
    return step.value;
  }

  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  const rollback = database.prepare("rollback");
  const group = createGroupCommit({
    begin: () => begin.run(),
    commit: () => commit.run(),
    rollback: () => {
      // A full disk and some other faults end the transaction by themselves.
      if (database.inTransaction) rollback.run();
    },
  });

  return {
    build: drizzle.mock(),
    tables,
    prepare(query) {
      const { text, order } = compile(query);
      return { at: prepared.push(database.prepare(text)) - 1, text, order };
    },
    read: async (script) => run(script()),
    write: (script, committed) => group.add(() => run(script()), committed),
    close: async () => {
      group.close();
      database.close();
    },
  };
}
