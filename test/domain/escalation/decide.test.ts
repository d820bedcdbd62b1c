/** The one decision: every verdict in every state, what each needs, and what becomes of the hold. */
import { describe, expect, it } from "vitest";
import { advance } from "../../../src/domain/chain/advance.ts";
import { VERDICTS, type Verdict } from "../../../src/domain/charter/trigger.ts";
import { actionDigest } from "../../../src/domain/escalation/action-digest.ts";
import { withdraw } from "../../../src/domain/escalation/attend.ts";
import { decide } from "../../../src/domain/escalation/decide.ts";
import type { Escalation } from "../../../src/domain/escalation/escalation.ts";
import { DAY } from "../../../src/domain/time/time.ts";
import {
  agent,
  allowed,
  changed,
  charter,
  deciding,
  facts,
  here,
  NOW,
  newId,
  open,
  refusal,
  sha256,
} from "../scene.ts";

/** What each verdict needs to be complete. */
const COMPLETE = {
  approve: {},
  edit: { args: { percent: 10 } },
  reject: { reason: "Too much" },
  respond: { response: "Offer 10 %" },
  dismiss: {},
} as const;

const everything = agent(charter({ triggers: { approval_required: { allow: [...VERDICTS] } } }));
const opened = () =>
  open({ options: [{ name: "too_high" }, { name: "wrong_customer" }] }, { agent: everything });
const { escalation, hold } = opened();
const decided = (verdict: Verdict, more: object = {}, before: Escalation = escalation) =>
  decide(before, deciding("sarah", verdict, { ...COMPLETE[verdict], ...more }), facts(hold));

describe("a decision", () => {
  it.each(VERDICTS)("to %s settles it once, releases its hold and stops its timer", (verdict) => {
    const step = allowed(decided(verdict));
    expect(changed(step)).toMatchObject({ status: "decided", revision: 2, settledAt: NOW + 60_000 });
    expect(changed(step).decision).toMatchObject({
      verdict,
      by: { id: "sarah", name: "Sarah" },
      surface: "slack",
      account: "slack:T1/Usarah",
      keepHeld: false,
    });
    expect(step.holds).toEqual([
      { change: "release", hold, by: { id: "sarah", name: "Sarah" }, at: NOW + 60_000 },
    ]);
    expect(step.cancelled).toEqual(["advance:esc_1", "publish:esc_1:confirmed"]);
    expect(step.jobs?.map(({ key }) => key)).toEqual(["publish:esc_1"]);
    expect(step.audit.map(({ kind, actor }) => [kind, actor.kind, actor.id])).toEqual([
      ["escalation.decided", "person", "sarah"],
      ["hold.released", "person", "sarah"],
    ]);
    expect(step.audit[0]?.detail).toEqual({
      verdict,
      digest: changed(step).decision?.actionDigest,
      seconds: 60,
    });
  });

  const settled: [string, Escalation, object][] = [
    [
      "decided",
      changed(allowed(decided("approve"))),
      {
        code: "already_decided",
        verdict: "approve",
        by: { id: "sarah", name: "Sarah" },
        at: NOW + 60_000,
        yours: true,
      },
    ],
    ["expired", { ...escalation, status: "expired" }, { code: "expired" }],
    ["withdrawn", { ...escalation, status: "withdrawn" }, { code: "withdrawn" }],
  ];
  for (const [state, before, why] of settled) {
    it.each(VERDICTS)(`to %s changes nothing once it is ${state}`, (verdict) => {
      expect(refusal(decided(verdict, {}, before))).toEqual(why);
    });
  }

  it("tells everybody else who was quicker", () => {
    const before = changed(allowed(decided("approve")));
    expect(refusal(decide(before, deciding("james", "reject", { reason: "no" }), facts(null)))).toMatchObject(
      {
        by: { name: "Sarah" },
        yours: false,
      },
    );
  });

  it.each(VERDICTS)("to %s is refused where it is not offered", (verdict) => {
    const before = { ...escalation, allow: VERDICTS.filter((one) => one !== verdict) };
    expect(refusal(decided(verdict, {}, before))).toEqual({ code: "not_offered", verdict });
  });

  it.each<[Verdict, object, string]>([
    ["reject", { reason: undefined }, "/reason"],
    ["reject", { reason: " \n" }, "/reason"],
    ["respond", { response: undefined }, "/response"],
    ["respond", { response: "  " }, "/response"],
    ["edit", { args: undefined }, "/args"],
    ["approve", { option: "invented" }, "/option"],
    ["reject", { option: "invented" }, "/option"],
    ["reject", { reason: "", option: "" }, "/option"],
  ])("to %s with %j is incomplete, and says where", (verdict, more, pointer) => {
    expect(refusal(decided(verdict, more))).toMatchObject({ code: "invalid", problems: [{ pointer }] });
  });

  it("to reject needs a reason or one of the options; so does an answer", () => {
    const rejected = changed(allowed(decided("reject", { reason: undefined, option: "too_high" }))).decision;
    expect(rejected).toMatchObject({ option: "too_high", reason: undefined, args: undefined });
    expect(
      changed(allowed(decided("respond", { response: undefined, option: "too_high" }))).decision?.option,
    ).toBe("too_high");
    expect(changed(allowed(decided("reject", { reason: " Too much\n" }))).decision?.reason).toBe("Too much");
  });

  it("on arguments other than those on the card is refused", () => {
    expect(
      refusal(decided("approve", { seen: actionDigest({ name: "discount", args: {} }, sha256) })),
    ).toEqual({ code: "stale_card" });
    expect(refusal(decided("approve", { seen: null }))).toEqual({ code: "stale_card" });
    expect(decided("approve", { seen: escalation.actionDigest }).ok).toBe(true);
  });
});

describe("what is approved", () => {
  it("is what the card showed, whatever arguments come along", () => {
    const { decision } = changed(allowed(decided("approve", { args: { percent: 90 } })));
    expect(decision).toMatchObject({
      verdict: "approve",
      args: { percent: 20 },
      actionDigest: escalation.actionDigest,
    });
  });

  it("is the edit, under the edit's own digest", () => {
    const { decision } = changed(allowed(decided("edit")));
    const digest = actionDigest({ name: "discount", args: { percent: 10 } }, sha256);
    expect(decision).toMatchObject({ verdict: "edit", args: { percent: 10 }, actionDigest: digest });
    expect(digest).not.toBe(escalation.actionDigest);
  });

  it("is nothing that the request's own schema refuses", () => {
    const problem = { pointer: "/args/percent", detail: "at most 15" };
    const checked = facts(hold, { checkArgs: (args) => (args === COMPLETE.edit.args ? [problem] : []) });
    expect(refusal(decide(escalation, deciding("sarah", "edit", COMPLETE.edit), checked))).toEqual({
      code: "invalid",
      problems: [problem],
    });
  });

  it.each(["reject", "respond", "dismiss"] as const)(
    "is nothing at all when somebody chooses to %s",
    (verdict) => {
      const { decision } = changed(allowed(decided(verdict, { args: { percent: 90 } })));
      expect(decision).toMatchObject({ args: undefined, actionDigest: escalation.actionDigest });
    },
  );
});

describe("the hold", () => {
  it("stays when it is rejected and kept, with the reason, until somebody resumes", () => {
    const step = allowed(decided("reject", { keepHeld: true }));
    expect(step.holds).toEqual([
      { change: "keep", hold, by: { id: "sarah", name: "Sarah" }, reason: "Too much" },
    ]);
    expect(changed(step).decision?.keepHeld).toBe(true);
    expect(step.audit.map(({ kind }) => kind)).toEqual(["escalation.decided", "hold.kept"]);
  });

  it("that is gone already is neither released again nor said to be kept", () => {
    const step = allowed(
      decide(escalation, deciding("sarah", "reject", { reason: "no", keepHeld: true }), facts(null)),
    );
    expect(step.holds).toEqual([]);
    expect(step.audit).toHaveLength(1);
    expect(changed(step).decision?.keepHeld).toBe(false);
  });
});

describe("what the agent is told", () => {
  const callbackUrl = "https://agent.example/hook";
  const told = (more: Record<string, unknown>, keepHeld = false) => {
    const one = open(more, { agent: agent(everything.charter, { callbackUrl }) });
    const step = allowed(
      decide(
        one.escalation,
        deciding("sarah", "reject", { reason: "no", keepHeld }),
        facts(one.hold, { agent: agent(everything.charter, { callbackUrl }) }),
      ),
    );
    return step.callbacks?.map(({ type, url, body }) => [type, url, JSON.parse(body).data.status]);
  };

  it("goes to the request's address, and of the hold to the agent's own", () => {
    const own = "https://request.example/cb";
    expect(told({ callback_url: own })).toEqual([
      ["escalation.decided", own, "decided"],
      ["hold.released", callbackUrl, undefined],
    ]);
    expect(told({})?.map(([, url]) => url)).toEqual([callbackUrl, callbackUrl]);
  });

  it("is due before the cards are drawn anew, which are on no platform where none is on", () => {
    const told = open({ callback_url: "https://agents.example/cb" });
    const kinds = (platforms: readonly string[]) =>
      allowed(
        decide(told.escalation, deciding("sarah", "approve"), facts(told.hold, { platforms })),
      ).jobs?.map(({ kind }) => kind);
    expect(kinds(["slack"])).toEqual(["callback", "publish"]);
    expect(kinds([])).toEqual(["callback"]);
  });

  it("is no release of a hold that was kept", () => {
    expect(told({}, true)?.map(([type]) => type)).toEqual(["escalation.decided"]);
  });
});

it("is not changed by time or by a withdrawal that come too late", () => {
  const before = changed(allowed(decided("approve")));
  const later = { cover: here, agent: everything, card: "shown", newId, now: NOW + 30 * DAY } as const;
  expect(advance(before, later)).toBeUndefined();
  expect(refusal(withdraw(before, "changed our mind", { ...later, hold }))).toMatchObject({
    code: "already_decided",
    yours: false,
  });
});
