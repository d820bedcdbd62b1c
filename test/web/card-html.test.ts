/** Every card the product can show, as HTML. */
import { describe, expect, it } from "vitest";
import type { Block, Card } from "../../src/cards/card.ts";
import type { AgentId } from "../../src/domain/ids.ts";
import { cardHtml } from "../../src/web/card-html.ts";
import { html, source } from "../../src/web/html.ts";
import { gallery } from "../support/gallery/gallery.ts";
import { HONEST_TEXTS, HOSTILE_TEXTS } from "../support/gallery/hostile-texts.ts";
import { unescaped } from "./console-house.ts";

const NOW = Date.UTC(2027, 0, 15, 10);

function drawn(card: Card, here = "/here"): string {
  return source(cardHtml(card, { level: 1, here, button: ({ label }) => html`<button>${label}</button>` }));
}

function tags(markup: string): readonly string[] {
  return markup.match(/<[^>]*>/g) ?? [];
}

/** Every kind of block, with one text wherever a text can stand. */
function everywhere(text: string): Card {
  const intent = { verb: "approve", on: "esc_1", revision: 1, digest: null } as const;
  const spans = [
    { kind: "plain", text },
    { kind: "strong", text },
    { kind: "soft", text },
    { kind: "code", text },
    { kind: "link", text, url: "https://example.com/" },
    { kind: "person", id: "x", name: text, accounts: { slack: text } },
    { kind: "time", at: NOW, style: "clock" },
    { kind: "time", at: NOW, style: "date" },
  ] as const;
  const blocks: readonly Block[] = [
    { kind: "heading", text },
    { kind: "text", text: spans },
    { kind: "note", text: spans },
    { kind: "facts", facts: [{ label: text, value: spans }] },
    { kind: "quote", text, from: text },
    { kind: "quote", text },
    { kind: "code", text },
    { kind: "list", items: [spans] },
    { kind: "table", columns: [text], rows: [[text]] },
    { kind: "table", caption: text, columns: [text], rows: [[text]] },
    ...(["bars", "line"] as const).map((shape) => ({
      ...{ kind: "chart" as const, shape, title: text, unit: text, labels: [text, "b"], says: text },
      series: [
        { name: text, values: [1, 2] },
        { name: "b", values: [0, 1] },
      ],
    })),
    { kind: "divider" },
    { kind: "buttons", buttons: [{ label: text, tone: "go", intent }] },
    { kind: "open", label: text, url: "https://example.com/" },
  ];
  return { summary: text, tone: "asking", blocks };
}

describe("a card as HTML", () => {
  it.each(gallery(NOW).map(({ name, card }) => [name, card] as const))("draws: %s", (_, card) => {
    const markup = drawn(card);
    const open = tags(markup).filter(
      (tag) => /^<[a-z]/.test(tag) && !tag.startsWith("<hr") && !tag.endsWith("/>"),
    );
    expect(tags(markup).filter((tag) => tag.startsWith("</"))).toHaveLength(open.length);
    for (const block of card.blocks) {
      if (block.kind === "heading" || block.kind === "quote") expect(unescaped(markup)).toContain(block.text);
    }
  });

  it.each(Object.entries({ ...HOSTILE_TEXTS, ...HONEST_TEXTS }))(
    "shows as text, in every place a text can stand: %s",
    (_, whole) => {
      // A card never holds more of one text; a megabyte in every place would only test patience.
      const text = whole.slice(0, 4_000);
      const shape = (card: Card) => tags(drawn(card)).map((tag) => tag.replace(/ aria-label="[^"]*"/, ""));
      expect(shape(everywhere(text))).toEqual(shape(everywhere("word")));
      expect(unescaped(drawn(everywhere(text)))).toContain(text);
    },
  );

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    " https://example.com",
    "//evil.example",
    "file:///etc",
  ])("does not link to %s", (url) => {
    const card: Card = {
      ...{ summary: "s", tone: "quiet" },
      blocks: [
        { kind: "text", text: [{ kind: "link", text: "read", url }] },
        { kind: "open", label: "open", url },
      ],
    };
    expect(drawn(card)).not.toContain("<a ");
    expect(drawn(card)).toContain("read");
  });

  it("sends links out without a way back and without our address", () => {
    const markup = drawn(everywhere("x"));
    for (const tag of tags(markup).filter((tag) => tag.startsWith("<a "))) {
      expect(tag).toContain('rel="noopener noreferrer nofollow"');
    }
  });

  it("leads down the page instead of to the page one is on", () => {
    const url = "https://holdpoint.example/escalations/esc_1";
    const card: Card = { summary: "s", tone: "quiet", blocks: [{ kind: "open", label: "Open", url }] };
    expect(drawn(card, "/escalations/esc_1")).toContain('href="#sent"');
    expect(drawn(card, "/")).toContain(`href="${url}"`);
  });

  it("leaves out buttons that are none of this person's", () => {
    const card: Card = {
      ...{ summary: "s", tone: "quiet" },
      blocks: [
        {
          kind: "buttons",
          buttons: [
            {
              label: "A",
              tone: "go",
              intent: { verb: "show", on: "a" as AgentId, revision: 0, digest: null },
            },
          ],
        },
      ],
    };
    expect(source(cardHtml(card, { level: 1, here: "/", button: () => null }))).not.toContain("buttons");
  });
});
