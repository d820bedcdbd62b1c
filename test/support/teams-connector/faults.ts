/** Faults that a test asks for, each met once by the next call that fits. */
import type { ApiCall } from "./state.ts";

export type Fault = {
  readonly on: ApiCall["kind"] | "post";
  /** A conversation, a channel or a person; any where it is left out. */
  readonly at?: string;
} /** Done, and the answer never arrives. */ & (
  | { readonly kind: "reply-lost" }
  /** Taken in, and never answered. */
  | { readonly kind: "hangs" }
  | { readonly kind: "status"; readonly status: number; readonly code?: string; readonly retryAfter?: number }
);

export interface Faults {
  add(fault: Fault): void;
  take(on: ApiCall["kind"], places: readonly string[]): Fault | undefined;
}

export function createFaults(): Faults {
  const waiting: Fault[] = [];
  const isFor = (fault: Fault, on: ApiCall["kind"]) =>
    fault.on === on || (fault.on === "post" && (on === "send" || on === "create"));
  return {
    add: (fault) => void waiting.push(fault),
    take(on, places) {
      const at = waiting.findIndex(
        (fault) => isFor(fault, on) && (fault.at === undefined || places.includes(fault.at)),
      );
      return at < 0 ? undefined : waiting.splice(at, 1)[0];
    },
  };
}
