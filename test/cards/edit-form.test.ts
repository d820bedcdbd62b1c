/** Editing arguments: typed fields out, exact arguments back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editForm, editProblems, readEdit } from "../../src/cards/edit-form.ts";
import type { Filled, Form } from "../../src/cards/form.ts";
import { exampleEscalation, OTHER_DIGEST, SARAH } from "../support/gallery/gallery-scene.ts";
import { HOSTILE_TEXTS } from "../support/gallery/hostile-texts.ts";

const NOW = Date.UTC(2026, 10, 20, 14, 0);
const asked = (args: Record<string, unknown>, args_schema?: Record<string, unknown>) =>
  exampleEscalation(NOW, {}, { action: { name: "discount", args }, ...(args_schema ? { args_schema } : {}) });

/** What a platform sends back when nobody touched the form. */
function untouched(form: Form): Filled {
  return Object.fromEntries(
    form.fields.map((field) => [
      field.name,
      field.kind === "tick"
        ? field.value
        : field.value === undefined
          ? undefined
          : String(field.value).trim(),
    ]),
  );
}

const SCHEMA = {
  type: "object",
  required: ["percent", "tier"],
  properties: {
    percent: { type: "integer", minimum: 0, maximum: 50, description: "How much off" },
    tier: { enum: ["silver", "gold"] },
    notify: { type: "boolean" },
    note: { type: "string" },
    until: { type: "string", format: "date" },
  },
};

describe("the edit form", () => {
  it("draws one typed field per argument of the schema", () => {
    const { fields } = editForm(asked({ percent: 20, tier: "gold", notify: true, note: "hi" }, SCHEMA));
    expect(fields.map(({ kind, label, optional }) => [kind, label, optional])).toEqual([
      ["number", "percent", false],
      ["choice", "tier", false],
      ["tick", "notify", true],
      ["lines", "note", true],
      ["line", "until", true],
    ]);
    expect(fields[0]).toMatchObject({
      whole: true,
      min: 0,
      max: 50,
      value: 20,
      hint: "“How much off”, at least 0, at most 50",
    });
  });

  it("goes by the arguments' present types without a schema, nested ones as JSON", () => {
    const { fields } = editForm(asked({ a: "x", b: 1.5, c: false, d: { e: [1] }, f: null }));
    expect(fields.map(({ kind }) => kind)).toEqual(["line", "number", "tick", "json", "json"]);
  });

  it("edits very many arguments as one piece of JSON", () => {
    const args = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`k${at}`, at]));
    const request = asked(args);
    expect(editForm(request).fields.map(({ kind }) => kind)).toEqual(["json"]);
    expect(readEdit(request, { all: '{"k0": 5}' })).toEqual({ ok: true, args: { k0: 5 } });
  });

  it("starts from the change that waits for its second approval", () => {
    const request = exampleEscalation(
      NOW,
      { proposal: { args: { percent: 9 }, digest: OTHER_DIGEST, by: SARAH } },
      { action: { name: "discount", args: { percent: 20 } } },
    );
    expect(editForm(request).fields[0]).toMatchObject({ value: 9 });
    expect(editForm(request).intent.digest).toBe(OTHER_DIGEST);
  });

  it("says which arguments are too long for a form, and keeps them", () => {
    const request = asked({ body: "x".repeat(4_000), to: "a" });
    const form = editForm(request);
    expect(form.fields).toHaveLength(1);
    expect(JSON.stringify(form.intro)).toContain("kept as it is: body");
    expect(readEdit(request, { arg1: "b" })).toEqual({
      ok: true,
      args: { body: "x".repeat(4_000), to: "b" },
    });
  });
});

/** Names as the agents' door lets them in. */
const argument = fc.string().filter((name) => name !== "__proto__" && name !== "constructor");

describe("what comes back", () => {
  it("is exactly what was there when nothing was touched, whatever it was", () => {
    fc.assert(
      fc.property(fc.dictionary(argument, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 22 }), (raw) => {
        const args = JSON.parse(JSON.stringify(raw)) as Record<string, unknown>;
        const request = asked(args);
        const back = readEdit(request, untouched(editForm(request)));
        expect(back).toEqual({ ok: true, args });
      }),
      { numRuns: 500 },
    );
  });

  it.each(Object.entries(HOSTILE_TEXTS))("is exactly what was there for %s", (_, text) => {
    const request = asked({ body: text, other: 1 });
    expect(readEdit(request, untouched(editForm(request)))).toEqual({
      ok: true,
      args: { body: text, other: 1 },
    });
  });

  it("keeps types: numbers stay numbers, strings stay strings", () => {
    const request = asked({ percent: 20, code: "20", on: false });
    expect(readEdit(request, { arg0: "15", arg1: "15", arg2: true })).toEqual({
      ok: true,
      args: { percent: 15, code: "15", on: true },
    });
  });

  it.each([
    ["1,000", "plain number"],
    ["0x10", "plain number"],
    ["Infinity", "plain number"],
    ["1e999", "too large"],
    ["12.5", "whole number"],
    ["51", "at most 50"],
    ["-1", "at least 0"],
    ["", "needed"],
  ])("refuses %j as a percentage", (typed, words) => {
    const request = asked({ percent: 20, tier: "gold" }, SCHEMA);
    const back = readEdit(request, { arg0: typed, arg1: "1" });
    expect(back).toMatchObject({ ok: false, problems: { arg0: expect.stringContaining(words) } });
  });

  it("takes a cleared argument away only where the schema lets it", () => {
    const request = asked({ percent: 20, tier: "gold", note: "hi" }, SCHEMA);
    expect(readEdit(request, { arg0: "20", arg1: "1" })).toEqual({
      ok: true,
      args: { percent: 20, tier: "gold" },
    });
    expect(readEdit(asked({ note: "hi" }), {})).toEqual({ ok: true, args: { note: "" } });
  });

  it("takes one of the listed values, and no other", () => {
    const request = asked({ percent: 20, tier: "gold" }, SCHEMA);
    expect(readEdit(request, { arg0: "20", arg1: "0" })).toMatchObject({ args: { tier: "silver" } });
    expect(readEdit(request, { arg0: "20", arg1: "7" })).toMatchObject({
      problems: { arg1: "Choose one of the list." },
    });
  });

  it("shows hidden characters of a text as JSON escapes, so that nobody edits what they can't see", () => {
    const request = asked({ file: "invoice\u202Egpj.exe" });
    expect(editForm(request).fields[0]).toMatchObject({ kind: "json", value: '"invoice\\u202egpj.exe"' });
  });

  it.each([
    ['{"__proto__": {"admin": true}}', "__proto__"],
    ['{"a": {"constructor": 1}}', "constructor"],
    [`${"[".repeat(10_000)}${"]".repeat(10_000)}`, "levels deep"],
    ['{"a": 1e400}', "too large"],
    ['{"a": }', "not JSON"],
  ])("refuses %.30s as JSON", (typed, words) => {
    expect(readEdit(asked({ where: { a: 1 } }), { arg0: typed })).toMatchObject({
      ok: false,
      problems: { arg0: expect.stringContaining(words) },
    });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it("puts a checker's problem at the field that can mend it", () => {
    const request = asked({ percent: 20, "a/b": "x" });
    expect(
      editProblems(request, [
        { pointer: "/action/args/a~1b", detail: "too short" },
        { pointer: "/percent", detail: "too high" },
        { pointer: "", detail: "one is missing" },
      ]),
    ).toEqual({ arg1: "too short", arg0: "too high one is missing" });
  });
});
