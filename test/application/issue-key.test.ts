/** Administrators' keys: made once, replaced when another is set, and the old one stops working. */
import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openParts, type Parts } from "../../src/parts.ts";

const KEY = (letter: string) => `hp_admin_${letter.repeat(43)}`;
const hash = (key: string) => createHash("sha256").update(key).digest("hex");

let parts: Parts | undefined;
afterEach(() => parts?.close());

async function opened(): Promise<Parts> {
  parts = await openParts(readConfig({ DATABASE_URL: "sqlite::memory:" }, () => undefined));
  return parts;
}

describe("the administrators' key", () => {
  it("is made at the first start, shown once and kept only as a hash", async () => {
    const { issueKey, store } = await opened();
    const made = await issueKey.forAdmin(undefined);
    expect(made).toMatch(/^hp_admin_[A-Za-z0-9_-]{43}$/);
    expect(await issueKey.forAdmin(undefined)).toBeUndefined();
    expect((await store.keys.ofAdmin()).map((key) => key.hash)).toEqual([hash(made ?? "")]);
  });

  it("replaces the one before when another is set", async () => {
    const { issueKey, store } = await opened();
    await issueKey.forAdmin(KEY("a"));
    await issueKey.forAdmin(KEY("b"));
    expect((await store.keys.ofAdmin()).map((key) => key.hash)).toEqual([hash(KEY("b"))]);
    expect((await store.keys.findByHash(hash(KEY("a"))))?.revokedAt).not.toBeNull();
  });

  it("works again when it is set again", async () => {
    const { issueKey, store } = await opened();
    for (const letter of ["a", "b", "a"]) await issueKey.forAdmin(KEY(letter));
    expect((await store.keys.ofAdmin()).map((key) => key.hash)).toEqual([hash(KEY("a"))]);
  });
});
