/** The auditor: looks every minute at what must never be so, raises the alarm, and pings the heartbeat only when all is well. */
import type { AuditStore } from "./application/audit-store.ts";
import type { Log } from "./application/ports.ts";
import type { RaiseAlarm } from "./application/raise-alarm.ts";
import type { Flaw } from "./domain/review/flaw.ts";
import { MINUTE } from "./domain/time/time.ts";
import type { Heartbeat } from "./schedule/heartbeat.ts";

export interface Auditor {
  /** A timer of its own, in real time: it audits the jobs, so it is none of them. */
  start(): void;
  /** One look, and everything that follows from it; a second one at the same time waits for the first. */
  look(): Promise<readonly Flaw[]>;
  /** What the last look found. */
  flaws(): readonly Flaw[];
  stop(): Promise<void>;
}

export function createAuditor(parts: {
  readonly audit: AuditStore;
  readonly alarm: RaiseAlarm;
  /** Null: nobody listens for it. */
  readonly heartbeat: Heartbeat | null;
  readonly log: Log;
  /** Milliseconds between two looks. */
  readonly every?: number;
}): Auditor {
  const { audit, alarm, heartbeat, log, every = MINUTE } = parts;
  let latest: readonly Flaw[] = [];
  let looking: Promise<readonly Flaw[]> | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function lookOnce(): Promise<readonly Flaw[]> {
    latest = await audit.look();
    await alarm(latest, audit.trailKnown());
    if (heartbeat && latest.length === 0 && audit.trailKnown()) {
      await heartbeat().catch((error: unknown) => {
        log.warn({ error: String(error) }, "the heartbeat was not taken: look at HEARTBEAT_URL");
      });
    }
    return latest;
  }

  function look(): Promise<readonly Flaw[]> {
    looking ??= lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  }

  return {
    start() {
      timer = setInterval(() => void look(), every);
      timer.unref();
    },
    look,
    flaws: () => latest,
    async stop() {
      clearInterval(timer);
      await looking;
      await audit.idle();
    },
  };
}
