/** The charter: what makes one whole, what it defaults to, and how a broken one says what is wrong. */

import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { agentSchema, charterSchema, peopleNamedIn, SIX_PARTS } from "../../../src/domain/charter/charter.ts";
import { TRIGGERS } from "../../../src/domain/charter/trigger.ts";
import { ruleFor } from "../../../src/domain/charter/trigger-rule.ts";
import { DAY, HOUR } from "../../../src/domain/time/time.ts";
import { CHARTER, charter } from "../scene.ts";

/** Where a value is wrong, as a path in dots. */
function wrongAt(value: unknown): string[] {
  const parsed = charterSchema.safeParse(value);
  return (parsed.error?.issues ?? []).map((issue) =>
    [...issue.path, ...(issue.code === "unrecognized_keys" ? issue.keys : [])].join("."),
  );
}

const with_ = (part: keyof typeof CHARTER, change: object) => ({
  ...CHARTER,
  [part]: { ...CHARTER[part], ...change },
});

describe("a charter", () => {
  it("of the documentation is read, durations and all", () => {
    const documented = agentSchema.parse(
      load(`
id: trial-nurture
name: Trial nurture
environment: production            # or lab
charter:
  goal:        { outcome: "Increase trial-to-paid conversion in enterprise", metric: conversion, target: "+25%", guards: ["satisfaction >= 4.0"] }
  actions:     { may: [send_email, in_app_message], ask_first: [{ action: discount, when: { percent: { above: 15 } } }], never: [change_pricing] }
  constraints: { budget: { cap: 8000, currency: GBP, per: month }, frequency: [{ action: send_email, at_most: 3, per: 7d, by: subject }] }
  triggers:    { low_confidence: { below: 0.70 }, budget: { above: 0.80 }, metric_deviation: { beyond: 0.30, within: 48h } }
  review:      { daily: "09:00", weekly: "Mon 10:00", monthly: "1 10:00", timezone: Europe/London, channel: "slack:C0123456789" }
  ownership:   { owner: sarah, deputies: [james], approvers: [rep], escalate_to: [cmo], fallback: "slack:C0123456789" }
  ends:        { optimises_for: "…", breaks_when: "…", turned_off_by: "…" }
`),
    );
    expect(documented.charter.constraints.frequency[0]?.per).toBe(7 * DAY);
    expect(documented.charter.triggers.metric_deviation).toEqual({ beyond: 0.3, within: 48 * HOUR });
    expect(documented.charter.actions.ask_first).toEqual([
      { action: "discount", when: { percent: { above: 15 } } },
    ]);
  });

  it("has six parts", () => {
    expect(SIX_PARTS).toEqual(["goal", "actions", "constraints", "triggers", "review", "ownership"]);
  });

  it.each(SIX_PARTS)("without its %s is refused, and that part is named", (part) => {
    const { [part]: _, ...rest } = CHARTER;
    expect(wrongAt(rest)).toEqual([part]);
  });

  it("names every part that is missing at once", () => {
    expect(wrongAt({})).toEqual([...SIX_PARTS]);
  });

  it.each([
    [{ ...CHARTER, gaol: {} }, "gaol"],
    [with_("ownership", { deputy: "james" }), "ownership.deputy"],
    [with_("triggers", { low_confidense: {} }), "triggers.low_confidense"],
    [with_("triggers", { budget: { over: 0.9 } }), "triggers.budget.over"],
    [with_("actions", { forbidden: [] }), "actions.forbidden"],
  ])("refuses a word it does not know, so that a typo does not pass (%#)", (value, at) => {
    expect(wrongAt(value)).toEqual([at]);
  });

  it.each([
    [
      "a confidence above 1",
      with_("triggers", { low_confidence: { below: 70 } }),
      "triggers.low_confidence.below",
    ],
    [
      "a cap of nothing",
      with_("constraints", { budget: { cap: 0, currency: "GBP" } }),
      "constraints.budget.cap",
    ],
    [
      "a currency in words",
      with_("constraints", { budget: { cap: 1, currency: "pound" } }),
      "constraints.budget.currency",
    ],
    ["no owner", with_("ownership", { owner: "" }), "ownership.owner"],
    ["a mail address as owner", with_("ownership", { owner: "sarah@example.com" }), "ownership.owner"],
    ["a channel without its platform", with_("ownership", { fallback: "C0123456789" }), "ownership.fallback"],
    ["a zone nobody knows", with_("review", { timezone: "Mars/Olympus" }), "review.timezone"],
    [
      "a window of nothing",
      with_("triggers", { metric_deviation: { within: "0d" } }),
      "triggers.metric_deviation.within",
    ],
    [
      "a target of nothing",
      with_("ownership", { respond_within: { high: "0m" } }),
      "ownership.respond_within.high",
    ],
    ["no approval at all", with_("ownership", { approvals: 0 }), "ownership.approvals"],
    ["no verdict at all", with_("triggers", { question: { allow: [] } }), "triggers.question.allow"],
    ["a blank goal", with_("goal", { outcome: "   " }), "goal.outcome"],
    ["silence as consent", with_("ownership", { on_silence: "approve" }), "ownership.on_silence"],
    ["a hold on the fleet", with_("triggers", { flag: { hold: "fleet" } }), "triggers.flag.hold"],
  ])("refuses %s, and says where", (_, value, at) => expect(wrongAt(value)).toEqual([at]));

  it("keeps its agent held when nobody answers, unless it says otherwise", () => {
    expect(charter().ownership).toMatchObject({ on_silence: "keep_held", approvals: 1, respond_within: {} });
  });

  it("takes an action alone to mean: always ask first", () => {
    expect(charter({ actions: { ask_first: ["refund"] } }).actions.ask_first).toEqual([
      { action: "refund", when: undefined },
    ]);
  });

  it("fills in the product's numbers for a trigger it mentions", () => {
    const bare = {
      low_confidence: {},
      negative_sentiment: {},
      budget: {},
      metric_deviation: {},
      repeated_contact: {},
    };
    expect(charter({ triggers: bare }).triggers).toEqual({
      low_confidence: { below: 0.7 },
      negative_sentiment: { below: -0.4, share_above: 0.1 },
      budget: { above: 0.8 },
      metric_deviation: { beyond: 0.3, within: 2 * DAY },
      repeated_contact: { more_than: 1, within: 30 * DAY },
    });
  });
});

it("names everyone a charter depends on, with where; only an approver may be the request's own rep", () => {
  const named = peopleNamedIn(
    charter({
      ownership: { deputies: ["james", "rep"], approvers: ["rep", "nina"] },
      triggers: { compliance: { route: ["legal"] } },
    }),
  );
  expect(named).toEqual([
    { id: "sarah", pointer: "/ownership/owner" },
    { id: "james", pointer: "/ownership/deputies/0" },
    { id: "rep", pointer: "/ownership/deputies/1" },
    { id: "nina", pointer: "/ownership/approvers/1" },
    { id: "cmo", pointer: "/ownership/escalate_to/0" },
    { id: "legal", pointer: "/triggers/compliance/route/0" },
  ]);
});

describe("business and quiet hours", () => {
  const hours = { from: "09:00", to: "17:30" };
  const own = (ownership: object) => charterSchema.parse(with_("ownership", ownership)).ownership;

  it("are Monday to Friday without holidays, and not for what is critical, unless the charter says more", () => {
    const days = ["mon", "tue", "wed", "thu", "fri"];
    expect(own({ hours }).hours).toEqual({ ...hours, days, holidays: [], except: ["critical"] });
    expect(own({ quiet: { from: "20:00", to: "08:00" } }).quiet).toEqual({ from: "20:00", to: "08:00" });
    expect(own({})).not.toHaveProperty("hours");
  });

  it.each([
    ["a zone that nobody knows", { hours: { ...hours, timezone: "Europe/Lndon" } }, "hours.timezone"],
    ["no day", { hours: { ...hours, days: [] } }, "hours.days"],
    ["a day that is none", { hours: { ...hours, days: ["Monday"] } }, "hours.days.0"],
    ["a time that is none", { hours: { ...hours, to: "25:00" } }, "hours.to"],
    ["a time without minutes", { hours: { ...hours, from: "9" } }, "hours.from"],
    [
      "a holiday that the calendar does not have",
      { hours: { ...hours, holidays: ["2027-02-29"] } },
      "hours.holidays.0",
    ],
    ["less than an hour", { hours: { from: "09:00", to: "09:30" } }, "hours"],
    ["quiet hours without an end", { quiet: { from: "20:00", to: "20:00" } }, "quiet"],
    ["an unknown word", { hours: { ...hours, day: ["mon"] } }, "hours.day"],
  ])("with %s are refused", (_, ownership, path) => {
    expect(wrongAt(with_("ownership", ownership))).toEqual([`ownership.${path}`]);
  });

  it("may pass midnight, and a leap day may be a holiday", () => {
    expect(
      wrongAt(with_("ownership", { hours: { from: "22:00", to: "06:00", holidays: ["2028-02-29"] } })),
    ).toEqual([]);
  });
});

describe("an agent's id", () => {
  it.each(["trial-nurture", "a", "a1", "x".repeat(63)])("may be %j", (id) => {
    expect(agentSchema.safeParse({ id, charter: CHARTER }).success).toBe(true);
  });
  it.each(["all", "admin", "fleet", "Trial", "a_b", "-a", "a-", "a.b", "", "x".repeat(64), "__proto__"])(
    "may not be %j",
    (id) => expect(agentSchema.safeParse({ id, charter: CHARTER }).success).toBe(false),
  );
});

describe("the rule for a trigger", () => {
  // The table of the product, trigger by trigger.
  const usual = {
    low_confidence: ["medium", "agent"],
    human_requested: ["high", "agent"],
    negative_sentiment: ["medium", "agent"],
    budget: ["high", "agent"],
    metric_deviation: ["high", "agent"],
    compliance: ["critical", "agent"],
    approval_required: ["medium", "action"],
    repeated_contact: ["medium", "subject"],
    lab_leak: ["critical", "agent"],
    question: ["low", "subject"],
    flag: ["medium", "agent"],
  } as const;

  it.each(TRIGGERS)("%s has the product's severity and hold", (trigger) => {
    const { severity, hold, approvals, route } = ruleFor(charter(), trigger);
    expect([severity, hold]).toEqual(usual[trigger]);
    expect([approvals, route]).toEqual([1, []]);
  });

  it.each(TRIGGERS)("%s follows the charter in everything it changes", (trigger) => {
    const setting = {
      severity: "critical",
      hold: "subject",
      allow: ["respond"],
      approvals: 2,
      route: ["nina"],
    } as const;
    const { severity, hold, allow, approvals, route } = setting;
    const changed = charter({
      triggers: { [trigger]: { ...setting, allow: [...allow], route: [...route] } },
    });
    expect(ruleFor(changed, trigger)).toEqual({ severity, hold, allow, approvals, route });
  });

  it("asks for as many approvals as the ownership says where the trigger says nothing", () => {
    expect(ruleFor(charter({ ownership: { approvals: 2 } }), "budget").approvals).toBe(2);
  });

  it("lets nobody approve a lab leak, a question or a flag by default", () => {
    for (const trigger of ["lab_leak", "question", "flag"] as const) {
      expect(ruleFor(charter(), trigger).allow).not.toContain("approve");
    }
  });
});
