/** The names by which things are known: branded strings, so that one cannot be passed for another. */

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type AgentId = Id<"agent">;
export type PersonId = Id<"person">;
export type EscalationId = Id<"escalation">;
export type HoldId = Id<"hold">;
export type CopyId = Id<"copy">;
export type CallbackId = Id<"callback">;
export type DigestId = Id<"digest">;
export type AbsenceId = Id<"absence">;
export type KeyId = Id<"key">;

/** SHA-256 of the canonical action, as it stands on the card, in the decision and in the callback. */
export type ActionDigest = `sha256:${string}`;

/** What may name an agent: it becomes part of its keys and of chat commands, so it stays plain. */
export const AGENT_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** `all` means the fleet in `/agent pause all`; `admin` stands in administrators' keys. */
export const RESERVED_AGENT_IDS: readonly string[] = ["all", "admin", "fleet"];

/** The stand-in for "every agent" where an agent's id is expected. */
export const FLEET = "all" as AgentId;
