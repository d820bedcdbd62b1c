/** What Prometheus reads: requests, escalations, holds, lateness and the health of the event loop. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Registry } from "prom-client";
import { type AgentId, FLEET } from "../domain/ids.ts";
import { FLAW_KINDS } from "../domain/review/flaw.ts";
import type { HttpDoor } from "./door.ts";

/** Dead callbacks are few, or something is badly wrong; beyond this the exact number says nothing more. */
const MOST_DEAD_COUNTED = 1_000;

/** Answers of one route by status; a plain object, because a labelled counter costs more than the hot path's own work. */
export type Statuses = Map<number, number>;

export interface Metrics {
  /** Where the answers of a route are counted. */
  route(method: string, path: string): Statuses;
  /** The text of a scrape, and its content type. */
  read(): Promise<{ readonly body: string; readonly type: string }>;
  close(): void;
}

export function metrics(
  door: Pick<HttpDoor, "store" | "holds" | "clock" | "limits" | "flaws">,
  counts: {
    /** Requests that wait for a change. */
    readonly longPolls: () => number;
    /** New work that back-pressure has refused. */
    readonly refused: () => number;
  },
): Metrics {
  const { store } = door;
  const registry = new Registry();
  const registers = [registry];
  const routes = new Map<
    string,
    { readonly method: string; readonly path: string; readonly statuses: Statuses }
  >();
  const lag = monitorEventLoopDelay({ resolution: 20 });
  lag.enable();

  new Counter({
    name: "holdpoint_http_requests_total",
    help: "Answers, by method, route and status.",
    labelNames: ["method", "route", "status"],
    registers,
    collect() {
      this.reset();
      for (const { method, path, statuses } of routes.values()) {
        for (const [status, count] of statuses) this.inc({ method, route: path, status }, count);
      }
    },
  });
  const opened = new Counter({
    name: "holdpoint_escalations_opened_total",
    help: "Escalations opened by this process, by trigger.",
    labelNames: ["trigger"],
    registers,
  });
  const decided = new Counter({
    name: "holdpoint_escalations_decided_total",
    help: "Decisions recorded by this process, by verdict.",
    labelNames: ["verdict"],
    registers,
  });
  const settled = new Counter({
    name: "holdpoint_escalations_ended_total",
    help: "Escalations that ended without a decision, by status.",
    labelNames: ["status"],
    registers,
  });
  store.onCommit(({ escalation, audit }) => {
    if (!escalation) return;
    const { before, after } = escalation;
    if (before === 0) opened.inc({ trigger: after.trigger });
    // A settled escalation is saved again when its outcome comes: the audit line tells when it was settled.
    for (const { kind } of audit) {
      if (kind === "escalation.decided" && after.decision) decided.inc({ verdict: after.decision.verdict });
      if (kind === "escalation.expired" || kind === "escalation.withdrawn")
        settled.inc({ status: after.status });
    }
  });

  gauge("holdpoint_escalations_open", "Escalations that wait for a decision.", () =>
    store.escalations.countOpen(),
  );
  gauge(
    "holdpoint_overdue",
    "Jobs that are due for longer than they may be, and open escalations that nothing wakes in time: must be 0.",
    async () => {
      const asleep = door.flaws().filter(({ kind }) => kind.endsWith("wake_up"));
      const jobs = await store.jobs.countOverdue(door.clock.now() - door.limits.overdueMs);
      return asleep.reduce((sum, { n }) => sum + n, jobs);
    },
  );
  new Gauge({
    name: "holdpoint_flaws",
    help: "What the auditor found when it looked last, by kind: must be 0.",
    labelNames: ["kind"],
    registers,
    collect() {
      this.reset();
      for (const kind of FLAW_KINDS) this.set({ kind }, 0);
      for (const { kind, n } of door.flaws()) this.set({ kind }, n);
    },
  });
  gauge(
    "holdpoint_callbacks_dead",
    "Callbacks that were given up: replay them when the agent is back.",
    async () => (await store.callbacks.inState("dead", MOST_DEAD_COUNTED)).length,
  );
  gauge("holdpoint_long_polls", "Requests that wait for a change.", counts.longPolls);
  gauge("holdpoint_commits_waiting", "Steps in line for a commit.", () => store.pressure().waiting);
  gauge(
    "holdpoint_commit_wait_seconds",
    "How long new work that came now would wait for its commit.",
    () => store.pressure().expectedMs / 1_000,
  );
  new Counter({
    name: "holdpoint_new_work_refused_total",
    help: "Requests of agents that were refused because commits were behind.",
    registers,
    collect() {
      this.reset();
      this.inc(counts.refused());
    },
  });
  gauge("holdpoint_event_loop_lag_seconds", "99th percentile since the last scrape.", () => {
    const seconds = lag.percentile(99) / 1e9;
    lag.reset();
    return Number.isFinite(seconds) ? seconds : 0;
  });
  gauge("holdpoint_resident_memory_bytes", "Memory of the process.", () => process.memoryUsage.rss());
  new Gauge({
    name: "holdpoint_holds_active",
    help: "Active holds, by scope.",
    labelNames: ["scope"],
    registers,
    async collect() {
      this.reset();
      for (const kind of ["fleet", "agent", "subject", "capability", "action"]) this.set({ scope: kind }, 0);
      const agents: readonly AgentId[] = [FLEET, ...(await store.agents.all()).map((agent) => agent.id)];
      for (const agent of agents) {
        // The fleet's holds concern every agent, and are counted once.
        const own = door.holds.of(agent).holds.filter((hold) => hold.agent === agent);
        for (const hold of own) this.inc({ scope: hold.scope.kind });
      }
    },
  });

  function gauge(name: string, help: string, measure: () => number | Promise<number>): void {
    new Gauge({
      ...{ name, help, registers },
      async collect() {
        this.set(await measure());
      },
    });
  }

  return {
    route(method, path) {
      const name = `${method} ${path}`;
      const known = routes.get(name);
      if (known) return known.statuses;
      const statuses: Statuses = new Map();
      routes.set(name, { method, path, statuses });
      return statuses;
    },
    read: async () => ({ body: await registry.metrics(), type: registry.contentType }),
    close: () => lag.disable(),
  };
}
