/** The small forms: rejecting, answering, reassigning, flagging, pausing. */
import { describe, expect, it } from "vitest";
import {
  flagForm,
  pauseForm,
  readAnswer,
  readFlag,
  readPause,
  readReassign,
  reassignForm,
  rejectForm,
  rejectKeepForm,
  respondForm,
} from "../../src/cards/forms.ts";
import { HOUR } from "../../src/domain/time/time.ts";
import { exampleAgent, exampleEscalation, JAMES, PEOPLE } from "../support/gallery/gallery-scene.ts";

const NOW = Date.UTC(2026, 10, 20, 14, 0);
const request = exampleEscalation(NOW);
const withOptions = exampleEscalation(NOW, {}, { options: [{ name: "legal", title: "Legal answers" }] });

describe("forms", () => {
  it("wants a reason for a rejection, or one of the ready ones", () => {
    expect(rejectForm(request).fields).toMatchObject([{ name: "reason", optional: false }]);
    expect(rejectForm(withOptions).fields).toMatchObject([
      {
        name: "option",
        kind: "choice",
        optional: true,
        choices: [{ value: "legal", label: "Legal answers" }],
      },
      { name: "reason", optional: true },
    ]);
    expect(rejectKeepForm(request).intent.verb).toBe("reject_keep");
    expect(respondForm(request).fields).toMatchObject([{ name: "response", optional: false }]);
  });

  it("takes blank for absent", () => {
    expect(readAnswer({ reason: "  ", option: "legal", response: undefined })).toEqual({ option: "legal" });
  });

  it("finds whom to ask by id or mail address", () => {
    expect(reassignForm(request, PEOPLE.people).fields[0]).toMatchObject({ kind: "choice" });
    expect(readReassign({ to: "james" }, PEOPLE)).toEqual({ ok: true, value: JAMES });
    expect(readReassign({ to: "James@Example.com" }, PEOPLE)).toEqual({ ok: true, value: JAMES });
    expect(readReassign({ to: "mallory" }, PEOPLE)).toMatchObject({ ok: false });
  });

  it("asks for an address where the directory is larger than a list can be", () => {
    const many = Array.from({ length: 101 }, () => JAMES);
    expect(reassignForm(request, many).fields[0]).toMatchObject({ kind: "line" });
  });

  it("flags with the message it is about", () => {
    const typed = flagForm([exampleAgent(NOW)], null, "it sounds rude");
    expect(typed.fields.find(({ name }) => name === "what")).toMatchObject({ value: "it sounds rude" });
    const form = flagForm([exampleAgent(NOW)], "We double the price.");
    expect(form.intent.on).toBe("trial-nurture");
    expect(form.fields.at(-1)).toMatchObject({ name: "about", value: "We double the price." });
    expect(readFlag({ agent: "trial-nurture", severity: "high", what: " Odd tone " })).toEqual({
      ok: true,
      value: { agent: "trial-nurture", severity: "high", what: "Odd tone", about: null },
    });
    expect(readFlag({})).toMatchObject({
      ok: false,
      problems: { agent: expect.any(String), what: expect.any(String) },
    });
  });

  it("pauses until somebody resumes, or for a while", () => {
    expect(pauseForm(null).intent.on).toBe("all");
    expect(readPause({ for: "2h", reason: "x" }, NOW)).toEqual({
      ok: true,
      value: { until: NOW + 2 * HOUR, reason: "x" },
    });
    expect(readPause({ for: "open", reason: "x" }, NOW)).toMatchObject({ value: { until: null } });
    expect(readPause({ for: "PT1000000H", reason: "x" }, NOW)).toMatchObject({ ok: false });
    expect(readPause({ for: "2h" }, NOW)).toMatchObject({
      ok: false,
      problems: { reason: expect.any(String) },
    });
  });
});
