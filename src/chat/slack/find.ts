/** Looks for a card of ours whose post came to an unknown end, by the mark in its metadata. */
import type { ChatPlatform, Found, Notes } from "../../application/ports.ts";
import { isTrueAt, listAt, textAt } from "../payload.ts";
import type { Client } from "./client.ts";
import type { Conversations } from "./conversations.ts";
import { failureWords } from "./failure-words.ts";
import { MARK_EVENT, threadNote } from "./messages.ts";
import type { Pace } from "./pace.ts";
import type { Self, SelfKnowledge } from "./self.ts";

/** Slack stamps messages with its own clock. */
const CLOCKS_APART_MS = 60_000;
const MOST_PAGES = 5;
/** Slack gives commercial apps outside its Marketplace 15 at most, whatever is asked for. */
const PAGE = 100;

export function createFind(parts: {
  readonly client: Client;
  readonly conversations: Conversations;
  readonly notes: Notes;
  readonly pace: Pace;
  readonly self: SelfKnowledge;
}): ChatPlatform["find"] {
  const { client, conversations, notes, pace, self } = parts;
  return async (to, mark, since) => {
    const me = await self.ask();
    if (me === undefined) return { kind: "unknown", why: "Slack does not say who the app is." };
    const opened = await conversations.open(to);
    if (opened.kind !== "open") return { kind: "unknown", why: opened.why };
    const { channel } = opened;
    const thread = await notes.get(threadNote(mark));
    const method = thread === undefined ? "conversations.history" : "conversations.replies";
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      if ((await pace.take(method, channel)) > 0)
        return { kind: "unknown", why: "Messages are read at Slack's pace." };
      const outcome = await client.call(method, {
        channel,
        ...(thread !== undefined && { ts: thread }),
        oldest: ((since - CLOCKS_APART_MS) / 1_000).toFixed(6),
        include_all_metadata: true,
        limit: PAGE,
        ...(cursor !== undefined && { cursor }),
      });
      if (outcome.kind === "limited") await pace.hold(method, channel, outcome.after);
      if (outcome.kind !== "ok") return unknown(outcome);
      const ts = markedIn(listAt(outcome.data, "messages"), mark, me);
      if (ts !== undefined) return { kind: "found", ref: { channel, ts } };
      cursor = textAt(outcome.data, "response_metadata", "next_cursor");
      if (cursor === undefined)
        return isTrueAt(outcome.data, "has_more")
          ? { kind: "unknown", why: "Slack has more messages and does not say how to read them." }
          : { kind: "absent" };
    }
    return { kind: "unknown", why: "Too much has been said there since to look through all of it." };
  };
}

function unknown(outcome: Exclude<Awaited<ReturnType<Client["call"]>>, { kind: "ok" }>): Found {
  switch (outcome.kind) {
    case "refused":
      return { kind: "unknown", why: failureWords(outcome.error) };
    case "limited":
      return { kind: "unknown", why: "Slack limits how often messages may be read." };
    case "unsent":
    case "unknown":
      return { kind: "unknown", why: outcome.why };
  }
}

/** Any app can read a mark and post it: only a message of our own counts. */
function markedIn(messages: readonly unknown[], mark: string, me: Self): string | undefined {
  const found = messages.find(
    (message) =>
      textAt(message, "metadata", "event_type") === MARK_EVENT &&
      textAt(message, "metadata", "event_payload", "k") === mark &&
      (textAt(message, "user") === me.user || (me.bot !== undefined && textAt(message, "bot_id") === me.bot)),
  );
  return textAt(found, "ts");
}
