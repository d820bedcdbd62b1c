/** The canonical text of an action, against RFC 8785 and a second implementation of it. */
import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GENESIS, sealLine } from "../../../src/domain/audit.ts";
import { actionDigest, canonicalJson } from "../../../src/domain/escalation/action-digest.ts";
import { NOW, sha256 } from "../scene.ts";

describe("canonical JSON", () => {
  it("writes the example of RFC 8785, section 3.2.2, as section 3.2.3 has it", () => {
    const sample = JSON.parse(`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(sample)).toBe(
      `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        `"string":"€$\\u000f\\nA'B\\"\\\\\\\\\\"/"}`,
    );
  });

  it("sorts member names by UTF-16 code units, as the example of section 3.2.3 does", () => {
    const sorted = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"];
    const text = canonicalJson(Object.fromEntries(sorted.toReversed().map((name) => [name, 0])));
    expect(text).toBe(`{${sorted.map((name) => `${JSON.stringify(name)}:0`).join(",")}}`);
  });

  // Appendix B: the IEEE 754 bits of a number, and how it is written.
  it.each([
    [0x0000000000000000n, "0"],
    [0x8000000000000000n, "0"],
    [0x0000000000000001n, "5e-324"],
    [0x8000000000000001n, "-5e-324"],
    [0x7fefffffffffffffn, "1.7976931348623157e+308"],
    [0x4340000000000000n, "9007199254740992"],
    [0x4430000000000000n, "295147905179352830000"],
    [0x44b52d02c7e14af5n, "9.999999999999997e+22"],
    [0x44b52d02c7e14af6n, "1e+23"],
    [0x44b52d02c7e14af7n, "1.0000000000000001e+23"],
    [0x444b1ae4d6e2ef4en, "999999999999999700000"],
    [0x444b1ae4d6e2ef50n, "1e+21"],
    [0x3eb0c6f7a0b5ed8cn, "9.999999999999997e-7"],
    [0x3eb0c6f7a0b5ed8dn, "0.000001"],
    [0x41b3de4355555555n, "333333333.3333333"],
    [0xbecbf647612f3696n, "-0.0000033333333333333333"],
    [0x43143ff3c1cb0959n, "1424953923781206.2"],
  ])("writes the number with the bits %s as %s", (bits, text) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, bits);
    expect(canonicalJson(view.getFloat64(0))).toBe(text);
  });

  it("agrees with a second implementation on whatever JSON can say", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 500 },
    );
  });

  it("says the same of the same value, however its members were ordered", () => {
    const shuffled = fc.uniqueArray(fc.tuple(fc.string(), fc.jsonValue()), { selector: ([name]) => name });
    fc.assert(
      fc.property(shuffled, (members) => {
        const [one, other] = [members, members.toReversed()].map((list) =>
          canonicalJson(
            JSON.parse(`{${list.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(",")}}`),
          ),
        );
        expect(one).toBe(other);
      }),
    );
  });

  it("keeps a member called __proto__ and leaves out what is undefined", () => {
    expect(canonicalJson(JSON.parse(`{"b":1,"__proto__":{"a":1}}`))).toBe(`{"__proto__":{"a":1},"b":1}`);
    expect(canonicalJson({ a: undefined, b: [undefined] })).toBe(`{"b":[null]}`);
  });
});

describe("an action's digest", () => {
  const of = (name: string, args: Record<string, unknown>) => actionDigest({ name, args }, sha256);

  it("does not depend on the order of arguments and depends on everything else", () => {
    const digest = of("discount", { percent: 20, code: "A" });
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(of("discount", { code: "A", percent: 20 })).toBe(digest);
    for (const other of [
      of("refund", { percent: 20, code: "A" }),
      of("discount", { percent: "20", code: "A" }),
      of("discount", { percent: 20 }),
    ]) {
      expect(other).not.toBe(digest);
    }
  });
});

it("seals an audit line to the one before, so that a change of either changes the hash", () => {
  const line = {
    at: NOW,
    kind: "escalation.opened",
    actor: { kind: "agent", id: "a" },
    detail: { digest: null },
  } as const;
  const hash = sealLine(GENESIS, 1, line, sha256);
  expect(hash).toBe(
    sha256(
      `${GENESIS}{"actor":{"id":"a","kind":"agent"},"at":${NOW},"detail":{"digest":null},"kind":"escalation.opened","seq":1}`,
    ),
  );
  expect(sealLine(hash, 1, line, sha256)).not.toBe(hash);
  expect(sealLine(GENESIS, 2, line, sha256)).not.toBe(hash);
  expect(sealLine(GENESIS, 1, { ...line, at: NOW + 1 }, sha256)).not.toBe(hash);
});
