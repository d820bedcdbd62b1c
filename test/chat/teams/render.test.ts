/** Cards on Teams: literal, complete where they fit, honest where they don't, and never too large to be taken. */
import { describe, expect, it } from "vitest";
import type { Card, Text } from "../../../src/cards/card.ts";
import { bytesOf, drawCard, drawContent, drawMinimal } from "../../../src/chat/teams/render.ts";
import { gallery } from "../../support/gallery/gallery.ts";
import { HOSTILE_TEXTS } from "../../support/gallery/hostile-texts.ts";
import { faultsIn } from "../../support/teams-connector/card-check.ts";
import { buttonsOn, type Json, wordsOn } from "../../support/teams-connector/index.ts";
import { at, everything } from "../../support/teams-connector/json.ts";
import { CONSOLE, token } from "./teams-stage.ts";

const canvas = { token, consoleUrl: CONSOLE, mentions: true };
const NOW = Date.UTC(2026, 10, 16, 9, 0, 0);
const card = (...blocks: Card["blocks"]): Card => ({ summary: "Summary", tone: "quiet", blocks });
const draw = (...blocks: Card["blocks"]) => drawContent(card(...blocks), canvas);
const drawText = (...text: Text) => draw({ kind: "text", text });

/** All that Teams would say against it, or that an agent could make of it. */
function faults(activity: Json) {
  const [attachment] = activity.attachments as readonly Json[];
  const content = at(attachment, "content");
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
        { kind: "table", columns: [text, "b"], rows: [[text, text], []] },
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
  it("write times in UTC and people by name", () => {
    const person = { kind: "person" as const, id: "sarah", name: "Sarah Chen", accounts: {} };
    const drawn = drawText({ kind: "time", at: NOW, style: "date" }, { kind: "plain", text: " " }, person);
    expect(wordsOn(drawn)).toBe("2026-11-16, 09:00 UTC Sarah Chen");
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
