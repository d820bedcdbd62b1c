/** Draws a digest from what was kept of it and from who has signed it since. */
import type { Card } from "../cards/card.ts";
import { digestCard } from "../cards/digest/digest-card.ts";
import type { Digest } from "../domain/review/digest.ts";
import type { Context } from "./context.ts";

export type DrawDigest = (digest: Digest) => Promise<Card>;

export function drawDigest({ store, publicUrl }: Pick<Context, "store" | "publicUrl">): DrawDigest {
  return async (digest) => {
    // As of when it was made: a signature days later does not make what waited then older.
    const facts = { now: digest.createdAt, url: `${publicUrl}/digests/${digest.id}` };
    return digestCard(digest, await store.inspections.of(digest.id), facts);
  };
}
