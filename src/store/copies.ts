/** Copies of cards: where each stands on a platform, found again by its id, its escalation or the message itself. */
import { and, asc, desc, eq, getColumns, gte, ne, or, sql } from "drizzle-orm";
import type { Copies } from "../application/ports.ts";
import type { Severity } from "../domain/charter/severity.ts";
import type { Copy, CopySeen, MessageRef } from "../domain/delivery/copy.ts";
import { canonicalJson } from "../domain/escalation/action-digest.ts";
import type { CopyId, DigestId, EscalationId } from "../domain/ids.ts";
import { type Engine, FIRST, limitedBy, replacedExcept, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { firstOf, many, one, rowsLater, run, type Script } from "./script.ts";

type Row = Tables["copies"]["$inferSelect"];
type At = { readonly platform: string; readonly address_id: string };

export function copiesIn({ build, tables: { copies, escalations }, prepare, read, given }: Engine) {
  const select = () => build.select().from(copies);
  const find = prepare<{ id: string }, Row>(select().where(eq(copies.id, given("id"))));
  const ofEscalation = prepare<{ escalation: string }, Row>(
    select()
      .where(eq(copies.escalation, given("escalation")))
      .orderBy(asc(copies.created_at), asc(copies.id)),
  );
  const ofDigest = prepare<{ digest: string }, Row>(
    select()
      .where(eq(copies.digest, given("digest")))
      .orderBy(asc(copies.created_at), asc(copies.id)),
  );
  const byRef = prepare<{ platform: string; ref: string }, Row>(
    select()
      .where(and(eq(copies.platform, given("platform")), eq(copies.ref, given("ref"))))
      .orderBy(desc(copies.created_at), desc(copies.id))
      .limit(FIRST),
  );
  const standing = prepare<{ id: string }, Pick<Row, "part" | "state" | "queue" | "attempts">>(
    build
      .select({ part: copies.part, state: copies.state, queue: copies.queue, attempts: copies.attempts })
      .from(copies)
      .where(eq(copies.id, given("id"))),
  );

  const there = and(eq(copies.platform, given("platform")), eq(copies.address_id, given("address_id")));
  const since = gte(copies.attempted_at, given("since"));
  // Written out, as the index has them: else it does not serve these queries.
  const waits = sql`${copies.state} = 'wanted' and ${copies.queue} is null`;
  const waitingAt = prepare<At & { limit: number }, Row & { severity: string }>(
    build
      .select({ ...getColumns(copies), severity: escalations.severity })
      .from(copies)
      .innerJoin(escalations, eq(escalations.id, copies.escalation))
      .where(and(there, waits, eq(copies.part, sql`'card'`)))
      .orderBy(asc(copies.created_at))
      .limit(limitedBy("limit")),
  );
  const recentAt = prepare<At & { since: number; limit: number }, Row>(
    select()
      .where(and(there, since, sql`${copies.part} in ('card', 'queue')`))
      .orderBy(desc(copies.attempted_at))
      .limit(limitedBy("limit")),
  );
  const isQueue = eq(copies.part, sql`'queue'`);
  // In one statement, which sees one moment: of two, a queue card that goes from one state to the other is in neither.
  const queueAt = prepare<At & { since: number }, Row>(
    select()
      .where(and(isQueue, or(and(there, waits), and(there, since))))
      .orderBy(desc(waits), desc(copies.created_at))
      .limit(FIRST),
  );
  const isOpen = sql`${escalations.status} = 'open'`;
  const alikeAt = prepare<
    At & { agent: string; trigger: string; alike: string; since: number; but: string },
    Row
  >(
    build
      .select(getColumns(copies))
      .from(copies)
      .innerJoin(escalations, eq(escalations.id, copies.escalation))
      .where(
        and(
          ...[there, since, eq(copies.part, sql`'card'`), isOpen],
          eq(escalations.agent, given("agent")),
          eq(escalations.trigger, given("trigger")),
          eq(escalations.alike, given("alike")),
          ne(escalations.id, given("but")),
          ne(escalations.severity, sql`'critical'`),
        ),
      )
      .orderBy(desc(copies.attempted_at))
      .limit(FIRST),
  );
  const inQueue = prepare<{ queue: string }, Row>(
    select()
      .where(eq(copies.queue, given("queue")))
      .orderBy(asc(copies.created_at), asc(copies.id)),
  );
  const sizeOf = prepare<{ queue: string }, { rows: number; open: number }>(
    build
      .select({
        rows: sql<number>`count(*)`.as("rows"),
        open: sql<number>`coalesce(sum(case when ${isOpen} then 1 else 0 end), 0)`.as("open"),
      })
      .from(copies)
      .innerJoin(escalations, eq(escalations.id, copies.escalation))
      .where(and(eq(copies.queue, given("queue")), eq(copies.part, sql`'card'`))),
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
    ofDigest: (digest) => read(() => many(ofDigest, { digest }, toCopy)),
    byRef: (platform, ref) => read(() => one(byRef, { platform, ref: canonicalJson(ref) }, toCopy)),
    waitingAt: (address, limit) =>
      read(() =>
        many(waitingAt, { ...at(address), limit }, (row) => ({
          copy: toCopy(row),
          severity: row.severity as Severity,
        })),
      ),
    recentAt: (address, after, limit) =>
      read(() => many(recentAt, { ...at(address), since: after, limit }, toCopy)),
    queueAt: (address, after) => read(() => one(queueAt, { ...at(address), since: after }, toCopy)),
    alikeAt: (address, { id, agent, trigger, group }, after) =>
      read(() =>
        one(alikeAt, { ...at(address), agent, trigger, alike: group, since: after, but: id }, toCopy),
      ),
    inQueue: (queue) => read(() => many(inQueue, { queue }, toCopy)),
    queueSize: (queue) =>
      read(function* () {
        const size = yield* firstOf(sizeOf, { queue });
        return { rows: Number(size?.rows ?? 0), open: Number(size?.open ?? 0) };
      }),
  };

  return {
    port,
    /** Whether a copy stands differently by now than it was read. */
    *changed(seen: CopySeen): Script<() => boolean> {
      const stored = yield* rowsLater(standing, { id: seen.id });
      return () => {
        const [now] = stored();
        if (seen.state === null || now === undefined) return (now === undefined) !== (seen.state === null);
        const { part, state, queue, attempts } = seen;
        return (
          now.part !== part || now.state !== state || now.queue !== queue || Number(now.attempts) !== attempts
        );
      };
    },
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

function at({ platform, id }: Copy["address"]): At {
  return { platform, address_id: id };
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
