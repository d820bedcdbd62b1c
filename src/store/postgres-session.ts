/** One connection, on which statements travel together: what nobody waits for is sent with the next that somebody does. */
import type { Connection, DatabaseError, PoolClient, Submittable } from "pg";
import type { Arrival, Call, Outcome, Script, Value } from "./script.ts";

/** The server ends a statement long before; whoever is silent for so long, in milliseconds, is gone. */
const SILENCE = 10_000;

const NOTHING: Outcome = { rows: [], changes: 0 };

const INT8 = 20;
const INT4 = 23;

/** A statement as all connections know it. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
  /** The columns of its rows, once the first connection that ran it was told. */
  columns: readonly Column[] | undefined;
}

interface Column {
  readonly name: string;
  readonly isNumber: boolean;
}

type Sent = Outcome & { rows: readonly unknown[]; changes: number };

export interface Session {
  /** Puts a statement among those that go with the next flush. Its outcome is there after it. */
  send(statement: Prepared, values?: readonly Value[]): Outcome;
  /** Sends what waits, in one journey. Throws what the database says to the first statement that failed. */
  flush(): Promise<void>;
  /** Runs a script from end to end; what it leaves for later has arrived only after the next flush. */
  run<Result>(script: Script<Result>, statements: readonly Prepared[]): Promise<Result>;
  /** Runs scripts side by side: each goes on until it has to wait, and what all of them wait for is one journey. */
  runAll(scripts: readonly Script<unknown>[], statements: readonly Prepared[]): Promise<void>;
  /** Ends a transaction that failed, and forgets what waits. */
  rollback(): Promise<void>;
  /** Whether the connection itself is lost, or is about to be. */
  broken(): boolean;
  /** Gives the connection back, or throws it away. */
  release(): void;
}

/** Which statements a connection has; kept with it, because the pool gives it away again. */
interface Known {
  readonly parsed: Set<string>;
  /** Parsed by the server, in the order of its answers. */
  readonly parsing: string[];
  lost: boolean;
}

const known = new WeakMap<PoolClient, Known>();

/** Over a client from a pool. The caller releases it. */
export function openSession(client: PoolClient): Session {
  const { connection } = client as PoolClient & { readonly connection: Connection };
  const mine = known.get(client) ?? introduce(client, connection);
  let waiting: Item[] = [];

  async function flush(): Promise<void> {
    const items = waiting;
    waiting = [];
    if (items.length === 0) return;
    if (mine.lost) throw new Error("the connection to the database was lost");
    const silence = setTimeout(() => connection.stream.destroy(), SILENCE);
    try {
      await new Promise<void>((resolve, reject) => {
        client.query(batch(items, mine, (error) => (error ? reject(error) : resolve())));
      });
    } catch (error) {
      mine.parsing.length = 0;
      if (endsConnection(error)) mine.lost = true;
      throw error;
    } finally {
      clearTimeout(silence);
    }
  }

  function send(statement: Prepared, values: readonly Value[] = []): Outcome {
    const outcome: Sent = { rows: [], changes: 0 };
    waiting.push({ statement, values, outcome });
    return outcome;
  }

  /** Until the script has to wait: then what it waits for. Undefined at its end. */
  function advance(
    script: Script<unknown>,
    outcome: Outcome,
    statements: readonly Prepared[],
  ): Outcome | undefined {
    let step = script.next(outcome);
    while (!step.done) {
      const asked: Call | Arrival = step.value;
      if (asked === "arrival") return NOTHING;
      const statement = statements[asked.at];
      if (!statement) throw new Error("this statement was prepared by another engine");
      const sent = send(statement, asked.values);
      if (!asked.later) return sent;
      step = script.next(sent);
    }
    return undefined;
  }

  async function runAll(scripts: readonly Script<unknown>[], statements: readonly Prepared[]): Promise<void> {
    let waiting = scripts.map((script) => ({ script, outcome: NOTHING }));
    for (;;) {
      waiting = waiting.flatMap(({ script, outcome }) => {
        const next = advance(script, outcome, statements);
        return next ? [{ script, outcome: next }] : [];
      });
      if (waiting.length === 0) return;
      await flush();
    }
  }

  async function run<Result>(script: Script<Result>, statements: readonly Prepared[]): Promise<Result> {
    let ended: { readonly result: Result } | undefined;
    const whole = function* (): Script<void> {
      ended = { result: yield* script };
    };
    await runAll([whole()], statements);
    if (!ended) throw new Error("a script ended without its result");
    return ended.result;
  }

  return {
    ...{ send, flush, run, runAll },
    async rollback() {
      waiting = [];
      await client.query("rollback");
    },
    broken: () => mine.lost,
    release: () => client.release(mine.lost),
  };
}

function introduce(client: PoolClient, connection: Connection): Known {
  const mine: Known = { parsed: new Set(), parsing: [], lost: false };
  known.set(client, mine);
  connection.on("parseComplete", () => {
    const name = mine.parsing.shift();
    if (name !== undefined) mine.parsed.add(name);
  });
  for (const sign of ["error", "end"] as const) {
    client.on(sign, () => {
      mine.lost = true;
    });
  }
  return mine;
}

/** Whether an error means that the connection is over, and not only the statement; a standby's is of no more use either. */
function endsConnection(error: unknown): boolean {
  const { severity, code } = error as Partial<DatabaseError>;
  if (code === "25006") return true;
  return severity === undefined || severity === "FATAL" || severity === "PANIC";
}

interface Item {
  readonly statement: Prepared;
  readonly values: readonly Value[];
  readonly outcome: Sent;
}

/**
 * Several statements between two synchronisations: the server runs them in order and, when one fails, none of the rest
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY). pg's own pipeline writes and
 * synchronises each one for itself.
 */
function batch(items: readonly Item[], mine: Known, done: (error?: unknown) => void): Submittable {
  let at = 0;
  let rows: unknown[] = [];
  const current = (): Item => {
    const item = items[at];
    if (!item) throw new Error("the database answered a statement that was not sent");
    return item;
  };
  const handlers = {
    submit(connection: Connection) {
      connection.stream.cork();
      const described = new Set<Prepared>();
      for (const { statement, values } of items) {
        const { name, text } = statement;
        if (!mine.parsed.has(name) && !mine.parsing.includes(name)) {
          connection.parse({ name, text, types: [] } as never, true);
          mine.parsing.push(name);
        }
        const texts = values.map((value) => (value === null ? null : String(value)));
        connection.bind({ statement: name, values: texts } as never, true);
        if (!statement.columns && !described.has(statement)) {
          connection.describe({ type: "P", name: "" }, true);
          described.add(statement);
        }
        connection.execute({} as never, true);
      }
      connection.sync();
      connection.stream.uncork();
    },
    handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }) {
      current().statement.columns = fields.map(({ name, dataTypeID }) => ({
        name,
        isNumber: dataTypeID === INT8 || dataTypeID === INT4,
      }));
    },
    handleDataRow({ fields }: { fields: readonly (string | null)[] }) {
      const row: Record<string, Value> = {};
      for (const [place, { name, isNumber }] of (current().statement.columns ?? []).entries()) {
        const text = fields[place] ?? null;
        row[name] = text !== null && isNumber ? Number(text) : text;
      }
      rows.push(row);
    },
    handleCommandComplete({ text }: { text: string }) {
      const { outcome, statement } = current();
      statement.columns ??= [];
      outcome.rows = rows;
      // “UPDATE 3”, “INSERT 0 1”, “BEGIN”
      outcome.changes = Number(/ (\d+)$/.exec(text)?.[1] ?? 0);
      rows = [];
      at += 1;
    },
    handleEmptyQuery() {},
    handlePortalSuspended() {},
    handleCopyInResponse() {},
    handleCopyData() {},
    handleError(error: unknown, connection: Connection) {
      if (endsConnection(error)) return done(error);
      // The server passes over what is left, and is ready again only then.
      const ready = () => {
        connection.off("readyForQuery", ready);
        connection.off("end", ready);
        done(error);
      };
      connection.on("readyForQuery", ready);
      connection.on("end", ready);
    },
    handleReadyForQuery: () => done(),
  };
  return handlers as unknown as Submittable;
}
