/** Phrase rules: what a text says, however it is spaced, styled or hidden. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../../../src/domain/charter/judge.ts";
import {
  ASKS_FOR_A_CHANGE,
  ASKS_FOR_A_PERSON,
  LEGAL_CONCERNS,
  phraseIn,
} from "../../../src/domain/charter/phrases.ts";
import { signalRequestSchema } from "../../../src/domain/escalation/request.ts";
import { agent, charter, NOW } from "../scene.ts";

const LISTS = [ASKS_FOR_A_PERSON, LEGAL_CONCERNS, ASKS_FOR_A_CHANGE];

describe("a phrase", () => {
  it.each([
    ["I will call my LAWYER.", "LAWYER"],
    ["lawyer", "lawyer"],
    ["my lawyer's letter", "lawyer"],
    ["(lawyer)", "lawyer"],
    ["law\u200Byer", "lawyer"],
    ["l\u00ADa\u2060w\u{E0061}yer", "lawyer"],
    ["ｌａｗｙｅｒ", "lawyer"],
    ["𝐥𝐚𝐰𝐲𝐞𝐫", "lawyer"],
    ["legal\u00A0action", "legal action"],
    ["legal \n\t action", "legal action"],
    ["we don’t consent", "don't consent"],
    ["a sub‑processor", "sub-processor"],
    ["le\u200Bche\u0301ance", "leche\u0301ance".normalize()],
  ])("is found in %j", (text, said) => {
    const list = ["lawyer", "legal action", "don't consent", "sub-processor", "lechéance"];
    expect(phraseIn(text, list)).toBe(said);
  });

  it.each(["lawyers", "outlawyer", "lawyer2", "lawyerю", "law yer", "legal\u200Baction", "the law", ""])(
    "is not found in %j, which says something else",
    (text) => expect(phraseIn(text, ["lawyer", "legal action"])).toBeUndefined(),
  );

  it("is taken literally, whatever a pattern would make of it", () => {
    expect(phraseIn("anything at all", [".*", "(", "a|b", "[x]", "\\w+"])).toBeUndefined();
    expect(phraseIn("costs 5$ (net)", ["5$ (net)"])).toBe("5$ (net)");
  });

  it("that is invisible says nothing and hides no other", () => {
    expect(phraseIn("ask. lawyer", ["\u200B\u200B"])).toBeUndefined();
    expect(phraseIn("ask. lawyer", ["\u200B\u200B", "lawyer"])).toBe("lawyer");
    expect(phraseIn("lawyer", [])).toBeUndefined();
  });

  it("of any list is found wherever it stands, with anything invisible inside it", () => {
    const hidden = fc.constantFrom("", "\u200B", "\u00AD", "\u2060", "\uFEFF", "\u{E0020}");
    const phrase = fc.constantFrom(...LISTS.flat());
    fc.assert(
      fc.property(fc.string(), phrase, hidden, fc.nat(40), fc.string(), (head, said, inside, at, tail) => {
        const cut = at % said.length;
        const text = `${head} ${said.slice(0, cut)}${inside}${said.slice(cut)} ${tail}`;
        expect(phraseIn(text, [said])?.toLowerCase()).toBe(said.toLowerCase());
      }),
    );
  });

  it("is sought in a long hostile text without delay", () => {
    const started = performance.now();
    for (const list of LISTS) phraseIn("speak to a ".repeat(4_500), list);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("a customer's text", () => {
  const found = (text: string, triggers = {}) =>
    judge(agent(charter({ triggers })), signalRequestSchema.parse({ signal: {}, text }), [], NOW).map(
      ({ trigger, rule }) => `${trigger}: ${rule}`,
    );

  it("that names the law, or asks for a person, is for one", () => {
    expect(found("Under GDPR, delete this.")).toEqual(["compliance: the text says “GDPR”"]);
    expect(found("I want to SPEAK to a  human")).toEqual([
      "human_requested: the customer asks for a person: “SPEAK to a human”",
    ]);
    expect(found("I am only human")).toEqual([]);
  });

  it("is held against the charter's own phrases in place of ours", () => {
    const triggers = { compliance: { phrases: ["ombudsman"] }, human_requested: { phrases: ["Mensch"] } };
    expect(found("The GDPR and a human being", triggers)).toEqual([]);
    expect(found("Ombudsman! Ein Mensch bitte!", triggers)).toHaveLength(2);
  });

  it("is not judged by a rule that is switched off", () => {
    expect(found("GDPR", { compliance: { off: true } })).toEqual([]);
  });
});
