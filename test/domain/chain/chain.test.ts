/** The frozen chain: who is asked, in which order, and for how long. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Chain, freezeChain, postedFrom, timeOver } from "../../../src/domain/chain/chain.ts";
import type { CharterInput } from "../../../src/domain/charter/charter.ts";
import { RESPONSE_TARGETS, SEVERITIES } from "../../../src/domain/charter/severity.ts";
import { ruleFor } from "../../../src/domain/charter/trigger-rule.ts";
import type { PersonId } from "../../../src/domain/ids.ts";
import { HOUR, MINUTE } from "../../../src/domain/time/time.ts";
import { charter, here, people } from "../scene.ts";

type Ownership = Partial<CharterInput["ownership"]>;
type Input = Partial<Parameters<typeof freezeChain>[0]> & { readonly route?: string[] };

function chain(ownership: Ownership = {}, { route, ...more }: Input = {}): Chain {
  const under = charter({ ownership, triggers: route ? { compliance: { route } } : {} });
  return freezeChain({
    charter: under,
    rule: ruleFor(under, "compliance"),
    severity: "high",
    people,
    cover: here,
    ...more,
  });
}
/** `sarah+chat:C1 → james`: people and channel of each stage. */
const words = ({ stages }: Chain) =>
  stages.map((stage) => [...stage.people, ...(stage.channel ? [stage.channel] : [])].join("+")).join(" → ");

describe("the order of asking", () => {
  const some: Ownership = { deputies: ["james"], escalate_to: ["cmo"], fallback: "chat:F" };

  it.each<[string, Ownership, Input, string]>([
    ["owner, deputies, escalation, fallback", some, {}, "sarah → james → cmo → chat:F"],
    ["an owner alone", { deputies: [], escalate_to: [], fallback: undefined }, {}, "sarah"],
    ["a channel beside the owner", { ...some, ask_in: "chat:A" }, {}, "sarah+chat:A → james → cmo → chat:F"],
    [
      "a channel that is also the fallback, once",
      { ...some, ask_in: "chat:F" },
      {},
      "sarah+chat:F → james → cmo",
    ],
    [
      "the trigger's route, then the owner",
      some,
      { route: ["nina", "milo"] },
      "nina+milo → sarah → james → cmo → chat:F",
    ],
    [
      "a route through the owner, once",
      some,
      { route: ["sarah", "nina"] },
      "sarah+nina → james → cmo → chat:F",
    ],
    [
      "the two whose approvals are needed, at once",
      { ...some, approvers: ["rep", "nina"], approvals: 2 },
      {},
      "sarah+nina → james → cmo → chat:F",
    ],
    [
      "deputies at once where approvers are too few",
      { ...some, approvers: ["nina"], approvals: 3 },
      {},
      "sarah+nina+james → cmo → chat:F",
    ],
    ["the rep beside the owner", some, { also: "rita" as PersonId }, "sarah+rita → james → cmo → chat:F"],
    [
      "everyone once, where named first",
      { ...some, deputies: ["james", "sarah"], escalate_to: ["james", "cmo"] },
      {},
      "sarah → james → cmo → chat:F",
    ],
    [
      "nobody unknown",
      { ...some, deputies: ["ghost", "james"], escalate_to: ["ghost"] },
      {},
      "sarah → james → chat:F",
    ],
    ["an unknown route not at all", some, { route: ["ghost"] }, "sarah → james → cmo → chat:F"],
    [
      "an unknown owner's deputies and the fallback at once",
      { ...some, owner: "ghost" },
      {},
      "james+chat:F → cmo",
    ],
    [
      "the fallback alone when nobody is known",
      { owner: "ghost", deputies: [], escalate_to: [], fallback: "chat:F" },
      {},
      "chat:F",
    ],
    ["nobody at all", { owner: "ghost", deputies: ["rep"], escalate_to: [], fallback: undefined }, {}, ""],
  ])("has %s", (_, ownership, more, expected) => expect(words(chain(ownership, more))).toBe(expected));

  it("asks nobody twice, leaves nobody out who is known, and has no empty stage behind the first", () => {
    const ids = fc.array(fc.constantFrom("sarah", "james", "nina", "cmo", "milo", "ghost"), { maxLength: 5 });
    const drawn = fc.record({
      owner: fc.constantFrom("sarah", "james", "ghost"),
      deputies: ids,
      escalate_to: ids,
      route: ids,
    });
    fc.assert(
      fc.property(drawn, fc.boolean(), ({ route, ...ownership }, fallback) => {
        const { stages } = chain({ ...ownership, fallback: fallback ? "chat:F" : undefined }, { route });
        const asked = stages.flatMap((stage) => stage.people);
        const named = [...route, ownership.owner, ...ownership.deputies, ...ownership.escalate_to];
        expect(asked).toEqual([...new Set(named)].filter((id) => id !== "ghost"));
        expect(stages.filter(({ channel }) => channel === "chat:F")).toHaveLength(fallback ? 1 : 0);
        expect(stages.slice(1).every((stage) => stage.people.length > 0 || stage.channel)).toBe(true);
      }),
    );
  });
});

describe("the time of a stage", () => {
  it.each(SEVERITIES)("is the product's target for %s, in every stage", (severity) => {
    for (const stage of chain({}, { severity }).stages) expect(stage.within).toBe(RESPONSE_TARGETS[severity]);
  });

  it("is 15 minutes, one, four and 24 hours", () => {
    expect(RESPONSE_TARGETS).toEqual({ critical: 15 * MINUTE, high: HOUR, medium: 4 * HOUR, low: 24 * HOUR });
  });

  it("is the charter's own for a severity it names", () => {
    const own: Ownership = { respond_within: { high: "20m" } };
    expect(chain(own).stages[0].within).toBe(20 * MINUTE);
    expect(chain(own, { severity: "low" }).stages[0].within).toBe(24 * HOUR);
  });

  it("is shortened by a request and never lengthened", () => {
    expect(chain({}, { respondWithin: 5 * MINUTE }).stages[0].within).toBe(5 * MINUTE);
    expect(chain({}, { respondWithin: 5 * HOUR }).stages[0].within).toBe(HOUR);
  });
});

it("keeps the hold on silence unless the charter says that it expires", () => {
  expect(chain().onSilence).toBe("keep_held");
  expect(chain({ on_silence: "expire" }).onSilence).toBe("expire");
});

describe("the clock of a chain", () => {
  const hours = { from: "09:00", to: "17:30" } as const;
  const week = ["mon", "tue", "wed", "thu", "fri"];
  const office = { timezone: "Europe/London", days: week, ...hours, holidays: [] };
  const every = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  const awake = { timezone: "Europe/London", days: every, from: "08:00", to: "20:00", holidays: [] };
  const quiet = { from: "20:00", to: "08:00" };
  const clock = (ownership: Ownership, severity: (typeof SEVERITIES)[number]) => {
    const { hours: counted, postedIn } = chain(ownership, { severity });
    return { counted, postedIn };
  };

  it("counts all time where the charter names no hours", () => {
    for (const severity of SEVERITIES)
      expect(clock({}, severity)).toEqual({ counted: undefined, postedIn: undefined });
  });

  it("counts business hours in the zone of the review, but for what is critical", () => {
    expect(clock({ hours }, "high")).toEqual({ counted: office, postedIn: undefined });
    expect(clock({ hours }, "medium").counted).toEqual(office);
    expect(clock({ hours }, "critical")).toEqual({ counted: undefined, postedIn: undefined });
    expect(clock({ hours: { ...hours, timezone: "Asia/Kolkata" } }, "high").counted?.timezone).toBe(
      "Asia/Kolkata",
    );
  });

  it("counts them for what the charter does not except", () => {
    expect(clock({ hours: { ...hours, except: [] } }, "critical").counted).toEqual(office);
    expect(clock({ hours: { ...hours, except: ["high", "critical"] } }, "high").counted).toBeUndefined();
  });

  it("stands still in quiet hours for what is of low severity, and that is not posted in them", () => {
    expect(clock({ quiet }, "low")).toEqual({ counted: awake, postedIn: awake });
    expect(clock({ quiet }, "medium")).toEqual({ counted: undefined, postedIn: undefined });
  });

  it("posts what is of low severity in business hours, or outside quiet ones where the charter names both", () => {
    expect(clock({ hours }, "low")).toEqual({ counted: office, postedIn: office });
    expect(clock({ hours, quiet }, "low")).toEqual({ counted: office, postedIn: awake });
  });

  it("is frozen, so that a later charter changes nothing for what is open", () => {
    const one = chain({ hours }, { severity: "high" });
    const monday = Date.UTC(2026, 10, 16, 17);
    expect(timeOver(one, monday, HOUR)).toBe(Date.UTC(2026, 10, 17, 9, 30));
    expect(postedFrom(one, monday)).toBe(monday);
    expect(postedFrom(chain({ quiet }, { severity: "low" }), Date.UTC(2026, 10, 16, 23))).toBe(
      Date.UTC(2026, 10, 17, 8),
    );
  });
});
