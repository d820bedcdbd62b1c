/** Faults a test asks for: answers that get lost, servers that fail, limits that bite. */
import type { MethodName } from "./limits.ts";

/** `performed`: whether Slack did the work before it failed; the caller can't tell either way. */
export type Fault = {
  readonly method: MethodName;
  readonly channel?: string;
  /** How many calls it hits (1). */
  readonly times?: number;
} & (
  | { readonly kind: "reply-lost" }
  | { readonly kind: "http-500" | "http-503" | "timeout"; readonly performed?: boolean }
  | { readonly kind: "ratelimited"; readonly retryAfter: number }
  | { readonly kind: "error"; readonly word: string }
  | { readonly kind: "slow"; readonly ms: number }
);

export interface PlacedFault {
  remaining(): number;
  clear(): void;
}

export interface Faults {
  place(fault: Fault): PlacedFault;
  /** The fault that meets this call, used up by one. */
  take(method: MethodName, channel: string | undefined): Fault | undefined;
}

export function createFaults(): Faults {
  const placed: { readonly fault: Fault; left: number }[] = [];
  return {
    place(fault) {
      const entry = { fault, left: fault.times ?? 1 };
      placed.push(entry);
      return {
        remaining: () => entry.left,
        clear() {
          entry.left = 0;
        },
      };
    },
    take(method, channel) {
      const entry = placed.find(
        ({ fault, left }) =>
          left > 0 && fault.method === method && (fault.channel === undefined || fault.channel === channel),
      );
      if (entry === undefined) return undefined;
      entry.left -= 1;
      return entry.fault;
    },
  };
}
