/** Markup and text stay apart. */
import { describe, expect, it } from "vitest";
import { type Html, html, NOTHING, source } from "../../src/web/html.ts";

describe("markup", () => {
  it("escapes text between tags and between the quotes of an attribute", () => {
    const text = `"><script>alert('1')</script>&amp;`;
    const drawn = source(html`<p title="${text}">${text}</p>`);
    expect(drawn.match(/[<>]/g)).toHaveLength(4);
    expect(drawn.match(/"/g)).toHaveLength(2);
    expect(drawn).toContain("&#38;amp;");
  });

  it("lets markup through only when it was made here", () => {
    expect(source(html`<b>${html`<i>x</i>`}</b>`)).toBe("<b><i>x</i></b>");
    const forged: Html = JSON.parse('{"markup":"<script>"}');
    expect(() => source(html`${forged}`)).not.toThrow();
    expect(source(html`${forged}`)).not.toContain("<script>");
  });

  it("does not take an exclamation mark before a value for a wish to leave it unescaped", () => {
    expect(source(html`<p>Stop!${"<b>"}</p>`)).toBe("<p>Stop!&#60;b&#62;</p>");
  });

  it("leaves nothing for what is absent, and zero for zero", () => {
    expect(source(html`a${null}${undefined}${false}${NOTHING}${0}b`)).toBe("a0b");
  });
});
