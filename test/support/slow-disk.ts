/** A disk that takes its time: to whoever looks at the clock, every commit of a SQLite database lasts as long as a test wants. */
import Database from "better-sqlite3";

export interface SlowDisk {
  /** From now on each commit takes so many milliseconds more than it does. */
  takes(ms: number): void;
  /** Databases that are opened from now on lie on the real disk. */
  remove(): void;
}

/** Only databases that are opened after it was put in lie on it. Nobody really waits: the monotonic clock is moved. */
export function slowDisk(): SlowDisk {
  let sync = 0;
  let moved = 0;
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function (this: Database.Database, source: string) {
    const statement = prepare.call(this, source);
    if (!/^commit$/i.test(source)) return statement;
    const run = statement.run.bind(statement);
    statement.run = (...values: [object]) => {
      moved += sync;
      return run(...values);
    };
    return statement;
  } as typeof prepare;
  const now = performance.now.bind(performance);
  performance.now = () => now() + moved;
  return {
    takes(ms) {
      sync = ms;
    },
    remove() {
      Database.prototype.prepare = prepare;
      performance.now = now;
    },
  };
}
