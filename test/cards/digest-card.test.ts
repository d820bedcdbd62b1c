/** What a digest says: the one thing that matters first, every number with its unit, nothing that is zero. */
import { describe, expect, it } from "vitest";
import type { Card } from "../../src/cards/card.ts";
import { chartLines, chartNumbers } from "../../src/cards/chart-words.ts";
import { digestCard } from "../../src/cards/digest/digest-card.ts";
import { outOf, periodWords, trend, wholePercent, within } from "../../src/cards/digest/digest-words.ts";
import type { AgentId } from "../../src/domain/ids.ts";
import { type AgentReport, DIGEST_KINDS, type DigestKind } from "../../src/domain/review/digest.ts";
import { DAY, MINUTE } from "../../src/domain/time/time.ts";
import {
  busyReport,
  exampleDigest,
  exampleInspection,
  manyReports,
  quietReport,
} from "../support/gallery/digest-scene.ts";
import { buttonsOf, labelsOf, linesOf, textOf } from "./reading.ts";

const NOW = Date.UTC(2026, 10, 20, 9);
const URL = "https://holdpoint.example.com/digests/digest_1";
const facts = { now: NOW, url: URL };
const draw = (kind: DigestKind, ...agents: readonly AgentReport[]): Card =>
  digestCard(exampleDigest(NOW, kind, agents), [], facts);
const busy = (kind: DigestKind, over: Partial<AgentReport> = {}) => busyReport(NOW, kind, over);

describe("the first line", () => {
  it("of a daily digest says what waits, what is late and what was decided", () => {
    const [first] = linesOf(draw("daily", busy("daily")));
    expect(first).toBe("2 wait for you, 1 overdue · 1 could not be delivered · 5 decided yesterday");
    expect(draw("daily", busy("daily")).summary).toBe(`Daily digest: ${first}`);
  });

  it("calls nobody “you” in a channel", () => {
    const reader = { kind: "channel", channel: "slack:C1" } as const;
    const digest = exampleDigest(NOW, "daily", [busy("daily")], { reader });
    expect(linesOf(digestCard(digest, [], facts))[0]).toMatch(/^2 wait, 1 overdue/);
  });

  it("of a daily digest names a hold where nothing waits", () => {
    const { holds } = busy("daily").now;
    expect(linesOf(draw("daily", quietReport({ now: { ...quietReport().now, holds } })))[0]).toBe(
      "Nothing waits for you · 1 hold stands",
    );
  });

  it("of the others compares with the time before", () => {
    expect(linesOf(draw("weekly", busy("weekly")))[0]).toBe(
      "18 requests, 6 more than the week before · 1 overdue now · 88 % settled in time",
    );
    expect(linesOf(draw("quarterly", busy("quarterly")))[0]).toMatch(
      /^Keep, change or retire\? 216 requests/,
    );
    expect(linesOf(draw("monthly", quietReport()))[0]).toBe("No requests");
  });
});

describe("nothing that is zero takes a line", () => {
  it.each(DIGEST_KINDS)("in a %s digest of a quiet agent", (kind) => {
    const lines = linesOf(draw(kind, quietReport()));
    expect(lines.join("\n")).not.toMatch(/\b0\b|–$/m);
    expect(lines.length).toBeLessThanOrEqual(8);
    expect(lines.join("\n")).toContain("Nothing was asked, nothing is held and nothing waits.");
  });

  it("quiet agents are counted beside busy ones", () => {
    const others = ["b", "c"].map((id) => quietReport({ agent: id as AgentId }));
    const text = textOf(draw("weekly", busy("weekly"), ...others));
    expect(text).toContain("2 more agents: nothing was asked, nothing is held and nothing waits.");
  });
});

describe("numbers", () => {
  it("say of how many, and never pass for all or for none", () => {
    expect(outOf(24, 31)).toBe("24 of 31 (77 %)");
    expect(wholePercent(999, 1_000)).toBe(99);
    expect(wholePercent(1, 1_000)).toBe(1);
    expect(wholePercent(0, 5)).toBe(0);
    expect(wholePercent(5, 5)).toBe(100);
    expect(wholePercent(0, 0)).toBe(0);
  });

  it("are compared in words", () => {
    expect(trend(14, 9, "weekly")).toBe("5 more than the week before");
    expect(trend(6, 9, "monthly")).toBe("3 fewer than the month before");
    expect(trend(9, 9, "quarterly")).toBe("as many as the quarter before");
    expect(trend(9, 0, "daily")).toBe("none the day before");
    expect(within({ p50: 4 * MINUTE, p90: 22 * MINUTE })).toBe("half within 4 min, 9 of 10 within 22 min");
  });

  it.each([
    ["Europe/London", NOW - DAY, NOW, "Thursday 19 November"],
    ["UTC", Date.UTC(2026, 10, 9), Date.UTC(2026, 10, 16), "9 to 15 November 2026"],
    ["UTC", Date.UTC(2026, 9, 26), Date.UTC(2026, 10, 2), "26 October to 1 November 2026"],
    ["UTC", Date.UTC(2026, 11, 28), Date.UTC(2027, 0, 4), "28 December 2026 to 3 January 2027"],
    ["Asia/Tokyo", Date.UTC(2026, 10, 8, 15), Date.UTC(2026, 10, 15, 15), "9 to 15 November 2026"],
  ])("name their days in the digest's zone: %s", (zone, from, to, words) => {
    expect(periodWords({ zone, from, to })).toBe(words);
  });

  it("of a weekly digest are all there", () => {
    const text = textOf(draw("weekly", busy("weekly")));
    for (const words of [
      "Answers: 16: 9 approved unchanged (56 %), 3 edited and approved (19 %), 3 rejected (19 %), 1 answered (6 %)",
      "First reaction (MTTA): half within 4 min, 9 of 10 within 22 min",
      "Decision (MTTR): half within 11 min, 9 of 10 within 1 h 35 min",
      "In time (SLA): 15 of 17 (88 %)",
      "Edited or rejected: 6 of 15 (40 %) proposed actions",
      "Held: for 10 h in all",
      "Keeps coming up: “GDPR and HIPAA at once” 5 times",
      "Open flags: 1, somebody says that something feels off",
      "In the last four weeks people approved 24 of 30 (80 %) without a change: 1 of 3 at 0.40–0.50",
      "Suggested: ask below 0.62 instead of 0.70.",
    ])
      expect(text).toContain(words);
  });

  it("of a monthly digest begin with the goal, and end with the charter", () => {
    const text = textOf(draw("monthly", busy("monthly")));
    expect(text).toContain("Goal: Increase trial-to-paid conversion in enterprise");
    expect(text).toContain("Carried out: 46 of 48 (96 %) approved actions that it reported on");
    expect(text).toContain("send_email | 48 | 36 (75 %) | 12");
    expect(text).toContain("Paused by people: 2 times, without being asked");
    expect(text).toMatch(/Charter: version 3 by Sarah Chen, \d+ Nov/);
  });

  it("of a quarterly digest stand for keeping, changing and retiring", () => {
    const text = textOf(draw("quarterly", busy("quarterly")));
    expect(text).toContain("For keeping it as it is: 180 of 193 (93 %) settled in time");
    expect(text).toContain(
      "For changing its charter: 72 of 180 (40 %) edited or rejected; a threshold of 0.62",
    );
    expect(text).toContain("For retiring it: nothing in these numbers");
  });
});

describe("a chart over time", () => {
  it("has points of one length only: no last week of two days looks like a fall", () => {
    const line = draw("monthly", busy("monthly")).blocks.find(
      (block) => block.kind === "chart" && block.shape === "line",
    );
    expect(line?.kind === "chart" && line.labels).toEqual(["23 Oct", "30 Oct", "6 Nov", "13 Nov"]);
    expect(line?.kind === "chart" && line.title).toBe("Requests per week");
  });
});

describe("many agents", () => {
  it("show the neediest in detail, every other one in a row, and the rest as a number", () => {
    const card = draw("weekly", ...manyReports(NOW, "weekly"));
    const table = card.blocks.find(({ kind }) => kind === "table");
    expect(table?.kind === "table" && table.rows).toHaveLength(20);
    expect(card.blocks.filter(({ kind }) => kind === "heading")).toHaveLength(2);
    expect(textOf(card)).toContain("10 more agents: nothing was asked");
    expect(textOf(card)).toContain(`(Open the whole digest) ${URL}`);
  });
});

describe("several agents", () => {
  it("begin with the one that needs somebody, wherever it stands in the digest", () => {
    const calm = busy("weekly");
    const other = {
      ...calm,
      ...{ agent: "content" as AgentId, name: "Content" },
      now: { ...calm.now, waiting: 0, overdue: 0, first: [], deadCallbacks: 0 },
    };
    const headings = draw("weekly", other, busy("weekly")).blocks.flatMap((block) =>
      block.kind === "heading" ? [block.text] : [],
    );
    expect(headings.slice(1)).toEqual(["Trial nurture", "Content"]);
  });
});

describe("a calibration", () => {
  it("leaves out bands in which nobody decided", () => {
    const chart = draw("weekly", busy("weekly")).blocks.find(
      (block) => block.kind === "chart" && block.unit === "%",
    );
    expect(chart?.kind === "chart" && chart.labels).toEqual([
      ...["0.40–0.50", "0.50–0.60", "0.60–0.70", "0.80–0.90", "0.90–1.00"],
    ]);
  });
});

describe("buttons", () => {
  const two = () =>
    exampleDigest(NOW, "weekly", [
      busy("weekly"),
      quietReport({ name: "=HYPERLINK(<b>)", agent: "content-lab" as AgentId }),
    ]);

  it("sign one agent each, named by letters or by its id", () => {
    const card = digestCard(two(), [], facts);
    expect(labelsOf(card).filter((label) => label.startsWith("Sign"))).toEqual([
      "Sign Trial nurture",
      "Sign content-lab",
    ]);
    expect(buttonsOf(card).at(-1)?.intent).toEqual({
      ...{ verb: "sign", on: "digest_01K8ZQ4T9V6E3M2N7P5R8S1W0D/content-lab" },
      ...{ revision: 0, digest: null },
    });
  });

  it("put a threshold in force only after a question", () => {
    const apply = buttonsOf(draw("weekly", busy("weekly"))).find(({ label }) => label === "Apply 0.62");
    expect(apply?.confirm).toBe(
      "Change the charter of Trial nurture? It will ask a person when its confidence is below 0.62 instead of 0.70, so less often than now.",
    );
    expect(apply?.intent.verb).toBe("apply_threshold");
  });

  it("are replaced by who signed, agent by agent", () => {
    const digest = two();
    const [first, second] = digest.agents;
    if (!first || !second) throw new Error("two agents");
    const one = digestCard(digest, [exampleInspection(digest, first, { note: "Fine." })], facts);
    expect(labelsOf(one)).not.toContain("Sign Trial nurture");
    expect(textOf(one)).toMatch(/Signed by Sarah Chen · .* · Trial nurture, charter version 3 · “Fine.”/);
    expect(one.tone).toBe("urgent");
    const both = digestCard(
      digest,
      [exampleInspection(digest, first), exampleInspection(digest, second)],
      facts,
    );
    expect(labelsOf(both).filter((label) => label.startsWith("Sign"))).toEqual([]);
    expect(both.tone).toBe("good");
  });

  it("ask nobody to sign a daily digest", () => {
    expect(labelsOf(draw("daily", busy("daily")))).toEqual(["Open", "Open"]);
  });
});

describe("a chart in letters", () => {
  const chart = {
    kind: "chart",
    shape: "bars",
    title: "Requests",
    unit: "requests",
    labels: ["Budget", "Question"],
    series: [
      { name: "This week", values: [8, 1] },
      { name: "The week before", values: [0, 1_234] },
    ],
    says: "9 requests.",
  } as const;

  it("has a bar for every number but zero, and the other series in brackets", () => {
    expect(chartLines(chart)).toEqual([
      "This week (the week before)",
      "Budget    ████████ 8 (0)",
      "Question  █ 1 (1,234)",
    ]);
    expect(chartNumbers({ ...chart, unit: "%" })).toBe("Budget: 8 % (0 %) · Question: 1 % (1,234 %)");
    expect(chartLines({ ...chart, series: [{ name: "x", values: [0, 2] }] })).toEqual([
      "Budget    0",
      "Question  ████████ 2",
    ]);
    expect(chartLines({ ...chart, series: [{ name: "x", values: [0, 0] }] })).toEqual([
      "Budget    0",
      "Question  0",
    ]);
  });
});
