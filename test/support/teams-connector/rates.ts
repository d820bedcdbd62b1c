/** Counts what goes out per conversation against the documented rates of the service. */

/** learn.microsoft.com, "Rate limiting for bots": send to conversation. */
const WINDOWS = [
  { most: 7, ms: 1_000 },
  { most: 8, ms: 2_000 },
  { most: 60, ms: 30_000 },
  { most: 1_800, ms: 3_600_000 },
];

export interface Rates {
  /** True where the call is within every window. */
  take(conversation: string): boolean;
  readonly violations: readonly string[];
}

export function createRates(now: () => number): Rates {
  const calls = new Map<string, number[]>();
  const violations: string[] = [];
  return {
    violations,
    take(conversation) {
      const times = [...(calls.get(conversation) ?? []), now()];
      calls.set(conversation, times);
      const over = WINDOWS.find(({ most, ms }) => times.filter((time) => time > now() - ms).length > most);
      if (over === undefined) return true;
      violations.push(`${conversation}: more than ${over.most} in ${over.ms} ms`);
      return false;
    },
  };
}
