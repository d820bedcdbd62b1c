/** Copies of cards: where each stands on a platform, found again by its id, its escalation or the message itself. */
import { and, asc, desc, eq } from "drizzle-orm";
import type { Copies } from "../application/ports.ts";
import { canonicalJson } from "../domain/action-digest.ts";
import type { Copy, MessageRef } from "../domain/copy.ts";
import type { CopyId, DigestId, EscalationId } from "../domain/ids.ts";
import { type Engine, FIRST, replacedExcept, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { many, one, run, type Script } from "./script.ts";

type Row = Tables["copies"]["$inferSelect"];

export function copiesIn({ build, tables: { copies }, prepare, read, given }: Engine) {
  const select = () => build.select().from(copies);
  const find = prepare<{ id: string }, Row>(select().where(eq(copies.id, given("id"))));
  const ofEscalation = prepare<{ escalation: string }, Row>(
    select()
      .where(eq(copies.escalation, given("escalation")))
      .orderBy(asc(copies.created_at), asc(copies.id)),
  );
  const byRef = prepare<{ platform: string; ref: string }, Row>(
    select()
      .where(and(eq(copies.platform, given("platform")), eq(copies.ref, given("ref"))))
      .orderBy(desc(copies.created_at), desc(copies.id))
      .limit(FIRST),
  );
  const put = prepare<Row>(
    build
      .insert(copies)
      .values(wholeRow(copies))
      .onConflictDoUpdate({ target: copies.id, set: replacedExcept(copies, "id") }),
  );

  const port: Copies = {
    find: (id) => read(() => one(find, { id }, toCopy)),
    of: (escalation) => read(() => many(ofEscalation, { escalation }, toCopy)),
    byRef: (platform, ref) => read(() => one(byRef, { platform, ref: canonicalJson(ref) }, toCopy)),
  };

  return {
    port,
    *write(copy: Copy): Script<void> {
      yield* run(put, {
        id: copy.id,
        escalation: copy.escalation,
        digest: copy.digest,
        queue: copy.queue,
        part: copy.part,
        platform: copy.address.platform,
        address_kind: copy.address.kind,
        address_id: copy.address.id,
        state: copy.state,
        ref: copy.ref && canonicalJson(copy.ref),
        attempts: copy.attempts,
        attempted_at: copy.attemptedAt,
        uncertain_since: copy.uncertainSince,
        drawn: copy.drawn,
        error: copy.error,
        created_at: copy.createdAt,
      });
    },
  };
}

function toCopy(row: Row): Copy {
  return {
    id: row.id as CopyId,
    escalation: row.escalation as EscalationId | null,
    digest: row.digest as DigestId | null,
    queue: row.queue as CopyId | null,
    part: row.part as Copy["part"],
    address: {
      platform: row.platform,
      kind: row.address_kind as Copy["address"]["kind"],
      id: row.address_id,
    },
    state: row.state as Copy["state"],
    ref: row.ref === null ? null : (JSON.parse(row.ref) as MessageRef),
    attempts: row.attempts,
    attemptedAt: row.attempted_at,
    uncertainSince: row.uncertain_since,
    drawn: row.drawn,
    error: row.error,
    createdAt: row.created_at,
  };
}
