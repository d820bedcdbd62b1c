/** The conversation behind an address: a channel is one itself, a person's direct messages are opened once and remembered. */
import type { Clock, Drawn, Notes } from "../../application/ports.ts";
import type { Address } from "../../domain/delivery/copy.ts";
import { textAt } from "../payload.ts";
import type { Client } from "./client.ts";
import { failureWords } from "./failure-words.ts";
import type { Pace } from "./pace.ts";

type Opened =
  | { readonly kind: "open"; readonly channel: string; readonly remembered: boolean }
  | Extract<Drawn, { kind: "later" | "undeliverable" }>;

export interface Conversations {
  open(to: Address): Promise<Opened>;
  /** The remembered conversation turned out to be none: ask again next time. */
  forget(to: Address): Promise<void>;
}

const RETRY_AFTER_MS = 5_000;
/** As long as who somebody is may be taken from memory: a person who has left is noticed by opening anew. */
const TRUSTED_FOR_MS = 5 * 60_000;

export function createConversations(parts: {
  readonly client: Client;
  readonly notes: Notes;
  readonly pace: Pace;
  readonly clock: Clock;
}): Conversations {
  const { client, notes, pace, clock } = parts;
  const openedAt = new Map<string, number>();
  const noteOf = (to: Address) => `slack:conversation:${to.id}`;
  return {
    async open(to) {
      if (to.kind === "channel") return { kind: "open", channel: to.id, remembered: false };
      const known = await notes.get(noteOf(to));
      const opened = openedAt.get(to.id) ?? Number.NEGATIVE_INFINITY;
      const isFresh = clock.now() - opened < TRUSTED_FOR_MS;
      if (known !== undefined && isFresh) return { kind: "open", channel: known, remembered: true };
      const wait = await pace.take("conversations.open", to.id);
      if (wait > 0 && known !== undefined) return { kind: "open", channel: known, remembered: true };
      if (wait > 0)
        return {
          kind: "later",
          why: "Direct messages are opened at Slack's pace.",
          after: wait,
          paced: true,
        };
      const outcome = await client.call("conversations.open", { users: to.id });
      switch (outcome.kind) {
        case "ok": {
          const channel = textAt(outcome.data, "channel", "id");
          if (channel === undefined)
            return {
              kind: "later",
              why: "Slack opened no conversation.",
              after: RETRY_AFTER_MS,
              paced: false,
            };
          openedAt.set(to.id, clock.now());
          if (channel !== known) await notes.set(noteOf(to), channel);
          return { kind: "open", channel, remembered: false };
        }
        case "refused":
          return { kind: "undeliverable", why: failureWords(outcome.error) };
        case "limited":
          await pace.hold("conversations.open", to.id, outcome.after);
          return { kind: "later", why: "Slack limits the calls.", after: outcome.after, paced: true };
        // Opening twice is opening once, so an unknown end is no trouble.
        case "unsent":
        case "unknown":
          return { kind: "later", why: outcome.why, after: RETRY_AFTER_MS, paced: false };
      }
    },
    forget: (to) => (to.kind === "person" ? notes.delete(noteOf(to)) : Promise.resolve()),
  };
}
