/** Cards as messages: posted once, updated in place, and found again when nobody knows whether a post arrived. */
import type { ChatPlatform, Drawn, Log, Notes } from "../../application/ports.ts";
import type { Card } from "../../cards/card.ts";
import type { MessageRef } from "../../domain/delivery/copy.ts";
import { textAt } from "../payload.ts";
import type { Client, Outcome } from "./client.ts";
import type { Conversations } from "./conversations.ts";
import { failureWords } from "./failure-words.ts";
import type { Pace } from "./pace.ts";
import { type Canvas, type Drawing, drawCard, drawMinimal, drawNative } from "./render.ts";

export interface MessageParts {
  readonly client: Client;
  readonly conversations: Conversations;
  readonly notes: Notes;
  readonly pace: Pace;
  readonly canvas: Canvas;
  readonly log: Log;
}

/** The mark is readable by every app of the workspace: it is opaque, and finding it is not enough to trust a message. */
export const MARK_EVENT = "holdpoint_card";

/** Where a reply was to go, kept until it stands: history does not list replies, and a crash forgets the thread. */
export function threadNote(mark: string): string {
  return `slack:thread:${mark}`;
}

const TOO_BIG = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_too_long",
  "msg_blocks_too_long",
  "invalid_arguments",
]);
const CANNOT_CHANGE = new Set([
  "cant_update_message",
  "edit_window_closed",
  "channel_not_found",
  "not_in_channel",
  "is_archived",
]);
const UNSENT_RETRY_MS = 5_000;
const OPERATOR_RETRY_MS = 60_000;
const MOST_REMEMBERED = 1_000;

/** With Slack's own tables and charts, then in words and letters; after these the minimal card. */
const WAYS: readonly ((card: Card, canvas: Canvas) => Drawing | null)[] = [drawNative, drawCard];

/** Formatting and unfurling off, on both calls: chat.update's default for `parse` is another than chat.postMessage's. */
const LITERAL = { parse: "none", link_names: false, unfurl_links: false, unfurl_media: false } as const;

export function createMessages(parts: MessageParts): Pick<ChatPlatform, "post" | "update"> {
  const { client, conversations, notes, pace, canvas, log } = parts;
  /** By mark, how many ways to draw its card Slack has refused: the next one goes first when its turn comes again. */
  const refused = new Map<string, number>();

  /** The card in its richest form, and where Slack refuses that the next simpler one at once: a short card is better than none. */
  const send = async (
    method: "chat.postMessage" | "chat.update",
    args: Readonly<Record<string, unknown>>,
    card: Card,
    mark: string,
  ): Promise<Outcome> => {
    const attempt = async (way: number): Promise<Outcome> => {
      const drawing = (WAYS[way] ?? drawMinimal)(card, canvas);
      if (drawing === null) return attempt(way + 1);
      const outcome = await client.call(method, {
        ...args,
        ...LITERAL,
        ...drawing,
        metadata: { event_type: MARK_EVENT, event_payload: { k: mark } },
      });
      if (way >= WAYS.length || outcome.kind !== "refused" || !TOO_BIG.has(outcome.error)) {
        if (outcome.kind === "ok") refused.delete(mark);
        return outcome;
      }
      log.error(
        { platform: "slack", method, mark, error: outcome.error, pointers: outcome.pointers },
        `Slack refused a card: ${way + 1 < WAYS.length ? "it is shown without Slack's tables and charts" : "its shortest form is shown"} instead`,
      );
      if (refused.size >= MOST_REMEMBERED) refused.clear();
      refused.set(mark, way + 1);
      return attempt(way + 1);
    };
    return attempt(method === "chat.update" ? 0 : (refused.get(mark) ?? 0));
  };

  return {
    async post(to, card, mark, under) {
      const opened = await conversations.open(to);
      if (opened.kind !== "open") return opened;
      const { channel } = opened;
      const thread = under?.channel === channel ? under.ts : undefined;
      if (thread !== undefined) await notes.set(threadNote(mark), thread);
      // Last of all: what lay between taking a place and the call would bring calls closer together than their places.
      const wait = await pace.take("chat.postMessage", channel);
      if (wait > 0)
        return { kind: "later", why: "Messages go out at Slack's pace.", after: wait, paced: true };
      const args = { channel, ...(thread !== undefined && { thread_ts: thread }) };
      const outcome = await send("chat.postMessage", args, card, mark);
      if (outcome.kind === "limited") await pace.hold("chat.postMessage", channel, outcome.after);
      if (opened.remembered && outcome.kind === "refused" && outcome.error === "channel_not_found") {
        // The app was installed anew, perhaps elsewhere: the person is asked for again before they count as out of reach.
        await conversations.forget(to);
        return { kind: "later", why: failureWords(outcome.error), after: 1_000, paced: false };
      }
      const drawn = posted(outcome, channel);
      if (thread !== undefined && drawn.kind === "shown") await notes.delete(threadNote(mark));
      return drawn;
    },

    async update(ref, card, mark) {
      const { channel, ts } = ref;
      if (channel === undefined || ts === undefined)
        return { kind: "stale", why: "The record of this message names no message of Slack." };
      const wait = await pace.take("chat.update", channel);
      if (wait > 0)
        return { kind: "later", why: "Messages are changed at Slack's pace.", after: wait, paced: true };
      const outcome = await send("chat.update", { channel, ts }, card, mark);
      if (outcome.kind === "limited") await pace.hold("chat.update", channel, outcome.after);
      return updated(outcome, { channel, ts });
    },
  };
}

function posted(outcome: Outcome, channel: string): Drawn {
  switch (outcome.kind) {
    case "ok": {
      const ts = textAt(outcome.data, "ts");
      const where = textAt(outcome.data, "channel") ?? channel;
      return ts === undefined
        ? { kind: "uncertain", why: "Slack took the message and did not say where it stands." }
        : { kind: "shown", ref: { channel: where, ts } };
    }
    case "refused":
      return { kind: "undeliverable", why: failureWords(outcome.error) };
    case "unknown":
      return { kind: "uncertain", why: outcome.why };
    case "limited":
    case "unsent":
      return later(outcome);
  }
}

function updated(outcome: Outcome, ref: MessageRef): Drawn {
  switch (outcome.kind) {
    case "ok":
      return { kind: "shown", ref };
    case "refused":
      if (outcome.error === "message_not_found") return { kind: "gone" };
      if (CANNOT_CHANGE.has(outcome.error) || TOO_BIG.has(outcome.error))
        return { kind: "stale", why: failureWords(outcome.error) };
      // It stands there with live buttons: once an operator has mended what is wrong, it can still be redrawn.
      return { kind: "later", why: failureWords(outcome.error), after: OPERATOR_RETRY_MS, paced: false };
    case "unknown":
      return { kind: "uncertain", why: outcome.why };
    case "limited":
    case "unsent":
      return later(outcome);
  }
}

function later(outcome: Extract<Outcome, { kind: "limited" | "unsent" }>): Drawn {
  return outcome.kind === "limited"
    ? { kind: "later", why: "Slack limits the calls.", after: outcome.after, paced: true }
    : { kind: "later", why: outcome.why, after: UNSENT_RETRY_MS, paced: false };
}
