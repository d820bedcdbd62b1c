/** Where an address is reached: references are kept from whatever Teams sends, and made anew for a person whose own is gone. */
import type { Drawn, Notes } from "../../application/ports.ts";
import type { Address } from "../../domain/delivery/copy.ts";
import type { JsonObject } from "../payload.ts";
import { textAt } from "../payload.ts";
import type { Client, Outcome } from "./client.ts";
import { failureWords } from "./failure-words.ts";
import type { Pace } from "./pace.ts";
import type { ServiceUrls } from "./service-urls.ts";

export type Opened =
  /** `thread`: a post there is a message in it. `team`: a post there begins a new thread. */
  | {
      readonly kind: "thread" | "team";
      readonly conversation: string;
      readonly serviceUrl: string;
      readonly remembered: boolean;
    }
  | Extract<Drawn, { kind: "later" | "undeliverable" }>;

/** What an activity says of where it came from. */
export interface Seen {
  readonly serviceUrl: string;
  readonly conversation: string;
  /** The person, where it is their own conversation with the app. */
  readonly person: string | undefined;
}

export interface Conversations {
  open(to: Address): Promise<Opened>;
  /** The address of the service for a conversation that a message stands in. */
  serviceUrlOf(conversation: string): Promise<string>;
  /** Keeps what has changed: users of one tenant are in different regions, and are moved. */
  remember(seen: Seen): Promise<void>;
  /** The person's conversation turned out to be none, or they removed the app: it is made anew next time. */
  forget(person: string): Promise<void>;
}

export interface ConversationParts {
  readonly client: Client;
  readonly notes: Notes;
  readonly pace: Pace;
  readonly serviceUrls: ServiceUrls;
  readonly appId: string;
  readonly tenantId: string;
}

const TIMEOUT_MS = 10_000;
const RETRY_AFTER_MS = 5_000;
/** The region that the tenant was last seen in. */
const REGION = "teams:region";

/** A channel's id without the thread that an activity came from. */
export function withoutThread(conversation: string): string {
  return conversation.replace(/;messageid=.*$/, "");
}

export function isTeamChannel(conversation: string): boolean {
  return /^19:.*@thread\.(?:tacv2|skype)$/.test(withoutThread(conversation));
}

/** Whether others read there too. A chat of one person may look like a channel's, but for how it ends. */
export function isShared(conversation: string): boolean {
  return conversation.startsWith("19:") && !conversation.endsWith("@unq.gbl.spaces");
}

export function createConversations(parts: ConversationParts): Conversations {
  const { client, notes, pace, serviceUrls } = parts;
  const personNote = (id: string) => `teams:person:${id}`;
  const regionNote = (conversation: string) => `teams:region:${withoutThread(conversation)}`;

  const allowed = (url: string | undefined) =>
    url !== undefined && serviceUrls.allows(url) ? url : undefined;
  const region = async () => allowed(await notes.get(REGION)) ?? serviceUrls.first;
  const serviceUrlOf = async (conversation: string) =>
    allowed(await notes.get(regionNote(conversation))) ?? (await region());

  const keep = async (key: string, value: string) => {
    if ((await notes.get(key)) !== value) await notes.set(key, value);
  };

  const remember = async ({ serviceUrl, conversation, person }: Seen) => {
    await keep(REGION, serviceUrl);
    await keep(regionNote(conversation), serviceUrl);
    if (person !== undefined) await keep(personNote(person), conversation);
  };

  const openPerson = async (person: string): Promise<Opened> => {
    const known = await notes.get(personNote(person));
    if (known !== undefined)
      return { kind: "thread", conversation: known, serviceUrl: await serviceUrlOf(known), remembered: true };
    const wait = await pace.take(`new ${person}`);
    if (wait > 0) return { kind: "later", why: "Chats are opened at Teams' pace.", after: wait, paced: true };
    const serviceUrl = await region();
    const outcome = await client.call(
      serviceUrl,
      { do: "createConversation", parameters: personal(parts, person) },
      TIMEOUT_MS,
    );
    const conversation = outcome.kind === "ok" ? textAt(outcome.data, "id") : undefined;
    if (conversation === undefined) return notOpened(outcome);
    await remember({ serviceUrl, conversation, person });
    return { kind: "thread", conversation, serviceUrl, remembered: false };
  };

  return {
    async open(to) {
      if (to.kind === "person") return openPerson(to.id);
      return {
        kind: isTeamChannel(to.id) && to.id === withoutThread(to.id) ? "team" : "thread",
        conversation: to.id,
        serviceUrl: await serviceUrlOf(to.id),
        remembered: false,
      };
    },
    serviceUrlOf,
    remember,
    forget: (person) => notes.delete(personNote(person)),
  };
}

/** A chat with one person, by their Entra object id: that much is known without their ever having said a word. */
function personal({ appId, tenantId }: ConversationParts, person: string): JsonObject {
  return {
    isGroup: false,
    bot: { id: `28:${appId}` },
    members: [{ id: person }],
    tenantId,
    channelData: { tenant: { id: tenantId } },
  };
}

/** Opening a chat twice is opening it once, so an unknown end is no trouble. */
function notOpened(outcome: Outcome): Opened {
  switch (outcome.kind) {
    case "ok":
      return { kind: "later", why: "Teams opened no chat.", after: RETRY_AFTER_MS, paced: false };
    case "refused":
      return { kind: "undeliverable", why: failureWords(outcome.code, outcome.status) };
    case "limited":
      return { kind: "later", why: "Teams limits the calls.", after: outcome.after, paced: !outcome.busy };
    case "unsent":
    case "unknown":
      return { kind: "later", why: outcome.why, after: RETRY_AFTER_MS, paced: false };
  }
}
