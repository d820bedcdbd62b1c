/** Which agents of a digest come first: those that need somebody, then the busy ones; and which have nothing to tell. */
import type { AgentReport } from "../../domain/review/digest.ts";

/** What needs somebody, gravest first: each outweighs everything that follows it. */
const NEEDS: readonly ((report: AgentReport) => number)[] = [
  ({ now }) => now.overdue,
  ({ now }) => now.undeliverableCards + now.deadCallbacks,
  ({ now }) => now.openFlags,
  ({ now }) => now.waiting,
  ({ now }) => now.holds.length,
  ({ now }) => now.anomalies.length,
  ({ calibration }) => (calibration?.suggested ? 1 : 0),
  ({ period }) => period.inTime.of - period.inTime.n,
  ({ period }) => period.overridden.n,
  ({ period }) => period.opened,
];

/** The most pressing first; agents that are alike keep their order. */
export function byNeed(agents: readonly AgentReport[]): readonly AgentReport[] {
  return agents.toSorted((a, b) => {
    for (const need of NEEDS) {
      const difference = need(b) - need(a);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** Nothing waits, nothing is held, nothing went wrong and nothing happened, now or in the time before. */
export function hasNothingToTell({ now, period, unsigned, calibration }: AgentReport): boolean {
  return (
    now.waiting === 0 &&
    now.holds.length === 0 &&
    now.undeliverableCards + now.deadCallbacks === 0 &&
    now.openFlags === 0 &&
    now.anomalies.length === 0 &&
    unsigned.length === 0 &&
    !calibration?.suggested &&
    period.opened + period.openedBefore === 0 &&
    period.expired + period.withdrawn === 0 &&
    Object.values(period.verdicts).every((n) => n === 0)
  );
}

/** One number over all agents. */
export function total(agents: readonly AgentReport[], count: (report: AgentReport) => number): number {
  return agents.reduce((sum, report) => sum + count(report), 0);
}
