/** Writes on Postgres: what comes together is committed together, replicas take turns, and a commit whose answer was lost is looked up. */
import type { News, Pressure } from "../application/ports.ts";
import { createCommitQueue } from "./commit-queue.ts";
import type { Writing } from "./engine.ts";
import { tell } from "./group-commit.ts";
import { messages } from "./news.ts";
import { fault, isPassing } from "./postgres-faults.ts";
import type { Prepared, Session } from "./postgres-session.ts";
import type { Script } from "./script.ts";
import { sideBySide } from "./side-by-side.ts";

/**
 * Of advisory locks, this one is the writers' turn. What needs it is the audit trail, in which every line names the one
 * before; and it spares the rows that all writers touch, such as an agent's count of hold changes, every deadlock.
 */
export const TURN = 7_206_110;

/** A longer group would keep the other replicas waiting, and would be much to do again when one of it is bad. */
const MOST_TOGETHER = 100;

/** How long, in milliseconds, a lost commit is looked for before its writers are told that nobody knows. */
const PATIENCE = 8_000;
const BETWEEN_TRIES = 250;

const CLOSED = "the store is closed: nothing more can be written";

interface Entry {
  /** A new run of what is to be written, whose result the entry keeps. */
  script(): Script<void>;
  /** See `Writing.touches`. */
  readonly touches: readonly string[] | undefined;
  news(): News | undefined;
  proof(): (() => Script<boolean>) | undefined;
  settle(): void;
  refuse(error: unknown): void;
}

type Ending =
  | { readonly kind: "committed" }
  /** The database, or a script, said no: nothing of the group was written. */
  | { readonly kind: "refused"; readonly error: unknown }
  /** The connection was lost before the commit was sent: nothing of the group was written. */
  | { readonly kind: "lost"; readonly error: unknown; readonly wasConnected: boolean }
  /** The connection was lost after that. */
  | { readonly kind: "unknown"; readonly error: unknown };

export interface Writer {
  write<Result>(script: () => Script<Result>, writing?: Writing<Result>): Promise<Result>;
  /** In a transaction of its own, and in nobody's turn. */
  aside<Result>(script: () => Script<Result>): Promise<Result>;
  /** See `Engine.transaction`. */
  transaction(): number;
  /** See `Store.pressure`: of this replica's own line, in which the wait for its turn is part of every group. */
  pressure(): Pressure;
  /** Finishes what waits and takes no more. */
  close(): Promise<void>;
}

export function createWriter(options: {
  connect(): Promise<Session>;
  readonly statements: readonly Prepared[];
  readonly channel: string;
  /** By which the replica knows its own messages. */
  readonly name: string;
  /** Writers were told that nobody knows: what they wrote may be there. */
  missed(): void;
}): Writer {
  const { connect, statements } = options;
  const begin: Prepared = { name: "begin", text: "begin", columns: [] };
  const commit: Prepared = { name: "commit", text: "commit", columns: [] };
  const turn: Prepared = { name: "turn", text: `select pg_advisory_xact_lock(${TURN})`, columns: undefined };
  const notify: Prepared = { name: "notify", text: "select pg_notify($1, $2)", columns: undefined };
  const queue = createCommitQueue<Entry>(MOST_TOGETHER);
  let working: Promise<void> | undefined;
  let closed = false;
  let transactions = 0;

  /** One transaction, whole or not at all. */
  async function attempt(work: (session: Session) => Promise<void>): Promise<Ending> {
    let committing = false;
    let session: Session;
    try {
      session = await connect();
    } catch (error) {
      return { kind: "lost", error, wasConnected: false };
    }
    try {
      session.send(begin);
      await work(session);
      session.send(commit);
      committing = true;
      await session.flush();
      return { kind: "committed" };
    } catch (error) {
      if (!session.broken()) {
        const undone = await session.rollback().then(
          () => true,
          () => false,
        );
        if (undone) return { kind: "refused", error };
      }
      return committing ? { kind: "unknown", error } : { kind: "lost", error, wasConnected: true };
    } finally {
      session.release();
    }
  }

  const together = (group: readonly Entry[]) =>
    attempt(async (session) => {
      session.send(turn);
      transactions += 1;
      for (const entries of sideBySide(group)) {
        await session.runAll(
          entries.map((entry) => entry.script()),
          statements,
        );
      }
      const news = group.flatMap((entry) => entry.news() ?? []);
      for (const text of messages(options.name, news)) session.send(notify, [options.channel, text]);
    });

  async function commitAll(group: readonly Entry[]): Promise<void> {
    let ending = await together(group);
    if (deservesAnother(ending, group.length)) ending = await together(group);
    switch (ending.kind) {
      case "committed":
        for (const entry of group) entry.settle();
        return;
      case "lost":
        refuseAll(group, fault("the database can't be reached, and nothing was written", ending.error));
        return;
      case "refused":
        if (group.length === 1) refuseAll(group, ending.error);
        // One of the group is bad, and only that one is to hear of it.
        else for (const entry of group) await commitAll([entry]);
        return;
      case "unknown":
        await lookUp(group, ending.error);
    }
  }

  /** Whether a group whose commit was not answered is there, or is to be written again. */
  async function lookUp(group: readonly Entry[], error: unknown): Promise<void> {
    const proof = group.map((entry) => entry.proof()).find((one) => one !== undefined);
    // Nothing of it can be told apart afterwards; such steps may be written twice and mean the same.
    if (!proof) return commitAll(group);
    const until = performance.now() + PATIENCE;
    while (performance.now() < until) {
      let found = false;
      // Whoever has the turn comes after the lost transaction: by then it is over, one way or the other.
      const looked = await attempt(async (session) => {
        session.send(turn);
        found = await session.run(proof(), statements);
      });
      if (looked.kind === "committed") {
        if (!found) return commitAll(group);
        for (const entry of group) entry.settle();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES));
    }
    options.missed();
    refuseAll(
      group,
      fault("the database was lost while it committed, and nobody knows yet whether this was written", error),
    );
  }

  async function work(): Promise<void> {
    // What else this turn of the loop brings goes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (!queue.isEmpty()) {
      await commitAll(queue.next());
      queue.done();
    }
    working = undefined;
  }

  function write<Result>(script: () => Script<Result>, writing: Writing<Result> = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (closed) throw new Error(CLOSED);
      /** Of the last run: one that failed is run again. */
      let result: Result;
      const entry: Entry = {
        *script() {
          result = yield* script();
        },
        touches: writing.touches,
        news: () => writing.news?.(result),
        proof: () => writing.proof?.(result),
        settle() {
          tell(() => writing.committed?.(result));
          resolve(result);
        },
        refuse: reject,
      };
      queue.add(entry, writing.newWork ?? false);
      working ??= work();
    });
  }

  async function aside<Result>(script: () => Script<Result>): Promise<Result> {
    if (closed) throw new Error(CLOSED);
    return new Promise((resolve, reject) => {
      let done = () => {};
      const ending = attempt(async (session) => {
        const result = await session.run(script(), statements);
        done = () => resolve(result);
      });
      void ending.then((ended) => {
        if (ended.kind === "committed") done();
        else if (ended.kind === "refused") reject(ended.error);
        // Also when nobody knows: what was claimed then belongs to nobody, until its lease is over.
        else reject(fault("the database can't be reached", ended.error));
      });
    });
  }

  return {
    ...{ write, aside, pressure: queue.pressure },
    transaction: () => transactions,
    async close() {
      closed = true;
      await working;
    },
  };
}

/** A connection that lay idle may have died unnoticed, and some refusals are of the moment. */
function deservesAnother(ending: Ending, size: number): boolean {
  if (ending.kind === "lost") return ending.wasConnected;
  return ending.kind === "refused" && size === 1 && isPassing(ending.error);
}

function refuseAll(entries: readonly Entry[], error: unknown): void {
  for (const entry of entries) entry.refuse(error);
}
