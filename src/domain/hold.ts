/** Holds: stops placed on a scope. An agent may act only if no active hold covers what it wants to do. */
import type { ActionDigest, AgentId, EscalationId, HoldId } from "./ids.ts";
import { FLEET } from "./ids.ts";
import type { Named } from "./people.ts";

export type Scope =
  | { readonly kind: "fleet" }
  | { readonly kind: "agent" }
  | { readonly kind: "subject"; readonly subject: string }
  | { readonly kind: "capability"; readonly capability: string }
  | { readonly kind: "action"; readonly digest: ActionDigest };

export interface Hold {
  readonly id: HoldId;
  /** `all` for the fleet. */
  readonly agent: AgentId;
  readonly scope: Scope;
  readonly reason: string;
  readonly placedBy: Named;
  readonly placedAt: number;
  /** When it ends by itself, because a person said so when placing it; null: when somebody releases it. */
  readonly until: number | null;
  /** The escalation whose decision releases it; null for a pause and for a hold kept after a decision. */
  readonly escalation: EscalationId | null;
  /** When the agent confirmed that it has stopped. */
  readonly confirmedAt: number | null;
  readonly releasedAt: number | null;
  readonly releasedBy: Named | null;
}

/** What an agent asks about: nothing in particular, or one subject, capability or action. */
export interface Want {
  readonly subject?: string;
  readonly capability?: string;
  readonly action?: string;
}

/** Whether a hold stops what is wanted: agent and fleet holds always, narrower ones when what they stop is named. */
export function covers(hold: Hold, want: Want): boolean {
  switch (hold.scope.kind) {
    case "fleet":
    case "agent":
      return true;
    case "subject":
      return want.subject === hold.scope.subject;
    case "capability":
      return want.capability === hold.scope.capability;
    case "action":
      return want.action === hold.scope.digest;
  }
}

/** The scope in one word, as the wire has it: `agent`, `fleet`, `subject:contact:123`, `capability:send_email`, `action:sha256:…`. */
export function scopeWord(scope: Scope): string {
  switch (scope.kind) {
    case "fleet":
    case "agent":
      return scope.kind;
    case "subject":
      return `subject:${scope.subject}`;
    case "capability":
      return `capability:${scope.capability}`;
    case "action":
      return `action:${scope.digest}`;
  }
}

/** The scope behind a word of the wire; undefined when it is none. */
export function parseScope(word: string): Scope | undefined {
  if (word === "agent" || word === "fleet") return { kind: word };
  const colon = word.indexOf(":");
  const rest = word.slice(colon + 1);
  if (colon < 0 || !rest) return undefined;
  const kind = word.slice(0, colon);
  if (kind === "subject") return { kind, subject: rest };
  if (kind === "capability") return { kind, capability: rest };
  if (kind === "action" && rest.startsWith("sha256:")) return { kind, digest: rest as ActionDigest };
  return undefined;
}

/** Whether a hold concerns an agent at all. */
export function concerns(hold: Hold, agent: AgentId): boolean {
  return hold.agent === agent || hold.agent === FLEET;
}
