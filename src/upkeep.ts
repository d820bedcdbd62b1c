/** What goes on beside the work: the auditor looks every minute, and reported budgets are written down. */
import { auditStore } from "./application/audit-store.ts";
import type { LatestBudgets } from "./application/latest-budgets.ts";
import { raiseAlarm } from "./application/raise-alarm.ts";
import { type Auditor, createAuditor } from "./auditor.ts";
import type { Config } from "./config.ts";
import { MINUTE } from "./domain/time/time.ts";
import type { Parts } from "./parts.ts";
import { heartbeatTo } from "./schedule/heartbeat.ts";
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
    heartbeat: heartbeatUrl === null ? null : heartbeatTo(heartbeatUrl),
    log,
  });
  const flush = () =>
    budgets.flush().catch((error: unknown) => {
      log.warn({ error: String(error) }, "reported budgets could not be written down; the next report is");
    });
  let timer: NodeJS.Timeout | undefined;
  return {
    auditor,
    start() {
      auditor.start();
      timer = setInterval(() => void flush(), MINUTE);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await auditor.stop();
      await watch.close();
      await flush();
    },
  };
}
