/** Digests, one for each schedule and local date, and the inspections that people made of them by signing. */
import { and, asc, desc, eq, gt, gte, isNull, like, lt, notLike, sql } from "drizzle-orm";
import type { Digests, Unsigned } from "../application/ports/reviews.ts";
import type { AgentId, DigestId } from "../domain/ids.ts";
import type { Digest, DigestKind } from "../domain/review/digest.ts";
import { type Engine, FIRST, limitedBy, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { many, one, rowsLater, run, type Script } from "./script.ts";

type Row = Tables["digests"]["$inferSelect"];
type Head = Pick<Row, "id" | "kind" | "date" | "created_at">;

/** How the schedules of digests begin that somebody asked for: nobody waits for their signature. */
const ASKED_FOR = "asked:";

/** Sorts after every id: where a first page begins. */
const AFTER_ALL = "\u{10FFFF}";

export function digestsIn({ build, tables: { digests, inspections }, prepare, read, given }: Engine) {
  const { id, kind, date, created_at, schedule, body } = digests;
  const bodies = () => build.select({ body }).from(digests);
  const find = prepare<{ id: string }, Pick<Row, "body">>(bodies().where(eq(id, given("id"))));
  const latest = prepare<{ schedule: string }, Pick<Row, "date">>(
    build
      .select({ date })
      .from(digests)
      .where(eq(schedule, given("schedule")))
      .orderBy(desc(date))
      .limit(FIRST),
  );
  const before = lt(id, given("cursor"));
  const page = prepare<{ cursor: string; limit: number }, Pick<Row, "body">>(
    bodies().where(before).orderBy(desc(id)).limit(limitedBy("limit")),
  );
  const pageOf = prepare<{ kind: string; cursor: string; limit: number }, Pick<Row, "body">>(
    bodies()
      .where(and(eq(kind, given("kind")), before))
      .orderBy(desc(id))
      .limit(limitedBy("limit")),
  );
  const lastSigned = build
    .select({ last: sql`coalesce(max(${inspections.digest}), '')` })
    .from(inspections)
    .where(and(eq(inspections.agent, given("agent")), eq(inspections.kind, given("kind"))));
  const unsigned = prepare<{ agent: string; kind: string; says: string; since: number; limit: number }, Head>(
    build
      .select({ id, kind, date, created_at })
      .from(digests)
      .where(
        and(
          eq(kind, given("kind")),
          gt(id, sql`(${lastSigned})`),
          // Before the text is looked at, which is long and many.
          gte(created_at, given("since")),
          isNull(digests.skipped),
          notLike(schedule, sql`${sql.raw(`'${ASKED_FOR}%'`)}`),
          like(body, given("says")),
        ),
      )
      .orderBy(asc(id))
      .limit(limitedBy("limit")),
  );
  const taken = prepare<{ schedule: string; date: string }, Pick<Row, "id">>(
    build
      .select({ id })
      .from(digests)
      .where(and(eq(schedule, given("schedule")), eq(date, given("date")))),
  );
  const add = prepare<Row>(build.insert(digests).values(wholeRow(digests)));

  const port: Digests = {
    find: (one_) => read(() => one(find, { id: one_ }, toDigest)),
    latestDate: (key) => read(() => one(latest, { schedule: key }, (row) => row.date)),
    page: ({ kind: only, cursor = AFTER_ALL, limit }) =>
      read(() =>
        only
          ? many(pageOf, { kind: only, cursor, limit }, toDigest)
          : many(page, { cursor, limit }, toDigest),
      ),
    unsigned: (agent, only, { since, limit }) =>
      read(() => many(unsigned, { agent, kind: only, says: says(agent), since, limit }, toUnsigned)),
  };

  return {
    port,
    /** Whether its schedule has one for its date already. */
    *taken(digest: Digest): Script<() => boolean> {
      const stored = yield* rowsLater(taken, { schedule: digest.schedule, date: digest.date });
      return () => stored().length > 0;
    },
    *write(digest: Digest): Script<void> {
      yield* run(add, {
        ...{ id: digest.id, kind: digest.kind, schedule: digest.schedule, date: digest.date },
        ...{ created_at: digest.createdAt, skipped: digest.skipped, body: JSON.stringify(digest) },
      });
    },
  };
}

/** How the text of a digest names an agent in it: no other member of a digest is called so. Ids hold no wildcard. */
function says(agent: AgentId): string {
  return `%"agent":"${agent}"%`;
}

function toDigest(row: Pick<Row, "body">): Digest {
  return JSON.parse(row.body) as Digest;
}

function toUnsigned(row: Head): Unsigned {
  return {
    ...{ digest: row.id as DigestId, kind: row.kind as DigestKind },
    ...{ date: row.date, createdAt: row.created_at },
  };
}
