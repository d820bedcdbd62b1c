/** What is remembered, and for how long. */
import { expect, it } from "vitest";
import { recent } from "../../src/http/recent.ts";

function memory() {
  let now = 1_000_000;
  const kept = recent<string>({ now: () => now });
  return { kept, move: (ms: number) => (now += ms) };
}

it("remembers for ten seconds, and not when the clock was set back", async () => {
  const { kept, move } = memory();
  await kept.load("id", "agent", async () => "found");
  move(9_999);
  expect(kept.get("id")).toBe("found");
  move(1);
  expect(kept.get("id")).toBeUndefined();
  move(-10_001);
  expect(kept.get("id")).toBeUndefined();
});

it("forgets what it is told to, and nothing else", async () => {
  const { kept } = memory();
  await kept.load("one", "a", async () => "1");
  await kept.load("two", "b", async () => "2");
  kept.forget("a");
  expect([kept.get("one"), kept.get("two")]).toEqual([undefined, "2"]);
});

it("does not remember what was read before somebody changed it", async () => {
  const { kept } = memory();
  const { promise, resolve } = Promise.withResolvers<string>();
  const loading = kept.load("id", "agent", () => promise);
  kept.forget("agent");
  resolve("revoked meanwhile");
  expect(await loading).toBe("revoked meanwhile");
  expect(kept.get("id")).toBeUndefined();
});

it("does not remember that there was nothing", async () => {
  const { kept } = memory();
  await kept.load("id", "agent", async () => undefined);
  expect(await kept.load("id", "agent", async () => "found")).toBe("found");
});
