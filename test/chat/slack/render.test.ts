/** Cards on Slack: literal, complete where they fit, honest where they don't, and never too large to be taken. */
import { describe, expect, it } from "vitest";
import type { Card, Text } from "../../../src/cards/card.ts";
import { drawCard, drawHome, drawMinimal, drawNative, textIn } from "../../../src/chat/slack/render.ts";
import { gallery } from "../../support/gallery/gallery.ts";
import { HOSTILE_TEXTS } from "../../support/gallery/hostile-texts.ts";
import { checkBlocks } from "../../support/slack-workspace/blocks-check.ts";
import { wordsOn } from "../../support/slack-workspace/index.ts";
import { textInBlocks } from "../../support/slack-workspace/text-size.ts";
import { CONSOLE, token } from "../stage.ts";

const canvas = { token, consoleUrl: CONSOLE };
const NOW = Date.UTC(2026, 10, 16, 9, 0, 0);
const draw = (...blocks: Card["blocks"]) =>
  drawCard({ summary: "Summary", tone: "quiet", blocks }, canvas).blocks;
const drawText = (...text: Text) => JSON.parse(JSON.stringify(draw({ kind: "text", text })));

type Json = Parameters<typeof wordsOn>[0];
const words = (blocks: unknown) => wordsOn(blocks as Json);

/** All that Slack would say against it. */
function faults({ text, blocks }: { text: string; blocks: unknown }) {
  return {
    blocks: checkBlocks(JSON.parse(JSON.stringify(blocks)), "message"),
    tooMuch: textInBlocks(JSON.parse(JSON.stringify(blocks))) > 11_000,
    textBytes: Buffer.byteLength(text) > 4_000,
    raw: /[<>]/.test(text),
  };
}
const NONE = { blocks: [], tooMuch: false, textBytes: false, raw: false };

describe("every card", () => {
  it.each(gallery(NOW).map(({ name, card }) => [name, card] as const))(
    "fits, whole or minimal: %s",
    (_, card) => {
      expect(faults(drawCard(card, canvas))).toEqual(NONE);
      expect(faults(drawMinimal(card, canvas))).toEqual(NONE);
      const native = drawNative(card, canvas);
      if (native !== null) expect(faults(native)).toEqual(NONE);
      expect(checkBlocks(JSON.parse(JSON.stringify(drawHome(card, canvas).blocks)), "home")).toEqual([]);
    },
  );

  it("counts its text as Slack does, or more", () => {
    for (const { card } of gallery(NOW)) {
      const { blocks } = drawCard(card, canvas);
      expect(textIn(blocks)).toBeGreaterThanOrEqual(textInBlocks(JSON.parse(JSON.stringify(blocks))));
    }
  });
});

describe("tables and charts", () => {
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
  const table = {
    kind: "table",
    columns: ["Agent", "Requests"],
    rows: [["Trial nurture", "11 (5)"]],
  } as const;
  const native = (...blocks: Card["blocks"]) =>
    drawNative({ summary: "Summary", tone: "quiet", blocks }, canvas)?.blocks.map(({ type }) => type) ?? null;

  it("are Slack's own in messages, each chart with its caption", () => {
    expect(native(chart, table)).toEqual(["data_visualization", "context", "data_table"]);
    expect(words(drawNative({ summary: "s", tone: "quiet", blocks: [chart] }, canvas)?.blocks)).toContain(
      "11 requests, 6 more than the week before.",
    );
  });

  it("are letters of one width on the home tab, in modals and in answers", () => {
    expect(draw(chart, table).map(({ type }) => type)).toEqual([
      "rich_text",
      "rich_text",
      "context",
      "rich_text",
    ]);
    expect(words(draw(chart))).toContain("Low confidence  ████████ 9 (5)");
    expect(words(draw(chart))).toContain("This week (the week before)");
  });

  it("are Slack's own as far as its limits go, and letters beyond", () => {
    const wide = { ...table, columns: Array.from({ length: 21 }, (_, at) => `c${at}`) };
    expect(native(wide)).toBeNull();
    expect(native({ ...table, rows: [] })).toBeNull();
    expect(native({ ...table, rows: Array.from({ length: 101 }, () => ["a", "b"]) })).toBeNull();
    expect(native({ ...chart, labels: ["Budget", "Budget"] })).toBeNull();
    expect(native({ ...chart, series: [{ name: "x", values: [1] }] })).toBeNull();
    expect(native({ ...chart, series: [{ name: "x", values: [1, Number.NaN] }] })).toBeNull();
    expect(native(chart, chart, { ...chart })).toEqual([
      ...["data_visualization", "context", "data_visualization", "context"],
      ...["rich_text", "rich_text", "context"],
    ]);
    const full = Array.from({ length: 100 }, (_, at) => [`Agent ${at} ${"x".repeat(26)}`, "y".repeat(39)]);
    const [first, second] = [
      { ...table, rows: full },
      { ...table, rows: full },
    ];
    expect(native(first, second)?.filter((type) => type === "data_table")).toHaveLength(1);
  });

  it("fill what is missing in a row: Slack refuses empty cells and rows of another width", () => {
    const drawn = drawNative(
      { summary: "s", tone: "quiet", blocks: [{ ...table, rows: [["", "1"], ["Budget"]] }] },
      canvas,
    );
    expect(faults(drawn ?? { text: "", blocks: [] })).toEqual(NONE);
    expect(JSON.stringify(drawn?.blocks)).toContain('"–"');
  });

  it("have no native form on a card without them", () => {
    expect(native({ kind: "text", text: [{ kind: "plain", text: "x" }] })).toBeNull();
  });
});

describe("hostile words", () => {
  it.each(Object.entries(HOSTILE_TEXTS))("stand nowhere but where nothing is parsed: %s", (_, text) => {
    const card: Card = {
      summary: text,
      tone: "quiet",
      blocks: [
        { kind: "heading", text },
        {
          kind: "text",
          text: [
            { kind: "plain", text },
            { kind: "code", text },
            { kind: "strong", text },
          ],
        },
        { kind: "note", text: [{ kind: "plain", text }] },
        { kind: "facts", facts: [{ label: text, value: [{ kind: "plain", text }] }] },
        { kind: "quote", text, from: text },
        { kind: "code", text },
        { kind: "list", items: [[{ kind: "plain", text }]] },
        { kind: "table", caption: text, columns: [text, "b"], rows: [[text, text], []] },
        {
          ...{ kind: "chart", shape: "bars", title: text, unit: text, labels: [text, "b"], says: text },
          series: [{ name: text, values: [1, 2] }],
        },
      ],
    };
    const drawing = drawCard(card, canvas);
    expect(faults(drawing)).toEqual(NONE);
    const native = drawNative(card, canvas);
    if (native !== null) expect(faults(native)).toEqual(NONE);
    expect(JSON.stringify(native?.blocks ?? [])).not.toMatch(/"mrkdwn"|"link"|"user"|"broadcast"/);
    expect(faults(drawMinimal(card, canvas))).toEqual(NONE);
    expect(JSON.stringify(drawing.blocks)).not.toMatch(/"mrkdwn"|"link"|"user"|"broadcast"|"emoji":true/);
    expect(encodeURIComponent(drawing.text)).toEqual(expect.any(String));
  });

  it("are shown letter by letter", () => {
    const text = HOSTILE_TEXTS["chat control sequences"] ?? "";
    expect(words(draw({ kind: "quote", text }))).toBe(text);
  });
});

describe("what does not fit", () => {
  it("is cut in the middle, and the cut is said in words no text can imitate", () => {
    const [block] = draw({ kind: "quote", text: `${"a".repeat(5_000)}THE END` });
    expect(words([block])).toMatch(/^a+ … a+THE END\n \(2,0\d\d characters are not shown\)$/);
    expect(JSON.stringify(block)).toContain('"style":{"italic":true}');
  });

  it("shortens all passages until the whole fits, and then asks before an approval", () => {
    const quote = (n: number) => ({ kind: "quote" as const, text: `${n}${"<".repeat(2_000)}` });
    const blocks = draw(...[1, 2, 3, 4, 5, 6].map(quote), {
      kind: "buttons",
      buttons: [
        { label: "Approve", tone: "go", intent: { verb: "approve", on: "e", revision: 1, digest: null } },
      ],
    });
    expect(textIn(blocks)).toBeLessThanOrEqual(11_000);
    expect(blocks.filter(({ type }) => type === "rich_text")).toHaveLength(6);
    expect(JSON.stringify(blocks)).toContain("Have you read the rest in Holdpoint?");
  });

  it("falls back to summary, title, buttons and link when there are too many blocks", () => {
    const many = Array.from({ length: 60 }, () => ({ kind: "divider" as const }));
    const blocks = draw({ kind: "heading", text: "Title" }, ...many);
    expect(words(blocks)).toContain("Title");
    expect(words(blocks)).toContain("Summary");
    expect(JSON.stringify(blocks)).toContain(CONSOLE);
  });

  it("lists fifty lines and says how many there are more", () => {
    const items = Array.from({ length: 70 }, (_, at): Text => [{ kind: "plain", text: `line ${at}` }]);
    expect(words(draw({ kind: "list", items }))).toContain("20 more are not shown");
  });

  it("never splits a family", () => {
    const [block] = draw({ kind: "quote", text: "👨‍👩‍👧‍👦".repeat(1_000) });
    expect(words([block]).split("\n")[0]?.replaceAll("👨‍👩‍👧‍👦", "")).toBe(" … ");
  });
});

describe("spans", () => {
  it("mention a person who has an account here, and name one who has none", () => {
    const person = {
      kind: "person" as const,
      id: "sarah",
      name: "Sarah <Chen>",
      accounts: { slack: "U012ABCDEF" },
    };
    expect(drawText(person)[0].elements[0].elements).toEqual([{ type: "user", user_id: "U012ABCDEF" }]);
    expect(drawText({ ...person, accounts: { slack: "!channel" } })[0].elements[0].elements).toEqual([
      { type: "text", text: "Sarah <Chen>" },
    ]);
  });

  it("write times in the reader's own, with UTC where a client can't", () => {
    expect(drawText({ kind: "time", at: NOW, style: "clock" })[0].elements[0].elements).toEqual([
      { type: "date", timestamp: NOW / 1_000, format: "{time}", fallback: "09:00 UTC" },
    ]);
    expect(drawText({ kind: "time", at: NOW, style: "date" })[0].elements[0].elements[0].fallback).toBe(
      "2026-11-16, 09:00 UTC",
    );
  });

  it("in small print use control sequences for people and times only", () => {
    const [context] = draw({
      kind: "note",
      text: [
        { kind: "plain", text: "<!here> decided by " },
        { kind: "person", id: "sarah", name: "Sarah", accounts: { slack: "U012ABCDEF" } },
        { kind: "plain", text: " at " },
        { kind: "time", at: NOW, style: "clock" },
      ],
    });
    expect(context).toMatchObject({
      elements: [
        { type: "plain_text", text: "<!here> decided by" },
        { type: "mrkdwn", text: "<@U012ABCDEF>" },
        { type: "plain_text", text: "at" },
        { type: "mrkdwn", text: `<!date^${NOW / 1_000}^{time}|09:00 UTC>` },
      ],
    });
  });

  it("link to the web only", () => {
    const link = (url: string) => JSON.stringify(drawText({ kind: "link", text: "here", url }));
    expect(link("https://x.example/a")).toContain('"link"');
    for (const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "//x",
      "",
      `https://x/${"x".repeat(3_000)}`,
    ])
      expect(link(url)).not.toContain('"link"');
  });
});

describe("buttons", () => {
  const intent = { verb: "approve" as const, on: "esc_1", revision: 2, digest: null };

  it("carry the token, a style by their tone, and a question where one is asked", () => {
    const [row] = draw({
      kind: "buttons",
      buttons: [
        { label: "Approve", tone: "go", intent },
        { label: "Reject", tone: "stop", intent: { ...intent, verb: "reject" }, confirm: "Really?" },
        { label: "I'm on it", tone: "plain", intent: { ...intent, verb: "acknowledge" } },
      ],
    });
    expect(row).toMatchObject({
      elements: [
        { value: "token.approve.esc_1.2", style: "primary" },
        { style: "danger", confirm: { text: { text: "Really?" } } },
        { action_id: "holdpoint.acknowledge.2" },
      ],
    });
    expect(JSON.stringify(row)).not.toContain('"style":"plain"');
  });

  it("of more than twenty-five go on in another row", () => {
    const buttons = Array.from({ length: 30 }, () => ({ label: "x", tone: "plain" as const, intent }));
    const blocks = draw({ kind: "buttons", buttons });
    expect(blocks).toHaveLength(2);
    expect(checkBlocks(JSON.parse(JSON.stringify(blocks)), "message")).toEqual([]);
  });
});
