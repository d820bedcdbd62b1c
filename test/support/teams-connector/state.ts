/** What stands in the tenant: its people, conversations and messages, and what was asked of the service. */
import type { Json } from "./json.ts";

export interface Person {
  /** Entra object id. */
  readonly id: string;
  readonly name: string;
  readonly guest?: boolean;
  /** Another organisation's. */
  readonly tenant?: string;
  /** Nobody has installed the app for them. */
  readonly without?: boolean;
}

export interface Channel {
  readonly id: string;
  readonly members: readonly string[];
  /** The app is not in the team. */
  readonly without?: boolean;
}

export interface Message {
  readonly conversation: string;
  readonly id: string;
  activity: Json;
  readonly at: number;
  updates: number;
}

export interface ApiCall {
  readonly kind: "create" | "send" | "update" | "member" | "members" | "token";
  /** The channel's or person's conversation, without its thread. */
  readonly conversation: string;
  readonly status: number;
}

export interface State {
  readonly people: Person[];
  readonly channels: Channel[];
  readonly messages: Message[];
  readonly calls: ApiCall[];
  /** Object ids of people who have blocked the app. */
  readonly blocked: Set<string>;
  /** Conversation of a person → how often it was made anew. */
  readonly generations: Map<string, number>;
}

export function userId(person: string): string {
  return `29:${person}`;
}

/** A conversation of one person with the bot: another after the bot was registered anew. */
export function chatId(state: State, person: string): string {
  return `a:${state.generations.get(person) ?? 1}-${person}`;
}

export function personOf(state: State, conversation: string): Person | undefined {
  return state.people.find(({ id }) => chatId(state, id) === conversation);
}

export function withoutThread(conversation: string): string {
  return conversation.replace(/;messageid=.*$/, "");
}
