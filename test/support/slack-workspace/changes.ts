/** Who wants to know when something changes: open pages and tests that wait. */

export interface Changes {
  announce(): void;
  /** Calls back after every change; the answer stops it. */
  watch(look: () => void): () => void;
  /** Resolves as soon as `look` finds something; rejects after `ms` real milliseconds with what was awaited. */
  until<T>(look: () => T | undefined | false, what: string, ms?: number): Promise<T>;
}

export function createChanges(): Changes {
  const watchers = new Set<() => void>();
  const watch = (look: () => void) => {
    watchers.add(look);
    return () => {
      watchers.delete(look);
    };
  };
  const until = <T>(look: () => T | undefined | false, what: string, ms = 5_000): Promise<T> =>
    new Promise((resolve, reject) => {
      const attempt = () => {
        try {
          const found = look();
          if (found === undefined || found === false) return;
          finish();
          resolve(found);
        } catch (error) {
          finish();
          reject(error);
        }
      };
      const stop = watch(attempt);
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`Waited ${ms} ms in vain for ${what}`));
      }, ms);
      const finish = () => {
        clearTimeout(timer);
        stop();
      };
      attempt();
    });
  return {
    announce() {
      for (const look of [...watchers]) look();
    },
    watch,
    until,
  };
}
