/** Teams' own ids of people, by which clients tell for whom a card has a view of its own: looked up once each, and kept. */
import { textAt } from "../payload.ts";
import type { Client } from "./client.ts";
import { type Conversations, withoutThread } from "./conversations.ts";
import { LIMITS } from "./limits.ts";

/**
 * The ids of those who are in the conversation, at most as many as Teams takes. Undefined where Teams could not say it of
 * anybody. `objects`: Entra object ids.
 */
export type UserIds = (
  conversation: string,
  objects: readonly string[],
) => Promise<readonly string[] | undefined>;

/** Somebody may be waiting for their own view. */
const TIMEOUT_MS = 1_200;

export function createUserIds(parts: {
  readonly client: Client;
  readonly conversations: Conversations;
}): UserIds {
  const { client, conversations } = parts;
  // Of one bot, an id stays the same in every conversation.
  const kept = new Map<string, string>();

  const lookUp = async (serviceUrl: string, conversation: string, object: string) => {
    const known = kept.get(object);
    if (known !== undefined) return known;
    const call = { do: "getConversationMember", conversation, member: object } as const;
    const outcome = await client.call(serviceUrl, call, TIMEOUT_MS);
    const id = outcome.kind === "ok" ? textAt(outcome.data, "id") : undefined;
    if (id !== undefined) kept.set(object, id);
    return id ?? (outcome.kind === "refused" && outcome.status === 404 ? "absent" : undefined);
  };

  return async (conversation, objects) => {
    const serviceUrl = await conversations.serviceUrlOf(conversation);
    const asked = objects.slice(0, LIMITS.ownViews);
    const found = await Promise.all(
      asked.map((object) => lookUp(serviceUrl, withoutThread(conversation), object)),
    );
    const ids = found.flatMap((id) => (id === undefined || id === "absent" ? [] : [id]));
    return ids.length === 0 && found.includes(undefined) ? undefined : ids;
  };
}
