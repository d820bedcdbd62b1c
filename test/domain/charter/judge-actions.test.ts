/** What the charter says of actions, texts, frequencies and laboratories. */
import { describe, expect, it } from "vitest";
import type { CharterInput } from "../../../src/domain/charter/charter.ts";
import { judge, whatToCount } from "../../../src/domain/charter/judge.ts";
import { signalRequestSchema } from "../../../src/domain/escalation/request.ts";
import { DAY } from "../../../src/domain/time/time.ts";
import { agent, charter, NOW } from "../scene.ts";

type Changes = { readonly [Part in keyof CharterInput]?: Partial<CharterInput[Part]> };

const signal = (more: object) => signalRequestSchema.parse({ signal: {}, ...more });
const act = (name: string, args: object = {}, more: object = {}) =>
  signal({ action: { name, args }, ...more });
function rules(request: ReturnType<typeof signal>, changes: Changes = {}, counts: number[] = []) {
  return judge(agent(charter(changes)), request, counts, NOW).map(({ rule }) => rule);
}

describe("an action", () => {
  it("on the charter's list needs nobody", () => expect(rules(act("send_email"))).toEqual([]));

  it.each(["refund", "SEND_EMAIL", "send_email ", "send_emaiI", "constructor"])(
    "that is not listed is asked about: %j",
    (name) => {
      expect(rules(act(name))).toEqual([`the charter does not list ${name}`]);
    },
  );

  it("that is never allowed can't be approved and is grave", () => {
    expect(judge(agent(), act("change_pricing"), [], NOW)).toEqual([
      {
        trigger: "approval_required",
        rule: "the charter never allows change_pricing",
        never: true,
        severity: "high",
      },
    ]);
  });

  it("that is never allowed stays so when it is also listed, or when asking is switched off", () => {
    const actions = { may: ["change_pricing"], ask_first: ["change_pricing"] };
    const off = { triggers: { approval_required: { off: true } } };
    expect(rules(act("change_pricing"), { actions })).toEqual(["the charter never allows change_pricing"]);
    expect(rules(act("change_pricing"), off)).toEqual(["the charter never allows change_pricing"]);
    expect(rules(act("refund"), off)).toEqual([]);
  });
});

describe("a condition on an argument", () => {
  const asks = (when: object, args: object) =>
    rules(act("discount", args), { actions: { ask_first: [{ action: "discount", when: when as never }] } })
      .length > 0;

  it.each([
    [14.99, false],
    [15, false],
    [15.01, true],
    ["15", false],
    ["15.5", true],
    [" 16 ", true],
    ["0x10", true],
    ["lots", true],
    ["15%", true],
    ["", true],
    [true, true],
    [null, true],
    [undefined, true],
    [[1], true],
    [{ of: 1 }, true],
    [-1e9, false],
  ])("above 15 asks for %j: %s", (percent, asked) =>
    expect(asks({ percent: { above: 15 } }, { percent })).toBe(asked),
  );

  it("asks for an argument that is missing, whatever the condition", () => {
    for (const one of [{ above: 1 }, { below: 1 }, { is: "gold" }, { one_of: ["gold"] }, "gold", 1, true]) {
      expect(asks({ tier: one }, {})).toBe(true);
    }
  });

  it.each([
    ["gold", "gold", true],
    ["gold", " Gold", true],
    ["gold", "silver", false],
    [15, 15, true],
    [15, "15.0", true],
    [15, 16, false],
    [true, "true", true],
    [true, false, false],
    [false, false, true],
    ["gold", ["gold"], true],
  ])("%j asks for %j: %s", (word, value, asked) => {
    expect(asks({ tier: word }, { tier: value })).toBe(asked);
    expect(asks({ tier: { is: word } }, { tier: value })).toBe(asked);
  });

  it("asks only when every argument meets its own, and all bounds of one hold", () => {
    const both = { percent: { above: 15, below: 50 }, tier: { one_of: ["gold", 7] } };
    expect(asks(both, { percent: 20, tier: "gold" })).toBe(true);
    expect(asks(both, { percent: 20, tier: "7" })).toBe(true);
    expect(asks(both, { percent: 20, tier: "tin" })).toBe(false);
    expect(asks(both, { percent: 50, tier: "gold" })).toBe(false);
    expect(asks(both, { percent: 15, tier: "gold" })).toBe(false);
  });

  it("of one entry or of another is enough, and is said in words", () => {
    const ask_first: CharterInput["actions"]["ask_first"] = [
      { action: "discount", when: { percent: { above: 15 } } },
      { action: "discount", when: { tier: "gold", region: { one_of: ["EU", "UK"] } } },
    ];
    const rule = (args: object) => rules(act("discount", args), { actions: { ask_first } });
    expect(rule({ percent: 5, tier: "tin", region: "US" })).toEqual([]);
    expect(rule({ percent: 16, tier: "tin", region: "US" })).toEqual([
      "the charter asks first for discount (percent above 15)",
    ]);
    expect(rule({ percent: 5, tier: "gold", region: "UK" })).toEqual([
      "the charter asks first for discount (tier is gold; region is one of EU, UK)",
    ]);
  });
});

describe("a frequency", () => {
  const mail = act("send_email", {}, { subject: { type: "contact", id: "123" } });
  const limit = ["send_email more than 3 times in 7 d"];

  it.each([
    [0, []],
    [2, []],
    [3, limit],
    [4, limit],
  ])("of at most three, after %d, meets %j", (before, met) => expect(rules(mail, {}, [before])).toEqual(met));

  it("is counted per subject within the window, and only for actions that proceed", () => {
    const one = { what: "action:send_email", subject: "contact:123" };
    expect(whatToCount(agent(), mail, NOW)).toEqual({
      questions: [{ ...one, since: NOW - 7 * DAY }],
      permits: [one],
    });
    expect(whatToCount(agent(), act("in_app_message"), NOW)).toEqual({ questions: [], permits: [] });
  });

  it("is not evaded by naming no subject: those are counted together", () => {
    expect(whatToCount(agent(), act("send_email"), NOW).permits).toEqual([
      { what: "action:send_email", subject: "-" },
    ]);
  });

  it("by agent counts all subjects together, beside another limit on the same action", () => {
    const frequency = [
      { action: "send_email", at_most: 3, per: "7d" },
      { action: "send_email", at_most: 100, per: "1d", by: "agent" as const },
      { action: "send_email", at_most: 5, per: "30d" },
    ];
    const under = { constraints: { frequency } };
    const { questions, permits } = whatToCount(agent(charter(under)), mail, NOW);
    expect(questions.map(({ subject }) => subject)).toEqual(["contact:123", "*", "contact:123"]);
    expect(permits).toHaveLength(2);
    expect(rules(mail, under, [0, 100, 5])).toEqual([
      "send_email more than 100 times in 1 d",
      "send_email more than 5 times in 30 d",
    ]);
  });
});

describe("repeated contact", () => {
  const again = signal({ text: "Please reschedule our call.", subject: { type: "contact", id: "123" } });

  it("is met by the second request for a change, and says how often", () => {
    expect(rules(again, {}, [0])).toEqual([]);
    expect(rules(again, {}, [1])).toEqual(["asked for a change more than once"]);
    const triggers = { repeated_contact: { more_than: 3 } };
    expect(rules(again, { triggers }, [2])).toEqual([]);
    expect(rules(again, { triggers }, [3])).toEqual(["asked for a change more than 3 times"]);
  });

  it("is counted at once, after the limits on the action", () => {
    const both = signal({ ...again, action: { name: "send_email", args: {} } });
    const { questions, contact } = whatToCount(agent(), both, NOW);
    expect(contact).toEqual({ what: "repeated_contact", subject: "contact:123" });
    expect(questions.map(({ what }) => what)).toEqual(["action:send_email", "repeated_contact"]);
    expect(rules(both, {}, [0, 1])).toEqual(["asked for a change more than once"]);
    expect(rules(both, {}, [3, 0])).toEqual(["send_email more than 3 times in 7 d"]);
  });

  it("needs a subject, and a text that asks for something", () => {
    expect(whatToCount(agent(), signal({ text: "Please reschedule." }), NOW).contact).toBeUndefined();
    expect(whatToCount(agent(), signal({ ...again, text: "Thank you!" }), NOW).contact).toBeUndefined();
  });
});

describe("a lab agent", () => {
  const touch = (id: string, environment: "lab" | "production", lab_subjects?: string[]) =>
    judge(
      agent(charter({ triggers: lab_subjects ? { lab_leak: { lab_subjects } } : {} }), { environment }),
      signal({ subject: { type: "contact", id } }),
      [],
      NOW,
    ).map(({ trigger, severity }) => `${trigger} ${severity}`);

  it("may touch subjects of the laboratory and no other", () => {
    expect(touch("lab-7", "lab")).toEqual([]);
    expect(touch("test-7", "lab")).toEqual([]);
    expect(touch("123", "lab")).toEqual(["lab_leak critical"]);
    expect(touch("my-lab-7", "lab")).toEqual(["lab_leak critical"]);
    expect(touch("123", "production")).toEqual([]);
  });

  it("follows the charter's own patterns", () => {
    expect(touch("acme", "lab", ["acme"])).toEqual([]);
    expect(touch("acme-2", "lab", ["acme"])).toEqual(["lab_leak critical"]);
    expect(touch("lab-7", "lab", [])).toEqual(["lab_leak critical"]);
  });
});

it("names every rule a signal meets, the gravest first", () => {
  const request = signal({
    signal: { confidence: 0.1, budget: { spent: 9000, cap: 8000, currency: "GBP" } },
    subject: { type: "contact", id: "123" },
    action: { name: "refund", args: {} },
    text: "My lawyer wants to talk to a human. Cancel my plan.",
  });
  const found = judge(agent(charter(), { environment: "lab" }), request, [1], NOW);
  expect(found.map(({ trigger, severity }) => `${severity} ${trigger}`)).toEqual([
    "critical compliance",
    "critical lab_leak",
    "high human_requested",
    "high budget",
    "medium low_confidence",
    "medium approval_required",
    "medium repeated_contact",
  ]);
});

it("takes a trigger's severity from the charter, and never lowers a rule that is graver by itself", () => {
  const low = { triggers: { approval_required: { severity: "low" as const } } };
  const severities = (name: string) =>
    judge(agent(charter(low)), act(name), [], NOW).map(({ severity }) => severity);
  expect(severities("refund")).toEqual(["low"]);
  expect(severities("change_pricing")).toEqual(["high"]);
});
