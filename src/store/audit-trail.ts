/** The audit trail: each line is sealed to the one before in the transaction that makes the change it tells of. */
import { hash as digestOf } from "node:crypto";
import { asc, desc, eq, gt } from "drizzle-orm";
import type { AuditTrail } from "../application/ports.ts";
import { type AuditActor, type AuditLine, GENESIS, type SealedLine, sealLine } from "../domain/audit.ts";
import { type Engine, FIRST, limitedBy, type Reading, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { firstOf, many, rowsLater, run, type Script } from "./script.ts";

type Row = Tables["audit"]["$inferSelect"];

export function sha256(text: string): string {
  return digestOf("sha256", text);
}

/** Reads the trail. */
export function auditTrailIn({ build, tables: { audit }, prepare, read, given }: Reading): AuditTrail {
  const select = () => build.select().from(audit);
  const after = prepare<{ seq: number; limit: number }, Row>(
    select()
      .where(gt(audit.seq, given("seq")))
      .orderBy(asc(audit.seq))
      .limit(limitedBy("limit")),
  );
  const latest = prepare<{ limit: number }, Row>(select().orderBy(desc(audit.seq)).limit(limitedBy("limit")));
  const ofEscalation = prepare<{ escalation: string }, Row>(
    select()
      .where(eq(audit.escalation, given("escalation")))
      .orderBy(asc(audit.seq)),
  );
  return {
    after: (seq, limit) => read(() => many(after, { seq, limit }, toLine)),
    latest: (limit) => read(() => many(latest, { limit }, toLine)),
    ofEscalation: (id) => read(() => many(ofEscalation, { escalation: id }, toLine)),
  };
}

/** Goes on with the trail: one line after the other, whoever writes them. */
export function sealingIn({ build, tables: { audit }, prepare, given, transaction }: Engine) {
  const head = prepare<object, Seal>(
    build.select({ seq: audit.seq, hash: audit.hash }).from(audit).orderBy(desc(audit.seq)).limit(FIRST),
  );
  const append = prepare<Row>(build.insert(audit).values(wholeRow(audit)));
  const hashAt = prepare<{ seq: number }, { hash: string }>(
    build
      .select({ hash: audit.hash })
      .from(audit)
      .where(eq(audit.seq, given("seq"))),
  );
  /** Where the trail ends in the transaction under way: read once, then known by what was appended. */
  let end = { of: 0, at: (): Seal => ({ seq: 0, hash: GENESIS }) };

  return {
    /** Asks where the trail ends. What was asked has to arrive before `append`. */
    *readEnd(): Script<void> {
      if (end.of === transaction()) return;
      const rows = yield* rowsLater(head, {});
      end = { of: transaction(), at: () => rows()[0] ?? { seq: 0, hash: GENESIS } };
    },
    /** Appends the lines after the end that was read, and says where the trail ends now. */
    *append(lines: readonly AuditLine[]): Script<Seal> {
      let { seq, hash } = end.at();
      for (const line of lines) {
        seq += 1;
        hash = sealLine(hash, seq, line, sha256);
        yield* run(append, toRow(line, seq, hash));
      }
      end = { of: transaction(), at: () => ({ seq, hash }) };
      return { seq, hash };
    },
    /** Whether the trail has this very line: its hash is of all that was ever written up to it. */
    *has({ seq, hash }: Seal): Script<boolean> {
      const stored = yield* firstOf(hashAt, { seq });
      return stored?.hash === hash;
    },
  };
}

/** A line by its place and its hash. */
export interface Seal {
  readonly seq: number;
  readonly hash: string;
}

function toRow(line: AuditLine, seq: number, hash: string): Row {
  return {
    seq,
    at: line.at,
    kind: line.kind,
    actor: JSON.stringify(line.actor),
    agent: line.agent ?? null,
    escalation: line.escalation ?? null,
    detail: line.detail === undefined ? null : JSON.stringify(line.detail),
    hash,
  };
}

/** A member that was absent stays absent: the hash is of the members that are there. */
function toLine(row: Row): SealedLine {
  return {
    seq: row.seq,
    at: row.at,
    kind: row.kind as AuditLine["kind"],
    actor: JSON.parse(row.actor) as AuditActor,
    ...(row.agent === null ? {} : { agent: row.agent }),
    ...(row.escalation === null ? {} : { escalation: row.escalation }),
    ...(row.detail === null ? {} : { detail: JSON.parse(row.detail) as Record<string, unknown> }),
    hash: row.hash,
  };
}
