/** Inspections: who signed which digest for which agent, once. */
import { and, asc, desc, eq } from "drizzle-orm";
import type { Inspections } from "../application/ports/reviews.ts";
import type { AgentId, DigestId } from "../domain/ids.ts";
import type { DigestKind, Inspection } from "../domain/review/digest.ts";
import { type Engine, limitedBy, wholeRow } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { many, rowsLater, run, type Script } from "./script.ts";

type Row = Tables["inspections"]["$inferSelect"];

export function inspectionsIn({ build, tables: { inspections }, prepare, read, given }: Engine) {
  const select = () => build.select().from(inspections);
  const ofDigest = eq(inspections.digest, given("digest"));
  const ofAgent = eq(inspections.agent, given("agent"));
  const of = prepare<{ digest: string }, Row>(select().where(ofDigest).orderBy(asc(inspections.agent)));
  const latest = prepare<{ agent: string; limit: number }, Row>(
    select().where(ofAgent).orderBy(desc(inspections.at)).limit(limitedBy("limit")),
  );
  const taken = prepare<{ digest: string; agent: string }, Pick<Row, "id">>(
    build.select({ id: inspections.id }).from(inspections).where(and(ofDigest, ofAgent)),
  );
  const add = prepare<Row>(build.insert(inspections).values(wholeRow(inspections)));

  const port: Inspections = {
    of: (digest) => read(() => many(of, { digest }, toInspection)),
    ofAgent: (agent, limit) => read(() => many(latest, { agent, limit }, toInspection)),
  };

  return {
    port,
    /** Whether somebody has signed that digest for that agent already. */
    *taken({ digest, agent }: Inspection): Script<() => boolean> {
      const stored = yield* rowsLater(taken, { digest, agent });
      return () => stored().length > 0;
    },
    *write(inspection: Inspection): Script<void> {
      yield* run(add, {
        ...{ id: inspection.id, digest: inspection.digest, kind: inspection.kind, agent: inspection.agent },
        ...{
          charter_version: inspection.charterVersion,
          by_id: inspection.by.id,
          by_name: inspection.by.name,
        },
        ...{ at: inspection.at, looked_at: inspection.lookedAt, note: inspection.note },
      });
    },
  };
}

function toInspection(row: Row): Inspection {
  return {
    id: row.id,
    digest: row.digest as DigestId,
    kind: row.kind as DigestKind,
    agent: row.agent as AgentId,
    charterVersion: row.charter_version,
    by: { id: row.by_id, name: row.by_name },
    at: row.at,
    lookedAt: row.looked_at,
    note: row.note,
  };
}
