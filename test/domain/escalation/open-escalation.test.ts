/** Opening: the hold of each trigger, what may be decided, who is asked, and the alarm when that is nobody. */
import { describe, expect, it } from "vitest";
import { TRIGGERS, VERDICTS } from "../../../src/domain/charter/trigger.ts";
import { covers, scopeWord } from "../../../src/domain/hold.ts";
import { HOUR, MINUTE } from "../../../src/domain/time/time.ts";
import { agent, charter, NOW, open } from "../scene.ts";

describe("the hold", () => {
  const DIGEST = open().escalation.actionDigest;

  it.each([
    ...(
      [
        "low_confidence",
        "human_requested",
        "negative_sentiment",
        "budget",
        "metric_deviation",
        "compliance",
        "lab_leak",
      ] as const
    ).map((trigger) => [trigger, "agent"] as const),
    ["approval_required", `action:${DIGEST}`],
    ["repeated_contact", "subject:contact:123"],
    ["question", "subject:contact:123"],
  ] as const)("of %s is on %s by default", (trigger, scope) => {
    const { hold, escalation, step } = open({ trigger });
    expect(hold && scopeWord(hold.scope)).toBe(scope);
    expect(hold).toMatchObject({
      id: escalation.hold,
      escalation: "esc_1",
      placedAt: NOW,
      until: null,
      releasedAt: null,
    });
    expect(step.holds).toEqual([{ change: "place", hold }]);
  });

  it.each([
    ["low", null],
    ["medium", null],
    ["high", "agent"],
    ["critical", "agent"],
  ] as const)("of a flag of severity %s is on %s", (severity, scope) => {
    const { hold, escalation, step } = open({ trigger: "flag", severity });
    expect(hold && scopeWord(hold.scope)).toBe(scope);
    expect(escalation.hold).toBe(hold?.id ?? null);
    expect(step.audit.map(({ kind }) => kind)).toEqual(
      scope ? ["escalation.opened", "hold.placed"] : ["escalation.opened"],
    );
  });

  it("stops the whole agent where what would narrow it is not named", () => {
    for (const trigger of ["approval_required", "repeated_contact", "question"] as const) {
      expect(open({ trigger, action: undefined, subject: undefined }).hold?.scope).toEqual({ kind: "agent" });
    }
  });

  it("is as narrow as the charter says", () => {
    const narrow = (hold: "subject" | "capability" | "action") =>
      open({ trigger: "budget" }, { agent: agent(charter({ triggers: { budget: { hold } } })) }).hold;
    expect(narrow("subject")?.scope).toEqual({ kind: "subject", subject: "contact:123" });
    expect(narrow("capability")?.scope).toEqual({ kind: "capability", capability: "discount" });
    expect(narrow("action")?.scope).toEqual({ kind: "action", digest: DIGEST });
  });

  it("covers what it names and nothing beside it", () => {
    const { hold } = open();
    if (!hold || !DIGEST) throw new Error("no hold");
    expect(covers(hold, { action: DIGEST })).toBe(true);
    expect(covers(hold, { action: "sha256:0", subject: "contact:123", capability: "discount" })).toBe(false);
    expect(covers(hold, {})).toBe(false);
    const whole = open({ trigger: "budget" }).hold;
    expect(whole && covers(whole, {})).toBe(true);
  });

  it("on the agent looks again after a minute, whether the agent has confirmed it", () => {
    const later = (trigger: string) =>
      open({ trigger }).step.jobs?.filter(({ key }) => key.endsWith(":confirmed"));
    expect(later("budget")?.map(({ at }) => at)).toEqual([NOW + MINUTE]);
    expect(later("question")).toEqual([]);
  });

  it("is told to the agent's own address, where it has one", () => {
    expect(open().step.callbacks).toEqual([]);
    const told = open(
      { callback_url: "https://other.example/" },
      { agent: agent(charter(), { callbackUrl: "https://agent.example/hook" }) },
    );
    expect(told.step.callbacks?.map(({ type, url }) => [type, url])).toEqual([
      ["hold.placed", "https://agent.example/hook"],
    ]);
  });
});

describe("what may be decided", () => {
  const allow = (more: object, about = {}) => open({ ...more }, about).escalation.allow;

  it("is the trigger's default, narrowed by what the request asks for", () => {
    expect(allow({})).toEqual(["approve", "edit", "reject", "respond"]);
    expect(allow({ allow: ["reject", "approve"] })).toEqual(["approve", "reject"]);
  });

  it("is never widened by the request", () => {
    expect(allow({ trigger: "question", allow: ["approve", "respond"] })).toEqual(["respond"]);
    expect(allow({ trigger: "lab_leak", allow: ["approve"] })).toEqual(["reject", "respond", "dismiss"]);
  });

  it("has no edit without an action to change", () => {
    expect(allow({ action: undefined })).toEqual(["approve", "reject", "respond"]);
  });

  it.each(TRIGGERS)("is never nothing, for %s", (trigger) => {
    for (const verdict of VERDICTS) {
      expect(allow({ trigger, action: undefined, allow: [verdict] })).not.toEqual([]);
      const only = agent(charter({ triggers: { [trigger]: { allow: [verdict] } } }));
      expect(allow({ trigger, action: undefined }, { agent: only })).not.toEqual([]);
    }
  });

  it("is no approval of what the charter never allows, whoever asks and however", () => {
    const never = { action: { name: "change_pricing", args: {} } };
    expect(allow(never)).toEqual(["reject", "respond"]);
    expect(allow({ ...never, trigger: "low_confidence", allow: ["approve", "edit"] })).toEqual([
      "reject",
      "respond",
      "dismiss",
    ]);
    expect(allow({}, { never: true })).toEqual(["reject", "respond"]);
    const approveOnly = agent(charter({ triggers: { approval_required: { allow: ["approve"] } } }));
    expect(allow(never, { agent: approveOnly })).toEqual(["reject"]);
  });
});

describe("whoever is asked", () => {
  it("has a card at once, and is reminded at half time", () => {
    const { escalation, step } = open();
    expect(escalation).toMatchObject({
      status: "open",
      revision: 1,
      asked: ["sarah"],
      dueAt: NOW + 4 * HOUR,
      charterVersion: 3,
    });
    expect(step.escalation).toEqual({ before: 0, after: escalation });
    const [copy] = step.copies ?? [];
    expect(step.copies).toEqual([copy]);
    expect(copy).toMatchObject({
      escalation: "esc_1",
      part: "card",
      state: "wanted",
      address: { id: "Usarah" },
    });
    expect(step.jobs?.map(({ key, at }) => [key, at])).toEqual([
      [`draw:${copy?.id}`, NOW],
      ["advance:esc_1", NOW + 2 * HOUR],
    ]);
  });

  it("finds it in the console where no chat platform is on, and nothing is left to draw", () => {
    const { step } = open({}, { platforms: [] });
    expect(step.copies).toMatchObject([{ address: { platform: "console" }, state: "shown" }]);
    expect(step.jobs?.map(({ kind }) => kind)).toEqual(["advance"]);
  });

  it("has somebody else asked at once when nobody of the first stage has an account", () => {
    const { step } = open({}, { platforms: ["teams"] });
    expect(step.copies).toEqual([]);
    expect(step.jobs?.map(({ kind }) => kind)).toEqual(["publish", "advance"]);
  });

  it("is asked as urgently as the request says, else as the charter says", () => {
    expect(open({ severity: "critical" }).escalation.dueAt).toBe(NOW + 15 * MINUTE);
    expect(open({ respond_within: "90s" }).escalation.dueAt).toBe(NOW + 90_000);
    const grave = agent(charter({ triggers: { approval_required: { severity: "high" } } }));
    expect(open({}, { agent: grave }).escalation).toMatchObject({ severity: "high", dueAt: NOW + HOUR });
  });

  it("is the rep as well, when a customer asks for a person", () => {
    const rep = { rep: "Rita@example.com" };
    expect(open({ trigger: "human_requested", ...rep }).escalation.asked).toEqual(["sarah", "rita"]);
    expect(open({ trigger: "budget", ...rep }).escalation.asked).toEqual(["sarah"]);
    expect(open({ trigger: "human_requested", rep: "stranger@example.com" }).escalation.asked).toEqual([
      "sarah",
    ]);
  });
});

describe("the operator's alarm", () => {
  const alarms = (ownership: object) => {
    const { step, hold } = open({}, { agent: agent(charter({ ownership })) });
    expect(hold).not.toBeNull();
    return step.audit
      .filter(({ kind }) => kind === "operator.alarmed")
      .map(({ detail, actor }) => [actor.kind, detail]);
  };
  const nobody = { owner: "ghost", deputies: [], approvers: [], escalate_to: [] };

  it("is silent while the owner is known", () => expect(alarms({})).toEqual([]));

  it("tells when the owner is not, though others are", () => {
    expect(alarms({ owner: "ghost" })).toEqual([
      ["system", { why: "the owner is not in the people list", owner: "ghost" }],
    ]);
  });

  it("tells when nobody may decide, fallback channel or not; the hold stands", () => {
    const all = [["system", { why: "nobody in the charter can be reached", owner: "ghost" }]];
    expect(alarms(nobody)).toEqual(all);
    expect(alarms({ ...nobody, fallback: undefined })).toEqual(all);
  });
});
