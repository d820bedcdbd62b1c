/** What a signal's numbers meet: each rule below, at and above its boundary. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CharterInput } from "../../../src/domain/charter/charter.ts";
import { judge, NEGATIVE_REPLIES } from "../../../src/domain/charter/judge.ts";
import { signalRequestSchema } from "../../../src/domain/escalation/request.ts";
import { DAY, HOUR } from "../../../src/domain/time/time.ts";
import { agent, charter, NOW } from "../scene.ts";

function found(
  signal: object,
  changes: { triggers?: CharterInput["triggers"]; constraints?: object } = {},
  now = NOW,
) {
  const request = signalRequestSchema.parse({ signal });
  return judge(agent(charter(changes)), request, [], now);
}
const rules = (...asked: Parameters<typeof found>) => found(...asked).map(({ rule }) => rule);
const spent = (amount: number, cap = 8000, currency = "GBP") => ({
  budget: { spent: amount, cap, currency },
});
const metric = (baseline: number, current: number, more = {}) => ({
  metric: { name: "conversion", baseline, current, ...more },
});

describe("confidence", () => {
  it.each([
    [0.69, true],
    [0.6999, true],
    [0.7, false],
    [8.7 - 8, false],
    [0.71, false],
    [1, false],
    [0, true],
  ])("of %d with the product's 0.70: asks %s", (confidence, asks) => {
    expect(rules({ confidence })).toEqual(asks ? ["confidence below 70 %"] : []);
  });

  it("is held against the charter's own number", () => {
    const triggers = { low_confidence: { below: 0.9 } };
    expect(rules({ confidence: 0.89 }, { triggers })).toEqual(["confidence below 90 %"]);
    expect(rules({ confidence: 0.9 }, { triggers })).toEqual([]);
  });
});

describe("sentiment", () => {
  it.each([
    [-0.41, true],
    [-0.4, false],
    [0.7 - 1.1, false],
    [-0.39, false],
    [-1, true],
  ])("of %d with the product's -0.4: asks %s", (sentiment, asks) => {
    expect(rules({ sentiment })).toEqual(asks ? ["sentiment below -0.4"] : []);
  });

  it.each([
    [0.1, false],
    [1.1 - 1, false],
    [0.101, true],
    [0.11, true],
  ])("with a share of negative replies of %d: asks %s", (current, asks) => {
    const negative = { metric: { name: NEGATIVE_REPLIES, baseline: 0.01, current } };
    expect(rules(negative)).toEqual(asks ? ["negative replies above 10 %"] : []);
  });
});

describe("budget", () => {
  it.each([
    [6399, []],
    [6400, []],
    [6401, ["budget above 80 %"]],
    [7999, ["budget above 80 %"]],
    [8000, ["budget at 100 %"]],
    [80_000, ["budget at 100 %"]],
  ])("of which %d of 8000 is spent meets %j", (amount, met) => expect(rules(spent(amount))).toEqual(met));

  it("is not above its level by a rounding of the machine", () => {
    expect(rules(spent((0.1 + 0.2) * 0.8, 0.3), { constraints: { budget: undefined } })).toEqual([]);
  });

  it("is counted against the smaller of the charter's cap and the agent's", () => {
    expect(rules(spent(900, 1000))).toEqual(["budget above 80 %"]);
    expect(rules(spent(7000, 1_000_000))).toEqual(["budget above 80 %"]);
  });

  it("in another currency than agreed is for a person to look at", () => {
    expect(rules(spent(1, 1_000_000, "USD"))).toEqual([
      "the budget is agreed in GBP and was reported in USD",
    ]);
  });

  it("above a level of the charter's own beyond 100 % is asked about there only", () => {
    const triggers = { budget: { above: 1.5 } };
    expect(rules(spent(12_000), { triggers })).toEqual([]);
    expect(rules(spent(12_001), { triggers })).toEqual(["budget above 150 %"]);
  });

  it.each([
    ["day", Date.UTC(2026, 4, 13)],
    ["week", Date.UTC(2026, 4, 11)],
    ["month", Date.UTC(2026, 4, 1)],
    ["quarter", Date.UTC(2026, 3, 1)],
    ["year", Date.UTC(2026, 0, 1)],
  ] as const)("counts by the %s, in which a decision stands", (per, start) => {
    const wednesday = Date.UTC(2026, 4, 13, 17, 30);
    const budget = { cap: 8000, currency: "GBP", per };
    expect(found(spent(7000), { constraints: { budget } }, wednesday)[0]?.standsSince).toBe(start);
  });

  it("counts a Sunday to the week that began on Monday", () => {
    const sunday = Date.UTC(2026, 2, 1, 23);
    const budget = { cap: 8000, currency: "GBP", per: "week" };
    expect(found(spent(7000), { constraints: { budget } }, sunday)[0]?.standsSince).toBe(
      Date.UTC(2026, 1, 23),
    );
  });
});

describe("a metric", () => {
  it.each([
    [129, []],
    [130, []],
    [130.1, ["conversion more than 30 % above its baseline within 2 d"]],
    [160, ["conversion more than 30 % above its baseline within 2 d"]],
    [160.1, ["conversion more than 60 % above its baseline within 2 d"]],
    [70, []],
    [69.9, ["conversion more than 30 % below its baseline within 2 d"]],
    [-1, ["conversion more than 90 % below its baseline within 2 d"]],
  ])("with the baseline 100 and now %d meets %j", (current, met) => {
    expect(rules(metric(100, current))).toEqual(met);
  });

  it.each([
    [0.3, 0.39],
    [-100, -130],
    [-100, -70],
    [0, 0],
  ])("with the baseline %d and now %d is within 30 per cent", (baseline, current) => {
    expect(rules(metric(baseline, current))).toEqual([]);
  });

  it("that rises from nothing, or falls below it, is beyond any share", () => {
    expect(rules(metric(0, 0.001))).toEqual(["conversion more than 30 % above its baseline within 2 d"]);
    expect(rules(metric(0, -0.001))).toEqual(["conversion more than 30 % below its baseline within 2 d"]);
  });

  it("with a negative baseline drifts down when it gets more negative", () => {
    expect(rules(metric(-100, -131))).toEqual(["conversion more than 30 % below its baseline within 2 d"]);
    expect(rules(metric(-100, 50))).toEqual(["conversion more than 120 % above its baseline within 2 d"]);
  });

  it("reported over a longer window than the charter's says nothing of it", () => {
    expect(rules(metric(100, 200, { window: "48h" }))).toHaveLength(1);
    expect(rules(metric(100, 200, { window: "49h" }))).toEqual([]);
  });

  it("was asked about for as long as the charter's window", () => {
    const triggers = { metric_deviation: { beyond: 0.1, within: "6h" } };
    expect(found(metric(100, 111), { triggers })[0]).toMatchObject({
      rule: "conversion more than 10 % above its baseline within 6 h",
      standsSince: NOW - 6 * HOUR,
    });
    expect(found(metric(100, 200))[0]?.standsSince).toBe(NOW - 2 * DAY);
  });

  it("of any size is met when, and only when, it lies beyond the share", () => {
    const number = fc.integer({ min: -10_000, max: 10_000 });
    fc.assert(
      fc.property(number, number, (baseline, current) => {
        // In whole numbers, where nothing is rounded.
        const beyond = 10 * Math.abs(current - baseline) > 3 * Math.abs(baseline);
        expect(rules(metric(baseline, current)).length).toBe(beyond ? 1 : 0);
      }),
    );
  });
});

it("switches off what the charter switches off, and only that", () => {
  const everything = { confidence: 0, sentiment: -1, ...spent(8000), ...metric(1, 2) };
  const all = found(everything).map(({ trigger }) => trigger);
  expect(all).toEqual(["budget", "metric_deviation", "low_confidence", "negative_sentiment"]);
  for (const trigger of all) {
    const left = found(everything, { triggers: { [trigger]: { off: true } } }).map(
      (finding) => finding.trigger,
    );
    expect(left).toEqual(all.filter((one) => one !== trigger));
  }
});
