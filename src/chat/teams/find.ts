/** Looks for a card whose post came to an unknown end: a bot can't read its own messages, so only time tells. */
import type { ChatPlatform, Clock } from "../../application/ports.ts";

/** Until then a post may still arrive. After it, one more is sent: a second card is harmless, a missing one is not. */
const SETTLES_AFTER_MS = 30_000;

/** Reading what was said needs rights over everybody's messages, which Holdpoint does not ask for. */
export function createFind(clock: Clock): ChatPlatform["find"] {
  return async (_to, _mark, since) =>
    clock.now() - since >= SETTLES_AFTER_MS
      ? { kind: "absent" }
      : { kind: "unknown", why: "Teams lets a bot not look for its own messages." };
}
