/** Wakes whoever waits: long-polls, the console's live stream, the worker. */

import type { Step } from "../domain/step.ts";
import type { Changes } from "./ports.ts";

/** The topic that hears of everything. */
export const ANYTHING = "*";

export function createChanges(): Changes {
  const listeners = new Map<string, Set<() => void>>();
  const listen = (topic: string, listener: () => void) => {
    const set = listeners.get(topic) ?? new Set();
    listeners.set(topic, set.add(listener));
    return () => {
      set.delete(listener);
      if (set.size === 0 && listeners.get(topic) === set) listeners.delete(topic);
    };
  };
  return {
    listen,
    announce(topics) {
      // "Anything may have changed" wakes everybody: what was missed is not known.
      const heard = topics.includes(ANYTHING) ? [...listeners.keys()] : [...topics, ANYTHING];
      for (const topic of heard) for (const listener of [...(listeners.get(topic) ?? [])]) listener();
    },
    wait(topics, ms, signal) {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          for (const stop of stops) stop();
          resolve();
        };
        const timer = setTimeout(done, ms);
        const stops = topics.map((topic) => listen(topic, done));
        signal.addEventListener("abort", done);
        if (signal.aborted) done();
      });
    },
  };
}

/** The topic of who is away and who stands in. */
export const ABSENCES = "absences";

/** What a committed step changed, by topic: escalations, the agents whose holds moved, and absences. */
export function topicsOf(step: Step): readonly string[] {
  const agents = (step.holds ?? []).map((change) => change.hold.agent);
  return [
    ...(step.escalation ? [step.escalation.after.id] : []),
    ...new Set(agents),
    ...(step.absences?.length ? [ABSENCES] : []),
  ];
}
