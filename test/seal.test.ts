/** Secrets at rest, and buttons that only we can make. */
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Intent } from "../src/cards/intent.ts";
import { createSeal } from "../src/seal.ts";

const seal = createSeal(randomBytes(32));
const intent: Intent = {
  verb: "approve",
  on: "esc_01M7Y1ETP2TT0WB4AR7T5YJR2X",
  revision: 3,
  digest: `sha256:${"ab".repeat(32)}`,
};

describe("a button's token", () => {
  it("brings back what the button means", () => {
    for (const one of [
      intent,
      { ...intent, digest: null },
      { ...intent, verb: "pause" as const, on: "trial-nurture" },
      {
        ...intent,
        verb: "decide_all" as const,
        listed: [
          { on: "esc_1", mark: "" },
          { on: "esc_2", mark: "ab12" },
        ],
      },
    ] as readonly Intent[]) {
      expect(seal.intent(seal.token(one))).toEqual(one);
    }
  });

  it("is worth nothing once a single character is another", () => {
    const token = seal.token(intent);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(..."abcXYZ019._-"), (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(seal.intent(token.slice(0, at) + letter + token.slice(at + 1))).toBeUndefined();
      }),
    );
  });

  it("is worth nothing under another installation's secret, and neither is rubbish", () => {
    expect(createSeal(randomBytes(32)).intent(seal.token(intent))).toBeUndefined();
    for (const text of ["", ".", "approve.esc_1.1..", "x".repeat(5_000)])
      expect(seal.intent(text)).toBeUndefined();
  });
});

describe("a secret at rest", () => {
  it("is opened by the secret that sealed it, and by no other", () => {
    const sealed = seal.close("whsec_secret");
    expect(sealed).not.toContain("secret");
    expect(seal.open(sealed)).toBe("whsec_secret");
    expect(() => createSeal(randomBytes(32)).open(sealed)).toThrow(/HOLDPOINT_SECRET is not the one/);
  });

  it("is never sealed to the same text twice", () => {
    expect(seal.close("same")).not.toBe(seal.close("same"));
  });
});
