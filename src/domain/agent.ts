/** An agent: an automated worker with credentials of its own, under a charter. */
import type { Charter } from "./charter/charter.ts";
import type { AgentId, KeyId } from "./ids.ts";

export interface Agent {
  readonly id: AgentId;
  readonly name: string;
  readonly environment: "lab" | "production";
  /** Where hold events go, and decisions whose request names no address of its own. */
  readonly callbackUrl: string | null;
  readonly charterVersion: number;
  readonly charter: Charter;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One credential: an agent's, or an administrator's where `agent` is null. Only the SHA-256 of the key is kept. */
export interface Key {
  readonly id: KeyId;
  readonly agent: AgentId | null;
  readonly hash: string;
  /** `whsec_…`, sealed at rest; null for an administrator's key. */
  readonly signingSecret: string | null;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}
