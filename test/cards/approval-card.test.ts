/** The approval card: what it says, what it offers, and what an agent can't make it say. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { approvalCard } from "../../src/cards/approval-card.ts";
import type { Escalation } from "../../src/domain/escalation/escalation.ts";
import type { EscalationRequest } from "../../src/domain/escalation/request.ts";
import { HOUR, MINUTE, SECOND } from "../../src/domain/time/time.ts";
import {
  decidedBy,
  exampleAgent,
  exampleCard,
  exampleEscalation,
  exampleFacts,
  exampleHold,
  JAMES,
  OTHER_DIGEST,
  SARAH,
  SEND_EMAIL,
} from "../support/gallery/gallery-scene.ts";
import { buttonsOf, labelsOf, linesOf, textOf } from "./reading.ts";

const NOW = Date.UTC(2026, 10, 20, 14, 0);
const card = (over: Partial<Escalation> = {}, request: Partial<EscalationRequest> = {}) =>
  exampleCard(NOW, { escalation: exampleEscalation(NOW, over, request) });

describe("an open request", () => {
  it("is read from the top: what is asked, how grave, until when, of whom, why, and what would run", () => {
    const lines = linesOf(card({ rule: "confidence below 70 %" }));
    expect(lines.slice(0, 7)).toEqual([
      "Trial nurture asks: approve send_email?",
      "Medium · due 17:40 (4 h to answer) · asked: @Sarah Chen",
      "Why it stopped: confidence below 70 %.",
      "Confidence: 62 % (charter: at least 70 %)",
      "About: “Dana Reyes” (contact 4711)",
      "In the name of: mark@example.com",
      "What would run: send_email",
    ]);
  });

  it("offers what the request allows, in one order", () => {
    expect(labelsOf(card())).toEqual([
      ...[
        "Approve",
        "Edit and approve",
        "Answer",
        "Reject",
        "Reject, keep paused",
        "Dismiss",
        "I'm on it",
        "Reassign",
      ],
    ]);
    expect(labelsOf(card({ allow: ["dismiss", "respond"] }))).toEqual([
      "Answer",
      "Dismiss",
      "I'm on it",
      "Reassign",
    ]);
  });

  it("says Carry on where there is no action to approve", () => {
    expect(labelsOf(card({}, { action: undefined }))[0]).toBe("Carry on");
  });

  it("offers to keep the pause only where there is one", () => {
    const free = exampleCard(NOW, { escalation: exampleEscalation(NOW, { hold: null }), hold: null });
    expect(labelsOf(free)).not.toContain("Reject, keep paused");
    expect(textOf(free)).toContain("Nothing is held while this waits");
  });

  it("puts the revision and the digest at stake into every button", () => {
    const proposal = {
      args: { ...SEND_EMAIL.action?.args, follow_up_days: 9 },
      digest: OTHER_DIGEST,
      by: SARAH,
    };
    for (const { intent } of buttonsOf(card({ revision: 7, proposal, approvalsNeeded: 2 }))) {
      expect(intent).toMatchObject({ revision: 7, digest: OTHER_DIGEST });
    }
  });

  it("shows the action before what the agent says of it, and says that nobody has checked that", () => {
    const lines = linesOf(card());
    const action = lines.findIndex((line) => line.startsWith("What would run"));
    const says = lines.findIndex((line) => line.startsWith("Trial nurture says (unverified)>"));
    expect(action).toBeGreaterThan(0);
    expect(says).toBeGreaterThan(action);
  });

  it("does not read a rule of the charter into what the agent claims itself", () => {
    expect(textOf(card())).toContain(
      "Why it stopped: it is not sure enough to go on, as the agent reports itself.",
    );
  });

  it("shows the first eight digits of the digest", () => {
    expect(textOf(card())).toContain("action 3f9a1c22");
  });

  it("keeps a string that looks like a number apart from a number", () => {
    const text = textOf(
      card({}, { action: { name: "discount", args: { a: 20, b: "20", c: "true", d: "", e: null } } }),
    );
    expect(text).toContain('a: 20\nb: "20"\nc: "true"\nd: ""\ne: null');
  });

  it("shows nested arguments as they are", () => {
    const args = { to: { segment: "trial" }, days: [1, 4] };
    expect(textOf(card({}, { action: { name: "update_campaign", args } }))).toContain(
      JSON.stringify(args, null, 2),
    );
  });

  it("compares with the charter under which it was asked, and with no other", () => {
    const agent = exampleAgent(NOW, { charterVersion: 4 });
    expect(textOf(exampleCard(NOW, { agent }))).not.toContain("(charter:");
  });

  it("tells an unconfirmed hold from the first minute on", () => {
    const placed = (ago: number) =>
      textOf(exampleCard(NOW, { hold: exampleHold(NOW, { placedAt: NOW - ago, confirmedAt: null }) }));
    expect(placed(59 * SECOND)).not.toContain("not confirmed");
    expect(placed(60 * SECOND)).toContain("Trial nurture is held since 13:59; not confirmed by the agent.");
  });

  it("names who was silent and who is asked now", () => {
    const text = textOf(card({ stage: 1, stageStartedAt: NOW, dueAt: NOW + 4 * HOUR, breached: true }));
    expect(text).toContain("Sarah Chen did not answer in 4 h; @James Liu is asked now.");
  });

  it("counts only approvals of what is at stake", () => {
    const approval = { by: SARAH, surface: "slack" as const, account: "a", at: NOW };
    const { actionDigest } = exampleEscalation(NOW);
    const counted = card({ approvalsNeeded: 2, approvals: [{ ...approval, digest: actionDigest }] });
    expect(textOf(counted)).toContain("1 of 2 approvals: Sarah Chen; one more is needed.");
    const stale = card({ approvalsNeeded: 2, approvals: [{ ...approval, digest: OTHER_DIGEST }] });
    expect(textOf(stale)).toContain("2 different people must approve this.");
  });

  it("shows a proposed change as what it was and what it is", () => {
    const args = { ...SEND_EMAIL.action?.args, follow_up_days: 7 };
    const text = textOf(card({ approvalsNeeded: 2, proposal: { args, digest: OTHER_DIGEST, by: SARAH } }));
    expect(text).toContain("Sarah Chen has changed the arguments");
    expect(text).toContain("follow_up_days: 3 → 7");
  });

  it("says who is on it and stops offering it", () => {
    const on = card({ acknowledged: { by: JAMES, at: NOW - MINUTE } });
    expect(textOf(on)).toContain("@James Liu is on it since 13:59.");
    expect(labelsOf(on)).not.toContain("I'm on it");
  });

  it("says that nobody can be reached instead of asking nobody", () => {
    const chain = { stages: [{ people: [], channel: null, within: HOUR }], onSilence: "keep_held" } as const;
    expect(textOf(card({ chain, asked: [] }))).toContain("Nobody the charter names can be reached.");
  });

  it("says what it cuts, and asks once more before something grave is approved unseen", () => {
    const long = { reason: "why ".repeat(400) };
    const grave = card({ severity: "critical" }, long);
    expect(textOf(grave)).toMatch(/Not shown here: [\d,]+ characters of the reason\./);
    expect(textOf(grave)).toContain("(Read everything)");
    expect(buttonsOf(grave)[0]?.confirm).toContain("does not show everything");
    expect(buttonsOf(card({ severity: "low" }, long))[0]?.confirm).toBeUndefined();
    expect(buttonsOf(card({ severity: "critical" }))[0]?.confirm).toBeUndefined();
  });

  it("shows the end of a long argument, where what matters may hide", () => {
    const args = { body: `${"Dear all, ".repeat(500)}and cc everyone@rival.example` };
    expect(textOf(card({}, { action: { name: "send_email", args } }))).toContain("cc everyone@rival.example");
  });
});

describe("what an agent can't do", () => {
  const words = fc.string({ unit: "binary", minLength: 1, maxLength: 200 });

  it("changes neither title nor buttons nor their order by its texts", () => {
    const usual = card();
    fc.assert(
      fc.property(words, words, words, (summary, reason, name) => {
        const own = card({}, { summary, reason, action: { name, args: { [name]: reason } } });
        expect(labelsOf(own)).toEqual(labelsOf(usual));
        expect(own.tone).toBe(usual.tone);
        const title = linesOf(own)[0] ?? "";
        const plain = /^[a-z0-9_][\w.:/-]{0,59}$/i.test(name);
        expect(title).toBe(`Trial nurture asks: approve ${plain ? name : "this action"}?`);
        expect(
          own.blocks.map(({ kind }) => kind).filter((kind) => kind === "open" || kind === "heading"),
        ).toEqual(["heading", "open"]);
      }),
    );
  });

  it("is quoted in the notification after our own words", () => {
    const { summary } = card({}, { summary: "ok.” APPROVED by @ciso. “" });
    expect(summary).toBe(
      'Trial nurture asks: approve send_email? Medium, 4 h to answer. It says: “ok." APPROVED by @ciso. "”',
    );
  });

  it("cannot speak as a person by calling it a flag", () => {
    const text = textOf(card({}, { trigger: "flag", requested_by: "sarah" }));
    expect(text).toContain("Trial nurture says (unverified)>");
    expect(text).not.toContain("Sarah Chen says");
  });
});

describe("whose words they are", () => {
  it("is the person's who raised a flag", () => {
    const text = textOf(card({ raisedBy: { id: "sarah", name: "Sarah Chen" } }, { trigger: "flag" }));
    expect(text).toContain("Sarah Chen says>");
    expect(text).not.toContain("unverified");
  });

  it("is nobody's where a signal met a rule: the card says which", () => {
    const text = textOf(card({ rule: "confidence below 70 %" }, {}));
    expect(text).toContain("confidence below 70 %");
    expect(text).not.toContain("(unverified)");
  });
});

describe("a settled request", () => {
  const released = exampleHold(NOW, { releasedAt: NOW, releasedBy: SARAH });
  const settled = (over: Partial<Escalation>) =>
    approvalCard(exampleFacts(NOW, { escalation: exampleEscalation(NOW, over), hold: released }));

  it("says first who, what, when and where, and offers nothing more", () => {
    const done = settled(decidedBy(SARAH, NOW, { args: SEND_EMAIL.action?.args }));
    expect(linesOf(done).slice(0, 2)).toEqual([
      "Approved: Trial nurture, send_email",
      "Approved by @Sarah Chen, 13:59, in Slack.",
    ]);
    expect(buttonsOf(done)).toEqual([]);
    expect(textOf(done)).toContain("Trial nurture is running again.");
    expect(done.tone).toBe("good");
  });

  it("shows what an edit changed", () => {
    const args = { ...SEND_EMAIL.action?.args, subject: "New" };
    const done = settled(decidedBy(SARAH, NOW, { verdict: "edit", args, actionDigest: OTHER_DIGEST }));
    expect(textOf(done)).toContain("Changed by Sarah Chen:\nsubject: GDPR and HIPAA together → New");
    expect(textOf(done)).toContain("action b1946ac9");
  });

  it("quotes the reason of a rejection", () => {
    const done = settled(decidedBy(JAMES, NOW, { verdict: "reject", reason: "*No*", surface: "console" }));
    expect(textOf(done)).toContain(
      "Rejected by @James Liu, 13:59, on the console.\nJames Liu's reason> *No*",
    );
    expect(done.tone).toBe("bad");
  });

  it("never says running while another hold stops the agent", () => {
    const pause = exampleHold(NOW, {
      id: "other" as never,
      escalation: null,
      placedBy: JAMES,
      reason: "Freeze",
    });
    const done = exampleCard(NOW, {
      escalation: exampleEscalation(NOW, decidedBy(SARAH, NOW)),
      hold: released,
      holds: [pause, released],
    });
    expect(textOf(done)).toContain("Trial nurture stays paused: paused by James Liu, “Freeze”.");
    expect(textOf(done)).not.toContain("running again");
  });

  it("names what of the agent still waits, as another thing than what was decided here", () => {
    const waiting = exampleHold(NOW, {
      id: "other" as never,
      scope: { kind: "action", digest: OTHER_DIGEST },
      escalation: "esc_other" as never,
      reason: "Offer 20 %",
    });
    const done = exampleCard(NOW, {
      escalation: exampleEscalation(NOW, decidedBy(SARAH, NOW)),
      hold: released,
      holds: [waiting, released],
    });
    expect(textOf(done)).toContain(
      "Trial nurture is running again. Still held: another action (another request waits, “Offer 20 %”).",
    );
  });

  it("says who kept the hold", () => {
    const kept = exampleCard(NOW, {
      escalation: exampleEscalation(
        NOW,
        decidedBy(SARAH, NOW, { verdict: "reject", reason: "No", keepHeld: true }),
      ),
      hold: exampleHold(NOW, { escalation: null }),
    });
    expect(textOf(kept)).toContain("Trial nurture stays paused: Sarah Chen kept the hold.");
  });

  it("never turns silence into consent", () => {
    const expired = exampleCard(NOW, {
      escalation: exampleEscalation(NOW, { status: "expired", settledAt: NOW }),
    });
    expect(textOf(expired)).toContain("Expired: nobody decided in time, 14:00.");
    expect(textOf(expired)).toContain("Trial nurture stays paused: nobody answered");
    expect(expired.tone).toBe("bad");
  });

  it("tells what became of it", () => {
    const done = settled({
      ...decidedBy(SARAH, NOW),
      outcome: { executed: false, detail: "Mailbox full", at: NOW },
    });
    expect(textOf(done)).toContain(
      "The agent reports that it was not done, 14:00.\nIt says (unverified)> Mailbox full",
    );
  });
});
