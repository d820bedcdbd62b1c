/** Cards as messages: posted once, updated in place; what can't be changed any more is followed by a word in its place. */
import type { ChatPlatform, Drawn, Log } from "../../application/ports.ts";
import type { Card } from "../../cards/card.ts";
import type { MessageRef } from "../../domain/delivery/copy.ts";
import { type JsonObject, textAt } from "../payload.ts";
import type { Client, Outcome } from "./client.ts";
import { type Conversations, isTeamChannel, type Opened, withoutThread } from "./conversations.ts";
import { failureWords } from "./failure-words.ts";
import type { Pace } from "./pace.ts";
import { drawCard, drawMinimal } from "./render.ts";
import type { Views } from "./views.ts";

export interface MessageParts {
  readonly client: Client;
  readonly conversations: Conversations;
  readonly pace: Pace;
  readonly views: Views;
  readonly tenantId: string;
  readonly appId: string;
  readonly log: Log;
}

const TIMEOUT_MS = 10_000;
const UNSENT_RETRY_MS = 5_000;
const OPERATOR_RETRY_MS = 60_000;
/** A chat that was moved or encrypted anew answers so; one made from the person's id may be there all the same. */
const MAY_BE_STALE = new Set([
  "ConversationNotFound",
  "BotNotInConversationRoster",
  "BadArgument",
  "BadSyntax",
  "",
]);
const CANNOT_CHANGE = new Set([
  "ConversationNotFound",
  "BotNotInConversationRoster",
  "MessageWritesBlocked",
  "ConversationBlockedByUser",
  "BotDisabledByAdmin",
  "MessageSizeTooBig",
]);

export function createMessages(parts: MessageParts): Pick<ChatPlatform, "post" | "update"> {
  const { client, conversations, pace, views, log } = parts;

  /** The whole card, and where Teams refuses its size the minimal one at once: a short card is better than none. */
  const send = async (
    card: Card,
    conversation: string,
    call: (activity: JsonObject) => Promise<Outcome>,
  ): Promise<Outcome> => {
    const view = await views.posted(card, conversation);
    const outcome = await call(drawCard(view.card, view.canvas));
    if (outcome.kind !== "refused" || outcome.code !== "MessageSizeTooBig") return outcome;
    log.error({ platform: "teams" }, "Teams refused a card as too large: its shortest form is shown instead");
    return call(drawMinimal(view.card, view.canvas));
  };

  const postTo =
    (opened: Extract<Opened, { conversation: string }>, thread: string | undefined) =>
    (activity: JsonObject): Promise<Outcome> => {
      const { serviceUrl, conversation } = opened;
      return opened.kind === "team" && thread === undefined
        ? client.call(
            serviceUrl,
            { do: "createConversation", parameters: newThread(conversation, activity) },
            TIMEOUT_MS,
          )
        : client.call(
            serviceUrl,
            { do: "sendToConversation", conversation: thread ?? conversation, activity },
            TIMEOUT_MS,
          );
    };

  /** A new thread of a channel begins with its first message: one call for both. */
  const newThread = (channel: string, activity: JsonObject): JsonObject => ({
    isGroup: true,
    bot: { id: `28:${parts.appId}` },
    tenantId: parts.tenantId,
    channelData: { channel: { id: channel }, tenant: { id: parts.tenantId } },
    activity,
  });

  /** It stands there with live buttons for good: whoever sees it is told what became of it. */
  const sayInstead = async (ref: { readonly conversation: string }, card: Card) => {
    if (card.blocks.some((block) => block.kind === "buttons")) return;
    const serviceUrl = await conversations.serviceUrlOf(ref.conversation);
    const activity = { type: "message", text: card.summary, textFormat: "plain", summary: card.summary };
    await client.call(
      serviceUrl,
      { do: "sendToConversation", conversation: ref.conversation, activity },
      TIMEOUT_MS,
    );
  };

  return {
    async post(to, card, _mark, under) {
      const opened = await conversations.open(to);
      if (!("conversation" in opened)) return opened;
      const wait = await pace.take(withoutThread(opened.conversation));
      if (wait > 0)
        return { kind: "later", why: "Messages go out at Teams' pace.", after: wait, paced: true };
      const thread =
        under?.conversation !== undefined &&
        withoutThread(under.conversation) === withoutThread(opened.conversation)
          ? under.conversation
          : undefined;
      const outcome = await send(card, opened.conversation, postTo(opened, thread));
      if (outcome.kind === "limited") await pace.hold(withoutThread(opened.conversation), outcome.after);
      if (opened.remembered && outcome.kind === "refused" && MAY_BE_STALE.has(outcome.code)) {
        await conversations.forget(to.id);
        return { kind: "later", why: failureWords(outcome.code, outcome.status), after: 1_000, paced: false };
      }
      return posted(outcome, thread ?? opened.conversation);
    },

    async update(ref, card) {
      const { conversation, activity: id } = ref;
      if (conversation === undefined || id === undefined)
        return { kind: "stale", why: "The record of this message names no message of Teams." };
      const wait = await pace.take(withoutThread(conversation));
      if (wait > 0)
        return { kind: "later", why: "Messages are changed at Teams' pace.", after: wait, paced: true };
      const serviceUrl = await conversations.serviceUrlOf(conversation);
      const outcome = await send(card, conversation, (activity) =>
        client.call(
          serviceUrl,
          { do: "updateActivity", conversation, id, activity: { ...activity, id } },
          TIMEOUT_MS,
        ),
      );
      if (outcome.kind === "limited") await pace.hold(withoutThread(conversation), outcome.after);
      const drawn = updated(outcome, { conversation, activity: id });
      if (drawn.kind === "gone" || drawn.kind === "stale") await sayInstead({ conversation }, card);
      return drawn;
    },
  };
}

/** A new thread answers with its own id and its first message's; a message in one with its id only. */
function posted(outcome: Outcome, conversation: string): Drawn {
  switch (outcome.kind) {
    case "ok": {
      const began = textAt(outcome.data, "activityId");
      const activity = began ?? textAt(outcome.data, "id");
      const where = began === undefined ? conversation : (textAt(outcome.data, "id") ?? conversation);
      if (activity === undefined)
        return { kind: "uncertain", why: "Teams took the message and did not say where it stands." };
      const thread = began !== undefined && isTeamChannel(where) && where === withoutThread(where);
      return {
        kind: "shown",
        ref: { conversation: thread ? `${where};messageid=${began}` : where, activity },
      };
    }
    case "refused":
      return { kind: "undeliverable", why: failureWords(outcome.code, outcome.status) };
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
      if (outcome.code === "ActivityNotFoundInConversation") return { kind: "gone" };
      if (CANNOT_CHANGE.has(outcome.code) || outcome.status === 403 || outcome.status === 404)
        return { kind: "stale", why: failureWords(outcome.code, outcome.status) };
      // It stands there with live buttons: once an operator has mended what is wrong, it can still be redrawn.
      return {
        kind: "later",
        why: failureWords(outcome.code, outcome.status),
        after: OPERATOR_RETRY_MS,
        paced: false,
      };
    case "unknown":
      return { kind: "uncertain", why: outcome.why };
    case "limited":
    case "unsent":
      return later(outcome);
  }
}

function later(outcome: Extract<Outcome, { kind: "limited" | "unsent" }>): Drawn {
  return outcome.kind === "limited"
    ? { kind: "later", why: "Teams limits the calls.", after: outcome.after, paced: !outcome.busy }
    : { kind: "later", why: outcome.why, after: UNSENT_RETRY_MS, paced: false };
}
