/** What goes on beside the work: the auditor looks every minute, reported budgets are written down, and old things are forgotten. */
import { auditStore } from "./application/audit-store.ts";
import { forgetOld } from "./application/forget-old.ts";
import type { LatestBudgets } from "./application/latest-budgets.ts";
import { raiseAlarm } from "./application/raise-alarm.ts";
import { type Auditor, createAuditor } from "./auditor.ts";
import type { Config } from "./config.ts";
import { HOUR, MINUTE } from "./domain/time/time.ts";
import type { Parts } from "./parts.ts";
import { openWatch } from "./store/open-watch.ts";

export interface Upkeep {
  readonly auditor: Auditor;
  start(): void;
  /** Ends what is under way and writes down what is left. */
  stop(): Promise<void>;
}

export async function createUpkeep(
  { databaseUrl, operators, heartbeatUrl }: Pick<Config, "databaseUrl" | "operators" | "heartbeatUrl">,
  { context }: Pick<Parts, "context">,
  budgets: LatestBudgets,
): Promise<Upkeep> {
  const { store, clock, log } = context;
  const watch = await openWatch(databaseUrl, store.watch);
  const auditor = createAuditor({
    audit: auditStore(watch, clock),
    alarm: raiseAlarm(context, operators),
    heartbeat:
      heartbeatUrl === null ? null : (await import("./schedule/heartbeat.ts")).heartbeatTo(heartbeatUrl),
    log,
  });
  const flush = () =>
    budgets.flush().catch((error: unknown) => {
      log.warn({ error: String(error) }, "reported budgets could not be written down; the next report is");
    });
  const forget = forgetOld(context);
  const tidy = () =>
    forget().catch((error: unknown) => {
      log.warn(
        { error: String(error) },
        "what is past its time could not be removed; in an hour it is tried again",
      );
    });
  const timers: NodeJS.Timeout[] = [];
  return {
    auditor,
    start() {
      auditor.start();
      timers.push(
        setInterval(() => void flush(), MINUTE),
        setInterval(() => void tidy(), HOUR),
      );
      for (const timer of timers) timer.unref();
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await auditor.stop();
      await watch.close();
      await flush();
    },
  };
}
