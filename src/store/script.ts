/** Scripts: what the store does, written once as statements in order; each engine runs them in its own way. */

/** What both engines store: text, integers (instants are milliseconds since 1970), and nothing. */
export type Value = string | number | null;

/** A prepared statement: named values in, rows out. Only the engine that prepared it can run it. */
export interface Statement<In, Row> {
  /** Its place among the engine's prepared statements. */
  readonly at: number;
  readonly text: string;
  /** The values in the order of the statement's parameters. Throws when one is missing. */
  order(values: In): readonly Value[];
  /** Never there: it carries the type of the rows. */
  readonly row?: Row;
}

export interface Call {
  readonly at: number;
  readonly values: readonly Value[];
  /** The script goes on at once, and looks at the outcome only after `arrived`, or after the commit. */
  readonly later: boolean;
}

/** Waits until every outcome that was left for later is there. */
export type Arrival = "arrival";

export interface Outcome {
  readonly rows: readonly unknown[];
  readonly changes: number;
}

/**
 * Asks for one statement after another and ends with a result. A generator, so that the same lines run at once on an
 * engine that answers at once, and await each answer on one that is a network away.
 */
export type Script<Result> = Generator<Call | Arrival, Result, Outcome>;

export function* rowsOf<In, Row>(statement: Statement<In, Row>, values: In): Script<readonly Row[]> {
  const { rows } = yield { at: statement.at, values: statement.order(values), later: false };
  return rows as readonly Row[];
}

/**
 * Asks without waiting: the rows can be looked at after `arrived`, or after the commit. An engine that is a network away
 * sends such statements together, so that several questions are one journey.
 */
export function* rowsLater<In, Row>(statement: Statement<In, Row>, values: In): Script<() => readonly Row[]> {
  const outcome = yield { at: statement.at, values: statement.order(values), later: true };
  return () => outcome.rows as readonly Row[];
}

/** Until what was asked for later is there. */
export function* arrived(): Script<void> {
  yield "arrival";
}

/** Runs a statement and looks at nothing of its outcome. */
export function* run<In>(statement: Statement<In, unknown>, values: In): Script<void> {
  yield { at: statement.at, values: statement.order(values), later: true };
}

export function* firstOf<In, Row>(statement: Statement<In, Row>, values: In): Script<Row | undefined> {
  const rows = yield* rowsOf(statement, values);
  return rows[0];
}

/** The first row as what it stands for; undefined where there is none. */
export function* one<In, Row, Thing>(
  statement: Statement<In, Row>,
  values: In,
  to: (row: Row) => Thing,
): Script<Thing | undefined> {
  const row = yield* firstOf(statement, values);
  return row === undefined ? undefined : to(row);
}

/** Every row as what it stands for. */
export function* many<In, Row, Thing>(
  statement: Statement<In, Row>,
  values: In,
  to: (row: Row) => Thing,
): Script<readonly Thing[]> {
  const rows = yield* rowsOf(statement, values);
  return rows.map(to);
}

/** The `n` of a statement that counts. */
export function* countOf<In>(statement: Statement<In, { readonly n: number }>, values: In): Script<number> {
  const row = yield* firstOf(statement, values);
  return row?.n ?? 0;
}

/** How many rows the statement changed, to be asked after `arrived`. */
export function* changesLater<In>(statement: Statement<In, unknown>, values: In): Script<() => number> {
  const outcome = yield { at: statement.at, values: statement.order(values), later: true };
  return () => outcome.changes;
}

/** How many rows the statement changed. */
export function* changesOf<In>(statement: Statement<In, unknown>, values: In): Script<number> {
  const { changes } = yield { at: statement.at, values: statement.order(values), later: false };
  return changes;
}
