/** Cards on Teams: literal, complete where they fit, honest where they don't, and never too large to be taken. */
import { describe, expect, it } from "vitest";
import type { Card, Text } from "../../../src/cards/card.ts";
import { bytesOf } from "../../../src/chat/teams/limits.ts";
import { drawCard, drawContent, drawMinimal } from "../../../src/chat/teams/render.ts";
import { gallery } from "../../support/gallery/gallery.ts";
import { HOSTILE_TEXTS } from "../../support/gallery/hostile-texts.ts";
import { faultsIn } from "../../support/teams-connector/card-check.ts";
import { buttonsOn, type Json, wordsOn } from "../../support/teams-connector/index.ts";
import { at, everything } from "../../support/teams-connector/json.ts";
import { CONSOLE, token } from "../stage.ts";

const canvas = { token, consoleUrl: CONSOLE, mentions: true, forms: [], refresh: null };
const NOW = Date.UTC(2026, 10, 16, 9, 0, 0);
const card = (...blocks: Card["blocks"]): Card => ({ summary: "Summary", tone: "quiet", blocks });
const draw = (...blocks: Card["blocks"]) => drawContent(card(...blocks), canvas);
const drawText = (...text: Text) => draw({ kind: "text", text });

const attachmentOf = (activity: Json) => (activity.attachments as readonly Json[])[0];

/** All that Teams would say against it, or that an agent could make of it. */
function faults(activity: Json) {
  const content = at(attachmentOf(activity), "content");
  const texts = everything(content).filter(({ type }) => type === "TextBlock" || type === "FactSet");
  return {
    card: faultsIn(content),
    tooMuch: bytesOf(content) > 24 * 1024,
    markdown: texts.filter(({ text }) => !/^(?:<at>[\p{L}\p{M}\p{N}' .,-]+<\/at> ?)+$/u.test(String(text))),
    words: activity.text !== undefined,
  };
}
const NONE = { card: [], tooMuch: false, markdown: [], words: false };

describe("every card", () => {
  it.each(gallery(NOW).map(({ name, card: shown }) => [name, shown] as const))(
    "fits, whole or minimal: %s",
    (_, shown) => {
      expect(faults(drawCard(shown, canvas))).toEqual(NONE);
      expect(faults(drawMinimal(shown, canvas))).toEqual(NONE);
    },
  );

  it("of the product is drawn, none in its shortest form only", () => {
    const minimal = gallery(NOW).filter(({ card: shown }) =>
      wordsOn(drawContent(shown, canvas)).includes("do not fit in Teams"),
    );
    expect(minimal.map(({ name }) => name)).toEqual([]);
  });
});

describe("forms on the card", () => {
  const FORMS = ["reject", "respond", "edit", "reject_keep", "reassign"] as const;
  /** The forms that the buttons of this card ask for, each with much to fill in. */
  const formsFor = (shown: Card, value = "") =>
    shown.blocks
      .flatMap((block) => (block.kind === "buttons" ? block.buttons : []))
      .filter(({ intent }) => FORMS.some((verb) => verb === intent.verb))
      .map(({ intent, label }) => ({
        ...{ title: label, send: "Send", intent, intro: [] },
        fields: [{ kind: "lines" as const, name: "reason", label: "Reason", optional: false, value }],
      }));
  const opened = (content: Json) => buttonsOn(content).filter(({ opens }) => opens !== undefined);

  it.each(gallery(NOW).map(({ name, card: shown }) => [name, shown] as const))(
    "take no word from the request, and no id twice: %s",
    (_, shown) => {
      for (const value of ["", "x".repeat(2_900)]) {
        const drawn = drawCard(shown, { ...canvas, forms: formsFor(shown, value) });
        expect(faults(drawn)).toEqual(NONE);
        expect(wordsOn(at(attachmentOf(drawn), "content"))).toBe(wordsOn(drawContent(shown, canvas)));
      }
    },
  );

  it("stand on the card of the product's usual request, all of them", () => {
    const usual = gallery(NOW).find(({ name }) => name === "approve an e-mail")?.card ?? card();
    const drawn = drawContent(usual, { ...canvas, forms: formsFor(usual) });
    expect(opened(drawn).map(({ title }) => title)).toEqual([
      "Edit and approve",
      "Answer",
      "Reject",
      "Reject, keep paused",
      "Reassign",
    ]);
  });

  it("that are too much for it are left out, and those that fit stay", () => {
    const usual = gallery(NOW).find(({ name }) => name === "approve an e-mail")?.card ?? card();
    const [first, ...others] = formsFor(usual);
    if (first === undefined) throw new Error("no form");
    const much = { ...first, fields: first.fields.map((field) => ({ ...field, value: "x".repeat(3_001) })) };
    const drawn = drawContent(usual, { ...canvas, forms: [much, ...others] });
    expect(opened(drawn).map(({ title }) => title)).not.toContain("Edit and approve");
    expect(opened(drawn)).toHaveLength(4);
  });
});

describe("tables and charts", () => {
  const table = {
    kind: "table",
    columns: ["Agent", "Asked"],
    rows: [["Trial nurture", "11 (5)"], ["B"]],
  } as const;
  const chart = {
    kind: "chart",
    shape: "bars",
    title: "Requests by reason",
    unit: "requests",
    labels: ["Low confidence", "Budget"],
    series: [
      { name: "This week", values: [9, 2] },
      { name: "The week before", values: [5, 0] },
    ],
    says: "11 requests, 6 more than the week before.",
  } as const;
  const types = (...blocks: Card["blocks"]) => everything(draw(...blocks)).map(({ type }) => type);

  it("are Teams' own, each chart with its title, its caption and its numbers where it can't be drawn", () => {
    const drawn = draw(chart, table);
    expect(faultsIn(drawn)).toEqual([]);
    expect(types(table)).toContain("Table");
    const bars = everything(drawn).find(({ type }) => type === "Chart.HorizontalBar");
    expect(bars?.data).toEqual([
      { x: "Low confidence: 9 (the week before: 5)", y: 9 },
      { x: "Budget: 2 (the week before: 0)", y: 2 },
    ]);
    expect(wordsOn(bars?.fallback)).toBe("Low confidence: 9 (5) · Budget: 2 (0)");
    expect(wordsOn(drawn)).toMatch(/^Requests by reason\n11 requests, 6 more than the week before\./);
  });

  it("stand where their names are short, and are a line over time", () => {
    const one = { ...chart, labels: ["0.50–0.60", "0.60–0.70"], series: [{ name: "x", values: [1, 2] }] };
    expect(types(one)).toContain("Chart.VerticalBar");
    expect(types({ ...chart, shape: "line" })).toContain("Chart.Line");
    expect(faultsIn(draw(one, { ...chart, shape: "line" }))).toEqual([]);
  });

  it("are letters and numbers on a card without the room for more", () => {
    const long = { kind: "code", text: "x".repeat(2_900) } as const;
    const drawn = draw(...Array.from({ length: 4 }, () => long), chart, table);
    const shown = everything(drawn).map(({ type }) => String(type));
    expect(shown.filter((type) => type.startsWith("Chart") || type === "Table")).toEqual([]);
    expect(wordsOn(drawn)).toContain("Low confidence: 9 (5) · Budget: 2 (0)");
    expect(wordsOn(drawn)).toContain("Trial nurture");
  });
});

describe("hostile words", () => {
  it.each(Object.entries(HOSTILE_TEXTS))("stand nowhere but where nothing is parsed: %s", (_, text) => {
    const shown: Card = {
      summary: text,
      tone: "quiet",
      blocks: [
        { kind: "heading", text },
        {
          kind: "text",
          text: (["plain", "code", "strong", "soft"] as const).map((kind) => ({ kind, text })),
        },
        { kind: "note", text: [{ kind: "plain", text }] },
        { kind: "facts", facts: [{ label: text, value: [{ kind: "plain", text }] }] },
        { kind: "quote", text, from: text },
        { kind: "code", text },
        { kind: "list", items: [[{ kind: "plain", text }]] },
        { kind: "table", caption: text, columns: [text, "b"], rows: [[text, text], []] },
        ...(["bars", "line"] as const).map((shape) => ({
          ...{ kind: "chart" as const, shape, title: text, unit: text, labels: [text, "b"], says: text },
          series: [{ name: text, values: [1, 2] }],
        })),
      ],
    };
    for (const activity of [drawCard(shown, canvas), drawMinimal(shown, canvas)]) {
      expect(faults(activity)).toEqual(NONE);
      const runs = everything(activity).filter(({ type }) => type === "TextRun");
      expect(runs.filter((run) => String(run.text).includes("{{"))).toEqual([]);
      expect(runs.some((run) => run.selectAction !== undefined)).toBe(false);
    }
  });

  it("are shown letter by letter, a template's braces in runs of their own", () => {
    const text = "{{DATE(2020-01-01T00:00:00Z)}} $x **bold** [a](https://evil.example) <at>Sarah</at>";
    const drawn = draw({ kind: "quote", text });
    expect(wordsOn(drawn)).toBe(text);
    expect(JSON.stringify(drawn)).not.toContain("{{");
  });

  it("keep their lines and the blanks they begin with", () => {
    expect(wordsOn(draw({ kind: "code", text: "a\n  b\n\nc" }))).toBe("a\n\u00A0\u00A0b\n\u00A0\nc");
  });
});

describe("what does not fit", () => {
  it("is cut in the middle, and the cut is said in a style no text can take", () => {
    const drawn = draw({ kind: "quote", text: `${"a".repeat(5_000)}THE END` });
    expect(wordsOn(drawn)).toMatch(/THE END \(2,0\d\d characters not shown here\)$/);
    expect(JSON.stringify(drawn)).toMatch(
      /"text":" \(2,0\d\d characters not shown here\)","isSubtle":true,"italic":true/,
    );
  });

  it("shortens all passages until the whole fits, and then asks before an approval", () => {
    const quote = (n: number) => ({ kind: "quote" as const, text: `${n}${'"'.repeat(2_900)}` });
    const intent = { verb: "approve" as const, on: "esc_1", revision: 1, digest: null };
    const drawn = draw(...[1, 2, 3, 4, 5, 6].map(quote), {
      kind: "buttons",
      buttons: [{ label: "Approve", tone: "go", intent }],
    });
    expect(bytesOf(drawn)).toBeLessThanOrEqual(24 * 1024);
    expect(buttonsOn(drawn)).toMatchObject([
      { title: "Approve", asks: expect.stringContaining("read the rest") },
    ]);
    expect(wordsOn(drawn)).not.toContain("do not fit in Teams");
  });

  it("even then becomes the summary, the buttons and the way to the console", () => {
    const texts = Array.from({ length: 200 }, () => ({ kind: "quote" as const, text: "x".repeat(100) }));
    const intent = { verb: "approve" as const, on: "esc_1", revision: 1, digest: null };
    const drawn = draw(...texts, { kind: "buttons", buttons: [{ label: "Approve", tone: "go", intent }] });
    expect(wordsOn(drawn)).toContain("Summary");
    expect(buttonsOn(drawn)).toMatchObject([
      { title: "Approve", asks: expect.stringContaining("read the rest") },
      { title: "Open Holdpoint", url: CONSOLE },
    ]);
  });
});

describe("spans", () => {
  it("write times in the reader's own time and people by name", () => {
    const person = { kind: "person" as const, id: "sarah", name: "Sarah Chen", accounts: {} };
    const drawn = drawText({ kind: "time", at: NOW, style: "date" }, { kind: "plain", text: " " }, person);
    expect(wordsOn(drawn)).toBe("2026-11-16, 09:00 UTC Sarah Chen");
    expect(everything(drawn).flatMap(({ text }) => (text === undefined ? [] : [text]))).toEqual([
      "{{DATE(2026-11-16T09:00:00Z, SHORT)}}",
      ", ",
      "{{TIME(2026-11-16T09:00:00Z)}}",
      " ",
      "Sarah Chen",
    ]);
  });

  it("link to the web only", () => {
    const link = (url: string) => JSON.stringify(drawText({ kind: "link", text: "here", url }));
    expect(link("https://x.example/a")).toContain("Action.OpenUrl");
    for (const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "//x",
      "",
      `https://x/${"x".repeat(3_000)}`,
    ])
      expect(link(url)).not.toContain("Action.OpenUrl");
  });
});

describe("buttons", () => {
  const intent = { verb: "approve" as const, on: "esc_1", revision: 2, digest: null };

  it("carry the token, with a way for clients that can't execute, and a question where one is asked", () => {
    const [approve, reject] = buttonsOn(
      draw({
        kind: "buttons",
        buttons: [
          { label: "Approve", tone: "go", intent },
          { label: "Reject", tone: "stop", intent: { ...intent, verb: "reject" }, confirm: "Really?" },
        ],
      }),
    );
    expect(approve).toMatchObject({ data: { t: "token.approve.esc_1.2" }, asks: undefined });
    expect(reject).toMatchObject({ data: { t: "token.reject.esc_1.2" }, asks: "Really?" });
  });

  it("stand in rows of as many as Teams shows", () => {
    const buttons = Array.from({ length: 8 }, () => ({ label: "x", tone: "plain" as const, intent }));
    const rows = everything(draw({ kind: "buttons", buttons })).filter(({ type }) => type === "ActionSet");
    expect(rows.map(({ actions }) => (actions as unknown[]).length)).toEqual([4, 4]);
  });
});
