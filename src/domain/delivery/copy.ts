/** A copy of a card: where one stands, or is to stand, on a chat platform. */
import type { CopyId, DigestId, EscalationId } from "../ids.ts";

/** Where a card goes: a person's direct messages, or a channel. */
export interface Address {
  readonly platform: string;
  readonly kind: "person" | "channel";
  /** The platform's own id of the person or channel. */
  readonly id: string;
}

/** What the platform needs to find a message again, kept as it gave it. */
export type MessageRef = Readonly<Record<string, string>>;

/**
 * `wanted`: to be posted. `posting`: a post was begun and its end is not known (a crash leaves it so: look before posting
 * again). `shown`: stands there. `stale`: stands there and can no longer be changed. `undeliverable`: nobody can see it.
 */
export type CopyState = "wanted" | "posting" | "shown" | "stale" | "undeliverable";

/**
 * The card itself; the full context in its thread; the n-th reminder of a stage (`nudge.<stage>.<round>.<n>`); a digest;
 * the card of a queue, which shows the escalations of all copies that name it; or an alarm for operators.
 */
export type CopyPart = "card" | "context" | `nudge.${string}` | "digest" | "queue" | "alarm";

/**
 * Shows an escalation or a digest; the card of a queue shows neither by itself. A row of it has no message of its own: its
 * state says whether it can be seen there, and `attemptedAt` when it was put there.
 */
export interface Copy {
  /** Also the opaque mark in the message's metadata by which an uncertain post is found again. */
  readonly id: CopyId;
  readonly escalation: EscalationId | null;
  readonly digest: DigestId | null;
  /** The queue card that this copy is a row of, instead of standing by itself. */
  readonly queue: CopyId | null;
  readonly part: CopyPart;
  readonly address: Address;
  readonly state: CopyState;
  readonly ref: MessageRef | null;
  /** Posts begun, counted before each: a copy that may stand twice has more than one. */
  readonly attempts: number;
  /** When the present attempt began. */
  readonly attemptedAt: number | null;
  /** When a post first came to an unknown end; null once it is known. */
  readonly uncertainSince: number | null;
  /** SHA-256 of the card as it was last drawn here, so that an unchanged one is not sent again; null: never drawn. */
  readonly drawn: string | null;
  readonly error: string | null;
  readonly createdAt: number;
}

/** A copy as it was read, or that there was none: who writes what follows from it is refused once it stands differently. */
export type CopySeen =
  | Pick<Copy, "id" | "part" | "state" | "queue" | "attempts">
  | { readonly id: CopyId; readonly state: null };

/** A copy that is to be drawn: of an escalation, unless the facts say otherwise. */
export function newCopy(facts: Pick<Copy, "id" | "part" | "address" | "createdAt"> & Partial<Copy>): Copy {
  return {
    ...{ escalation: null, digest: null, queue: null, state: "wanted", ref: null, attempts: 0 },
    ...{ attemptedAt: null, uncertainSince: null, drawn: null, error: null },
    ...facts,
  };
}

export function addressKey(address: Address): string {
  return `${address.platform}:${address.kind}:${address.id}`;
}

/** `slack:C0123456789` in a charter: a channel on a platform. */
export function channelAddress(word: string): Address {
  const at = word.indexOf(":");
  return { platform: word.slice(0, at), kind: "channel", id: word.slice(at + 1) };
}

export type CardDelivery = "pending" | "shown" | "undeliverable";

/** What an agent is told of its card: shown as soon as one copy stands, undeliverable only when none can. */
export function cardDelivery(copies: readonly Pick<Copy, "part" | "state">[]): CardDelivery {
  const cards = copies.filter((copy) => copy.part === "card");
  if (cards.some((copy) => copy.state === "shown" || copy.state === "stale")) return "shown";
  return cards.length > 0 && cards.every((copy) => copy.state === "undeliverable")
    ? "undeliverable"
    : "pending";
}
