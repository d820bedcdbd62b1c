/** The store, put together over any engine. */
import { sql } from "drizzle-orm";
import type { Store } from "../application/ports.ts";
import { absencesIn } from "./absences.ts";
import { agentsIn } from "./agents.ts";
import { answersIn } from "./answers.ts";
import { auditTrailIn, sealingIn } from "./audit-trail.ts";
import { callbacksIn } from "./callbacks.ts";
import { copiesIn } from "./copies.ts";
import { dailyCountsIn } from "./daily-counts.ts";
import { digestsIn } from "./digests.ts";
import type { Engine } from "./engine.ts";
import { escalationsIn } from "./escalations.ts";
import { tell } from "./group-commit.ts";
import { holdsIn } from "./holds.ts";
import { inspectionsIn } from "./inspections.ts";
import { jobsIn } from "./jobs.ts";
import { keysIn } from "./keys.ts";
import { isGone } from "./lease-owner.ts";
import { newsOf } from "./news.ts";
import { notesIn } from "./notes.ts";
import { overviewIn } from "./overview.ts";
import { pacesIn } from "./paces.ts";
import { isNewWork, type Parts, proofOf, saveStep, touchedBy } from "./save-step.ts";
import { run } from "./script.ts";
import { talliesIn } from "./tallies.ts";
import { watchIn } from "./watch.ts";

/** `owner` is whose the leases of claimed jobs are; those of processes that are gone are freed before this resolves. */
export async function createStore(engine: Engine, owner: string): Promise<Store> {
  const parts: Parts = {
    escalations: escalationsIn(engine),
    agents: agentsIn(engine),
    keys: keysIn(engine),
    holds: holdsIn(engine),
    absences: absencesIn(engine),
    copies: copiesIn(engine),
    callbacks: callbacksIn(engine),
    jobs: jobsIn(engine, owner),
    answers: answersIn(engine),
    tallies: talliesIn(engine),
    counts: dailyCountsIn(engine),
    digests: digestsIn(engine),
    inspections: inspectionsIn(engine),
    sealing: sealingIn(engine),
  };
  const { counters } = engine.tables;
  const countPing = engine.prepare<object>(
    engine.build
      .insert(counters)
      .values({ name: "pings", value: 1 })
      .onConflictDoUpdate({ target: counters.name, set: { value: sql`${counters.value} + 1` } }),
  );
  const listeners: Parameters<Store["onCommit"]>[0][] = [];
  await parts.jobs.freeFrom((holder) => holder !== owner && isGone(holder));

  return {
    async save(step) {
      const { answer } = await engine.write(() => saveStep(parts, step), {
        committed(saved) {
          if (saved.answer !== "saved") return;
          const versions = saved.versions.map((version) => version());
          for (const listener of listeners) tell(() => listener(step, versions));
        },
        news: (saved) => (saved.answer === "saved" ? newsOf(step) : undefined),
        proof: (saved) => proofOf(parts, step, saved),
        newWork: isNewWork(step),
        touches: touchedBy(step),
      });
      return answer;
    },
    escalations: parts.escalations.port,
    holds: parts.holds.port,
    absences: parts.absences.port,
    agents: parts.agents.port,
    keys: parts.keys.port,
    copies: parts.copies.port,
    callbacks: parts.callbacks.port,
    answers: parts.answers.port,
    tallies: parts.tallies.port,
    counts: parts.counts.port,
    overview: overviewIn(engine),
    watch: watchIn(engine),
    digests: parts.digests.port,
    inspections: parts.inspections.port,
    audit: auditTrailIn(engine),
    jobs: parts.jobs.port,
    paces: pacesIn(engine),
    notes: notesIn(engine),
    async ping() {
      // A real write: only that meets a full disk, a lock that never ends, and a file that went read-only.
      await engine.write(() => run(countPing, {}));
    },
    onCommit: (listener) => {
      listeners.push(listener);
    },
    onElsewhere: (listener) => engine.onElsewhere(listener),
    current: () => engine.current(),
    pressure: () => engine.pressure(),
    close: () => engine.close(),
  };
}
