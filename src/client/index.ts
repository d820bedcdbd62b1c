/** Holdpoint for agents: ask before acting, wait for a person, do what was decided and nothing else. */
import type { Trying } from "./back-off.ts";
import { connection, type Fetch } from "./connection.ts";
import { type EscalateOptions, type EscalationHandle, escalations, type Raised } from "./escalations.ts";
import type { HoldpointError } from "./failure.ts";
import { type Gate, gates } from "./gate.ts";
import { type States, states } from "./state.ts";
import type { EscalationRequest } from "./wire.ts";

export { actionDigest, approvedArgs } from "./approved-action.ts";
export type { Fetch } from "./connection.ts";
export type { EscalateOptions, EscalationHandle, Interruptible, Raised } from "./escalations.ts";
export { HoldpointError, type Reason } from "./failure.ts";
export type { Gated, GateOptions } from "./gate.ts";
export type { State, Waiting, Wanted } from "./state.ts";
export {
  type CallbackEvent,
  type ReceivedCallback,
  type VerifiedCallback,
  verifyCallback,
} from "./verify-callback.ts";
export type * from "./wire.ts";

export interface HoldpointOptions {
  /** Where Holdpoint listens, such as `https://holdpoint.example.com`. */
  readonly url: string;
  /** The agent's own key: `hp_<agent>_…`. */
  readonly key: string;
  /** Instead of the platform's own, for proxies and tests. */
  readonly fetch?: Fetch;
  /** Milliseconds one answer may take, beside the time the server was asked to hold it back. */
  readonly timeout?: number;
  /** Milliseconds a question is tried again before it counts as unanswered; waiting for a decision never ends by itself. */
  readonly patience?: number;
  /** Told of every failure that is tried again: without it, an outage looks like a person who takes their time. */
  readonly onTrouble?: (error: HoldpointError) => void;
  /**
   * Whether gates tell Holdpoint that the agent has stopped, once nothing that they let through runs any more. Set it to
   * false where several processes share the key, or act past the gates, and call `acknowledge` when all have stopped.
   */
  readonly confirmStops?: boolean;
}

export interface Holdpoint {
  /** Raises an escalation. Throws a `HoldpointError` where it could not be raised: then the agent has to stay stopped. */
  readonly escalate: (request: EscalationRequest, options?: EscalateOptions) => Promise<Raised>;
  /** An escalation raised earlier, perhaps by another process. */
  readonly follow: (id: string) => EscalationHandle;
  readonly gate: Gate;
  readonly state: States["state"];
  readonly whenReleased: States["whenReleased"];
  readonly acknowledge: States["acknowledge"];
}

/** Throws where the address or the key cannot be one. */
export function createHoldpoint(options: HoldpointOptions): Holdpoint {
  const { key, timeout = 10_000, patience = 30_000, onTrouble, confirmStops = true } = options;
  if (!/^hp_[\x21-\x7e]+$/.test(key))
    throw new Error("That is no agent's key: holdpoint keys create <agent> prints one, hp_<agent>_…");
  const url = new URL(options.url);
  const address = url.origin + url.pathname.replace(/\/+$/, "");
  const fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const send = connection({ url: address, key, fetch, timeout });
  const trying: Omit<Trying, "signal"> = { patience, onTrouble };
  const known = escalations({ send, trying });
  const asked = states({ send, trying });
  return {
    escalate: known.escalate,
    follow: known.follow,
    gate: gates({ send, trying, escalations: known, states: asked, confirmStops }),
    state: asked.state,
    whenReleased: asked.whenReleased,
    acknowledge: asked.acknowledge,
  };
}
