/** Which callback URLs are taken at the door, and what the agent's builder is told about the others. */
import { describe, expect, it } from "vitest";
import { parseAllowList } from "../../src/callbacks/allow-list.ts";
import { addressRefusal, checkCallbackUrl } from "../../src/callbacks/destination.ts";
import { atPort, FORBIDDEN_URLS } from "./forbidden-urls.ts";

const nothing = parseAllowList([]);

describe("a callback URL", () => {
  it.each(FORBIDDEN_URLS)("is refused as $text", ({ text, why }) => {
    const result = checkCallbackUrl(atPort(text), { allow: nothing });
    expect(result).toEqual({ ok: false, why: expect.stringMatching(why) });
  });

  it.each([
    ["https://agents.example.com/holdpoint", "https://agents.example.com/holdpoint"],
    ["https://agents.example.com:443/cb?x=1", "https://agents.example.com/cb?x=1"],
    ["https://agents.example.com:8443/cb", "https://agents.example.com:8443/cb"],
    ["https://8.8.8.8/cb", "https://8.8.8.8/cb"],
    ["https://[2606:4700:4700::1111]/cb", "https://[2606:4700:4700::1111]/cb"],
    ["https://172.15.255.255/cb", "https://172.15.255.255/cb"],
    ["https://bücher.example/cb", "https://xn--bcher-kva.example/cb"],
    ["https://agents.example.com/path@home", "https://agents.example.com/path@home"],
    [`https://example.com/${"a".repeat(2980)}`, `https://example.com/${"a".repeat(2980)}`],
  ])("is taken as %s", (text, href) => {
    const result = checkCallbackUrl(text, { allow: nothing });
    expect(result.ok && result.url.href).toBe(href);
  });

  it.each([
    ["127.0.0.1", "http://127.0.0.1:4000/cb"],
    ["127.0.0.1", "http://2130706433/cb"],
    ["127.0.0.1", "http://localhost:4000/cb"],
    ["localhost", "http://127.0.0.1:4000/cb"],
    ["localhost", "http://[::1]:4000/cb"],
    ["10.20.0.0/16", "https://10.20.30.40:9000/cb"],
    ["fd00::/8", "http://[fd12::7]/cb"],
    ["agents.internal", "http://AGENTS.internal:9000/cb"],
    ["agents.example.com", "http://agents.example.com/cb"],
  ])("may, with %s listed, be %s", (entry, text) => {
    expect(checkCallbackUrl(text, { allow: parseAllowList([entry]) })).toMatchObject({ ok: true });
  });

  it.each([
    ["127.0.0.1", "http://127.0.0.2/cb"],
    ["127.0.0.1", "http://[::ffff:127.0.0.1]/cb"],
    ["127.0.0.1", "http://user@127.0.0.1/cb"],
    ["127.0.0.1", "ftp://127.0.0.1/cb"],
    ["10.20.0.0/16", "https://10.21.0.1/cb"],
    ["agents.internal", "http://x.agents.internal/cb"],
    ["agents.internal", "http://agents.internal.example.com/cb"],
  ])("may not, with only %s listed, be %s", (entry, text) => {
    expect(checkCallbackUrl(text, { allow: parseAllowList([entry]) })).toMatchObject({ ok: false });
  });

  it("is refused in words that say what to change", () => {
    expect(checkCallbackUrl("http://127.0.0.1:4000/cb", { allow: nothing })).toEqual({
      ok: false,
      why:
        "It points to 127.0.0.1, a loopback address: callbacks go to public addresses and to those listed " +
        "in HOLDPOINT_CALLBACK_ALLOW.",
    });
  });
});

describe("an address", () => {
  it.each(["1.1.1.1", "100.63.255.255", "100.128.0.1", "11.0.0.1", "2a00:1450:4001::200e"])(
    "%s may be called",
    (address) => {
      expect(addressRefusal(address, nothing)).toBeUndefined();
    },
  );

  it("may not be called if it is none", () => {
    expect(addressRefusal("agents.example.com", nothing)).toMatch(/not an IP address/);
  });
});
