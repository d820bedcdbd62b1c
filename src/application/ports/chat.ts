/** What the house asks of a chat platform: draw a card, find it again, and take what is sent to its paths. */
import type { Card } from "../../cards/card.ts";
import type { Form } from "../../cards/form.ts";
import type { Address, MessageRef } from "../../domain/delivery/copy.ts";
import type { Person } from "../../domain/people.ts";

/** How a post or an update ended. */
export type Drawn =
  | { readonly kind: "shown"; readonly ref: MessageRef }
  /** Nobody knows whether it stands: look before posting again. */
  | { readonly kind: "uncertain"; readonly why: string }
  /** It does not stand; try again, no sooner than `after` milliseconds where given. A paced try costs no attempt. */
  | { readonly kind: "later"; readonly why: string; readonly after: number; readonly paced: boolean }
  /** Nobody can see it there, now or later. */
  | { readonly kind: "undeliverable"; readonly why: string }
  /** On update: the message is gone. */
  | { readonly kind: "gone" }
  /** On update: it stands, and can no longer be changed. */
  | { readonly kind: "stale"; readonly why: string };

export type Found =
  | { readonly kind: "found"; readonly ref: MessageRef }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly why: string };

/** One path of the HTTP port, handled on raw bytes so that signatures can be checked. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  handle(request: RawRequest): Promise<RawResponse>;
}
export interface RawRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A chat platform draws cards and tells `receive` what people did. */
export interface ChatPlatform {
  readonly name: string;
  /** Mounted on the one HTTP port; empty where the platform connects by itself. */
  readonly routes: readonly Route[];
  /** Posts a card once: exactly one request, no retry of its own. `mark` is found again by `find`; `under` makes it a reply. */
  post(to: Address, card: Card, mark: string, under: MessageRef | null): Promise<Drawn>;
  update(ref: MessageRef, card: Card, mark: string): Promise<Drawn>;
  /** Looks for a message with this mark, posted at `since` or later. */
  find(to: Address, mark: string, since: number): Promise<Found>;
  /** Whether the platform knows this person or channel: the words of the problem, or null. */
  check(address: Address): Promise<string | null>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** What stands behind the card of an open request, for platforms that draw forms into it and show its buttons to some only. */
export interface BehindCard {
  /** What its buttons open, those first that are used most. */
  readonly forms: readonly Form[];
  /** Who may decide at this moment. */
  readonly approvers: readonly Person[];
}

/** Changes nothing. `id`: what the buttons are about; undefined where that is no open request. */
export type LookBehind = (id: string) => Promise<BehindCard | undefined>;
