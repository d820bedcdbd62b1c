/** Every card of the gallery keeps the promises that renderers build on. */
import { describe, expect, it } from "vitest";
import { fairCap } from "../../src/cards/context-card.ts";
import { formGallery, gallery } from "../support/gallery/gallery.ts";
import { HOSTILE_TEXTS } from "../support/gallery/hostile-texts.ts";
import { buttonsOf, stringsOf, textOf } from "./reading.ts";

const NOW = Date.UTC(2026, 10, 20, 14, 0);
const cards = gallery(NOW);
const HIDDEN = /[[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\t]]/v;
const named = (name: string) => {
  const found = cards.find((exhibit) => exhibit.name === name);
  if (!found) throw new Error(`No exhibit is called ${name}.`);
  return found.card;
};

describe("the gallery", () => {
  it("is the same on every run, under names of their own", () => {
    expect(gallery(NOW)).toEqual(cards);
    expect(new Set(cards.map(({ name }) => name)).size).toBe(cards.length);
    expect(cards.length).toBeGreaterThan(80);
  });

  it.each(cards)("$name: says what it is in one line and shows no hidden character", ({ card }) => {
    expect(card.summary).not.toBe("");
    expect(card.summary).not.toContain("\n");
    expect(card.summary.length).toBeLessThanOrEqual(400);
    for (const text of stringsOf(card)) {
      expect(HIDDEN.test(text.replace(/\p{RGI_Emoji}/gv, "").replace(/[\u200C\u200D]/g, ""))).toBe(false);
    }
  });

  it.each(cards)("$name: keeps its texts within reach of a chat message", ({ card }) => {
    expect(textOf(card).length).toBeLessThanOrEqual(11_000);
    expect(card.blocks.length).toBeLessThanOrEqual(50);
  });

  it.each(cards)("$name: has short labels, and headings and labels on one line", ({ card }) => {
    for (const { label } of buttonsOf(card)) expect(label.length).toBeLessThanOrEqual(24);
    for (const block of card.blocks) {
      if (block.kind === "heading") expect(block.text).toMatch(/^[^\n]{1,150}$/);
      if (block.kind === "open") expect(block.url).toMatch(/^https:\/\/holdpoint\.example\.com\//);
      if (block.kind === "facts")
        for (const fact of block.facts) {
          expect(fact.label).not.toContain("\n");
          expect(stringsOf(fact.value).join("")).not.toContain("\n");
        }
      if (block.kind === "list") expect(stringsOf(block.items).join("")).not.toContain("\n");
    }
  });

  it("shows each hostile text as quotation or code, and in no heading", () => {
    for (const name of Object.keys(HOSTILE_TEXTS)) {
      const heading = named(`text: ${name}`).blocks.find(({ kind }) => kind === "heading");
      expect(heading).toEqual({ kind: "heading", text: "Trial nurture asks: approve this action?" });
    }
  });

  it("holds forms whose titles and names every platform takes", () => {
    for (const { form } of formGallery(NOW)) {
      expect(form.title.length).toBeLessThanOrEqual(24);
      expect(form.send.length).toBeLessThanOrEqual(24);
      expect(new Set(form.fields.map(({ name }) => name)).size).toBe(form.fields.length);
      for (const field of form.fields) {
        expect(field.name).toMatch(/^[a-z0-9]+$/);
        if (field.kind === "line" || field.kind === "lines" || field.kind === "json")
          expect((field.value ?? "").length).toBeLessThanOrEqual(3_000);
        if (field.kind === "choice")
          for (const { label, value } of field.choices) {
            expect(label.length).toBeLessThanOrEqual(75);
            expect(value).not.toBe("");
          }
      }
    }
  });
});

describe("the context card", () => {
  it("shares its room fairly: short texts whole, long ones alike", () => {
    expect(fairCap([10, 20, 1_000, 2_000], 430)).toBe(200);
    expect(fairCap([10, 20], 430)).toBeGreaterThan(1_000);
    expect(fairCap([500], 0)).toBe(0);
  });

  it("keeps the newest messages and says how many came before", () => {
    const text = textOf(named("context, far too much"));
    expect(text).toContain("Speaker 499");
    expect(text).not.toContain("Speaker 0:");
    expect(text).toMatch(/… 482 earlier messages are not shown …/);
  });

  it("writes where a link leads before what it calls itself", () => {
    expect(textOf(named("context"))).toContain(
      "xn--pple-43d.example (not only Latin letters): “Approve in Slack”",
    );
  });
});

describe("reminders, agents and homes", () => {
  it("points to the decision while it is open, and to nothing once it is settled", () => {
    expect(buttonsOf(named("reminder")).map(({ label, intent }) => [label, intent.verb])).toEqual([
      ["Decide", "show"],
      ["I'm on it", "acknowledge"],
    ]);
    expect(buttonsOf(named("reminder of something settled"))).toEqual([]);
  });

  it("lists what is due first, first", () => {
    const opened = buttonsOf(named("home, a long queue")).filter(({ intent }) => intent.verb === "show");
    expect(opened).toHaveLength(15);
    expect(opened[0]?.intent.on).toBe("esc_01K8ZQ4T9V6E3M2N7P5R8S1X00");
    expect(textOf(named("home, a long queue"))).toContain("And 7 more requests.");
  });

  it("offers to resume what is paused and to pause what runs", () => {
    const verbs = buttonsOf(named("home")).map(({ intent }) => `${intent.verb} ${intent.on}`);
    expect(verbs.slice(-2)).toEqual(["resume trial-nurture", "pause content-lab"]);
  });

  it("tells why an agent is held and opens the request behind it", () => {
    expect(textOf(named("why"))).toContain("Only send_email held since 13:40 until 16:00 by James Liu");
    expect(buttonsOf(named("why"))[0]).toMatchObject({ label: "Open the request", intent: { verb: "show" } });
  });

  it("does not say running again while a hold stands", () => {
    expect(textOf(named("resumed, still held"))).toContain("Trial nurture stays paused");
  });
});
