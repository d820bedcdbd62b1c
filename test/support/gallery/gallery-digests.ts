/** Digests of all four kinds: an empty time, one agent, several, thirty, hostile words, and far too much of everything. */
import { digestCard } from "../../../src/cards/digest/digest-card.ts";
import type { AgentId } from "../../../src/domain/ids.ts";
import {
  type AgentReport,
  DIGEST_KINDS,
  type Digest,
  type DigestKind,
  type Inspection,
} from "../../../src/domain/review/digest.ts";
import { busyReport, exampleDigest, exampleInspection, manyReports, quietReport } from "./digest-scene.ts";
import type { Exhibit } from "./gallery-scene.ts";
import { HONEST_TEXTS, HOSTILE_TEXTS } from "./hostile-texts.ts";

export function digestExhibits(now: number): readonly Exhibit[] {
  return DIGEST_KINDS.flatMap((kind) => {
    const shown = shows(now, kind).map(({ name, digest, inspections, url = URL }) => ({
      name: `${kind}: ${name}`,
      card: digestCard(digest, inspections, { now, url }),
    }));
    return shown;
  });
}

/** The digest behind an exhibit: `several agents`, `text: markdown`. */
export function digestOf(now: number, kind: DigestKind, name: string): Digest {
  const found = shows(now, kind).find((show) => show.name === name);
  if (!found) throw new Error(`No digest is called ${name}.`);
  return found.digest;
}

const URL = "https://holdpoint.example.com/digests/digest_01K8ZQ4T9V6E3M2N7P5R8S1W0D";

interface Show {
  readonly name: string;
  readonly digest: Digest;
  readonly inspections: readonly Inspection[];
  readonly url?: string | null;
}

function shows(now: number, kind: DigestKind): readonly Show[] {
  const busy = busyReport(now, kind);
  const one = exampleDigest(now, kind, [busy]);
  const some = exampleDigest(now, kind, [quietReport(), busy, second(now, kind)]);
  const many = exampleDigest(now, kind, manyReports(now, kind));
  const sign = (digest: Digest, most: number, over: Partial<Inspection> = {}) =>
    digest.kind === "daily"
      ? []
      : digest.agents.slice(0, most).map((report) => exampleInspection(digest, report, over));
  const show = (name: string, digest: Digest, inspections: readonly Inspection[] = []): Show => ({
    ...{ name, digest, inspections },
  });
  return [
    show("no agents", exampleDigest(now, kind, [])),
    show("nothing happened", exampleDigest(now, kind, [quietReport()])),
    show(
      "nothing happened anywhere",
      exampleDigest(now, kind, [quietReport(), quietReport({ agent: "b" as AgentId })]),
    ),
    show("one agent", one),
    show("one agent, signed", one, sign(one, 1)),
    show("several agents", some),
    show("several agents, all signed", some, sign(some, 3, { note: "Seen, and agreed." })),
    show("thirty agents", many),
    show("thirty agents, some signed", many, sign(many, 12)),
    show("far too much", exampleDigest(now, kind, [flooded(now, kind), flooded(now, kind, "b")])),
    { ...show("no console", one), url: null },
    // What the other two kinds show is all in these.
    ...Object.entries(
      kind === "daily" || kind === "quarterly" ? { ...HOSTILE_TEXTS, ...HONEST_TEXTS } : {},
    ).map(([name, text]) => {
      const digest = exampleDigest(now, kind, [hostile(now, kind, text), hostile(now, kind, text, "b")]);
      return show(`text: ${name}`, digest, sign(digest, 1, { note: text }));
    }),
  ];
}

function second(now: number, kind: DigestKind): AgentReport {
  const busy = busyReport(now, kind, {
    agent: "content-distribution" as AgentId,
    name: "Content distribution",
    owner: { id: "james", name: "James Liu" } as AgentReport["owner"],
  });
  return {
    ...busy,
    now: { ...busy.now, waiting: 0, overdue: 0, first: [], deadCallbacks: 0, anomalies: [] },
  };
}

/** The text wherever an agent, a customer or a person can put one, as long as what lets it in allows. */
function hostile(now: number, kind: DigestKind, text: string, id = "trial-nurture"): AgentReport {
  const busy = busyReport(now, kind);
  const who = { id: "x", name: text.slice(0, 200) } as AgentReport["owner"];
  const line = text.slice(0, 300);
  return {
    ...busy,
    agent: id as AgentId,
    name: id === "b" ? `b ${text.slice(0, 190)}` : text.slice(0, 200),
    owner: who,
    now: {
      ...busy.now,
      first: busy.now.first.map((one) => ({ ...one, summary: line })),
      holds: busy.now.holds.map((hold) => ({ ...hold, scope: line, reason: text.slice(0, 2_000), by: who })),
    },
    period: {
      ...busy.period,
      patterns: [{ group: text.slice(0, 200), n: 4 }],
      decisions: busy.period.decisions.map((one) => ({ ...one, summary: line, by: who })),
    },
    calibration: busy.calibration && {
      ...busy.calibration,
      suggested: { threshold: 0.62, because: text.slice(0, 2_000) },
    },
    alignment: busy.alignment && {
      ...busy.alignment,
      outcome: text.slice(0, 2_000),
      metric: line,
      target: line,
      guards: [line, line],
      actions: busy.alignment.actions.map((action) => ({ ...action, name: text.slice(0, 100) })),
      charterChanges: busy.alignment.charterChanges.map((change) => ({ ...change, by: line })),
    },
  };
}

/** As much of everything as the shape lets in. */
function flooded(now: number, kind: DigestKind, id = "trial-nurture"): AgentReport {
  const busy = busyReport(now, kind);
  const many = <T>(things: readonly T[], n: number): T[] =>
    Array.from({ length: n }, (_, at) => things[at % things.length]).filter((thing) => thing !== undefined);
  return {
    ...busy,
    agent: id as AgentId,
    name: "A name that goes on and on ".repeat(8),
    now: {
      ...busy.now,
      waiting: 9_999,
      overdue: 5_000,
      first: many(busy.now.first, 200).map((one) => ({ ...one, summary: "word ".repeat(60) })),
      holds: many(busy.now.holds, 200).map((hold) => ({ ...hold, reason: "because ".repeat(200) })),
      anomalies: many(busy.now.anomalies, 11),
    },
    period: {
      ...busy.period,
      opened: 123_456,
      patterns: many([{ group: "the same again ".repeat(10), n: 40 }], 300),
      decisions: many(busy.period.decisions, 5).map((one) => ({ ...one, summary: "word ".repeat(60) })),
    },
    alignment: busy.alignment && {
      ...busy.alignment,
      guards: many(["guard ".repeat(60)], 50),
      actions: Array.from({ length: 200 }, (_, at) => ({
        name: `action_${at}`,
        asked: 200 - at,
        approved: 0,
        refused: 0,
      })),
      charterChanges: many(busy.alignment.charterChanges, 100),
    },
    unsigned: many(busy.unsigned, 60),
  };
}
