/** How the operator's list of further destinations is read. */
import { describe, expect, it } from "vitest";
import { allowsAddress, parseAllowList } from "../../src/callbacks/allow-list.ts";

describe("the allow list", () => {
  it("knows names, addresses and networks apart", () => {
    const allow = parseAllowList([" agents.internal ", "127.0.0.1", "10.20.0.0/16", "fd00::/8", ""]);
    expect([...allow.names]).toEqual(["agents.internal"]);
    expect(allowsAddress(allow, "127.0.0.1")).toBe(true);
    expect(allowsAddress(allow, "127.0.0.2")).toBe(false);
    expect(allowsAddress(allow, "10.20.255.1")).toBe(true);
    expect(allowsAddress(allow, "10.21.0.1")).toBe(false);
    expect(allowsAddress(allow, "fd12::1")).toBe(true);
  });

  it("takes an IPv4-mapped address for what it is, not for the IPv4 address in it", () => {
    expect(allowsAddress(parseAllowList(["127.0.0.1"]), "::ffff:127.0.0.1")).toBe(false);
  });

  it("reads localhost as the two loopback addresses", () => {
    const allow = parseAllowList(["LocalHost"]);
    expect(allowsAddress(allow, "127.0.0.1")).toBe(true);
    expect(allowsAddress(allow, "::1")).toBe(true);
  });

  it("compares names in lower case and punycode", () => {
    expect([...parseAllowList(["Agenten.Bücher.example"]).names]).toEqual(["agenten.xn--bcher-kva.example"]);
  });

  it.each([
    "http://127.0.0.1",
    "127.0.0.1:8080",
    "*.internal",
    "10.0.0.0/33",
    "010.0.0.0/8",
    "127.1",
    "0x7f000001",
    "agents.internal.",
    "a b",
    "user@host",
    "/8",
  ])("stops the start with %j in it, and says what to write", (entry) => {
    expect(() => parseAllowList(["127.0.0.1", entry])).toThrow(
      /HOLDPOINT_CALLBACK_ALLOW: .* is not usable\. Give/,
    );
  });
});
