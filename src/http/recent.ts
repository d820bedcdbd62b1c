/** Remembers what was looked up a moment ago, until it is told to forget it or it grows old. */
import type { Clock } from "../application/ports.ts";

/** So late does this process notice what another one wrote, such as a key revoked from the command line. */
const MAX_AGE_MS = 10_000;

const MOST = 10_000;

export interface Recent<Value> {
  get(id: string): Value | undefined;
  /** Looks it up and remembers it, unless it is undefined; `group` is what it is forgotten by. */
  load<Found extends Value | undefined>(
    id: string,
    group: string,
    find: () => Promise<Found>,
  ): Promise<Found>;
  forget(group: string): void;
}

export function recent<Value>(clock: Clock): Recent<Value> {
  const entries = new Map<
    string,
    { readonly value: Value; readonly group: string; readonly readAt: number }
  >();
  let forgets = 0;

  return {
    get(id) {
      const entry = entries.get(id);
      if (!entry) return undefined;
      // A clock set back must not keep an entry alive, so an age below zero is too old as well.
      const age = clock.now() - entry.readAt;
      return age >= 0 && age < MAX_AGE_MS ? entry.value : undefined;
    },
    async load(id, group, find) {
      const readAt = clock.now();
      const before = forgets;
      const value = await find();
      // What was read before somebody changed it must not be remembered after.
      if (value !== undefined && forgets === before) {
        if (entries.size >= MOST) entries.clear();
        entries.set(id, { value, group, readAt });
      }
      return value;
    },
    forget(group) {
      forgets++;
      for (const [id, entry] of entries) if (entry.group === group) entries.delete(id);
    },
  };
}
