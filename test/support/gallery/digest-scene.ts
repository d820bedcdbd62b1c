/** Digests to draw: made-up agents with numbers that add up, the same on every run. */

import type { AgentId, DigestId, EscalationId, HoldId, PersonId } from "../../../src/domain/ids.ts";
import type { AgentReport, Digest, DigestKind, Inspection } from "../../../src/domain/review/digest.ts";
import { DAY, HOUR, MINUTE } from "../../../src/domain/time/time.ts";

const DAYS: Readonly<Record<DigestKind, number>> = { daily: 1, weekly: 7, monthly: 30, quarterly: 91 };

export function exampleDigest(
  now: number,
  kind: DigestKind,
  agents: readonly AgentReport[],
  over: Partial<Digest> = {},
): Digest {
  const to = Math.floor(now / DAY) * DAY;
  return {
    id: "digest_01K8ZQ4T9V6E3M2N7P5R8S1W0D" as DigestId,
    kind,
    schedule: `${kind}:trial-nurture`,
    date: new Date(now).toISOString().slice(0, 10),
    zone: "UTC",
    reader:
      kind === "daily"
        ? { kind: "person", id: "sarah" as PersonId }
        : { kind: "channel", channel: "slack:C0123456789" },
    from: to - DAYS[kind] * DAY,
    to,
    createdAt: now,
    skipped: null,
    agents,
    ...over,
  };
}

/** An agent about which there is nothing to say. */
export function quietReport(over: Partial<AgentReport> = {}): AgentReport {
  return {
    agent: "renewal-assistant" as AgentId,
    name: "Renewal assistant",
    owner: { id: "amara" as PersonId, name: "Amara Okafor" },
    charterVersion: 1,
    now: {
      waiting: 0,
      overdue: 0,
      first: [],
      holds: [],
      undeliverableCards: 0,
      deadCallbacks: 0,
      budget: null,
      anomalies: [],
      openFlags: 0,
    },
    period: {
      opened: 0,
      openedBefore: 0,
      byTrigger: [],
      byDay: [],
      verdicts: { approve: 0, edit: 0, reject: 0, respond: 0, dismiss: 0 },
      expired: 0,
      withdrawn: 0,
      toAcknowledge: null,
      toDecide: null,
      inTime: { n: 0, of: 0 },
      overridden: { n: 0, of: 0 },
      heldFor: 0,
      patterns: [],
      decisions: [],
    },
    calibration: null,
    alignment: null,
    unsigned: [],
    ...over,
  };
}

/** An agent with something of everything. */
export function busyReport(now: number, kind: DigestKind, over: Partial<AgentReport> = {}): AgentReport {
  const to = Math.floor(now / DAY) * DAY;
  const long = kind === "monthly" || kind === "quarterly";
  const times = { daily: 1, weekly: 3, monthly: 12, quarterly: 36 }[kind];
  return {
    agent: "trial-nurture" as AgentId,
    name: "Trial nurture",
    owner: { id: "sarah" as PersonId, name: "Sarah Chen" },
    charterVersion: 3,
    now: {
      waiting: 2,
      overdue: 1,
      first: [
        waiting(now, "0X", -35 * MINUTE, "Answer a GDPR and HIPAA question from Northwind Health"),
        waiting(now, "0Y", 3 * HOUR, "Offer Contoso a second month of trial", "medium"),
      ],
      holds: [
        {
          id: "hold_01K8ZQ4T9V6E3M2N7P5R8S1W0Y" as HoldId,
          scope: "The whole agent",
          reason: "Numbers look wrong since noon",
          by: { id: "james" as PersonId, name: "James Liu" },
          placedAt: now - 200 * MINUTE,
        },
      ],
      undeliverableCards: 0,
      deadCallbacks: 1,
      budget: { spent: 6_720, cap: 8_000, currency: "GBP", at: now - HOUR },
      anomalies: [{ trigger: "low_confidence", n: 9, usual: 2.1428 }],
      openFlags: 1,
    },
    period: {
      opened: 6 * times,
      openedBefore: 4 * times,
      byTrigger: [
        { trigger: "low_confidence", n: 3 * times, before: 2 * times },
        { trigger: "approval_required", n: 2 * times, before: times },
        { trigger: "human_requested", n: times, before: 0 },
        { trigger: "budget", n: 0, before: times },
      ],
      byDay: Array.from({ length: DAYS[kind] }, (_, at) => ({
        day: new Date(to - (DAYS[kind] - at) * DAY).toISOString().slice(0, 10),
        n: ([4, 2, 3, 5, 1, 0, 0][at % 7] ?? 0) + (Math.floor(at / 7) % 4),
      })),
      verdicts: {
        approve: 3 * times,
        edit: times,
        reject: times,
        respond: Math.floor(times / 3),
        dismiss: 0,
      },
      expired: kind === "daily" ? 0 : 1,
      withdrawn: 0,
      toAcknowledge: { p50: 4 * MINUTE, p90: 22 * MINUTE },
      toDecide: { p50: 11 * MINUTE, p90: 95 * MINUTE },
      inTime: { n: 5 * times, of: 5 * times + Math.floor(times / 3) + 1 },
      overridden: { n: 2 * times, of: 5 * times },
      heldFor: 200 * MINUTE * times,
      patterns: kind === "daily" ? [] : [{ group: "GDPR and HIPAA at once", n: 2 + times }],
      decisions: [
        decision(now, "0A", "approve", "Offer Fabrikam 10 % off the first year"),
        decision(now, "0B", "reject", "Send the price list to a competitor’s address"),
        decision(now, "0C", "edit", "Answer an invoice question from Tailspin"),
        decision(now, "0D", "approve", "Book a demo for Wingtip"),
      ],
    },
    calibration:
      kind === "daily"
        ? null
        : {
            bands: [
              { from: 0.4, to: 0.5, decided: 3, unchanged: 1 },
              { from: 0.5, to: 0.6, decided: 6, unchanged: 3 },
              { from: 0.6, to: 0.7, decided: 12, unchanged: 11 },
              { from: 0.7, to: 0.8, decided: 0, unchanged: 0 },
              { from: 0.8, to: 0.9, decided: 4, unchanged: 4 },
              { from: 0.9, to: 1, decided: 5, unchanged: 5 },
            ],
            threshold: 0.7,
            suggested: {
              threshold: 0.62,
              because:
                "Of 14 actions between 0.62 and 0.70, 13 were approved without a change; below 0.62 it was 4 of 9.",
            },
          },
    alignment: long
      ? {
          outcome: "Increase trial-to-paid conversion in enterprise",
          metric: "conversion",
          target: "+25%",
          guards: ["satisfaction >= 4.0"],
          executed: 4 * times - 2,
          notExecuted: 2,
          actions: [
            { name: "send_email", asked: 4 * times, approved: 3 * times, refused: times },
            { name: "discount", asked: times, approved: times, refused: 0 },
          ],
          pausedByPeople: 2,
          charterChanges: [{ version: 3, by: "Sarah Chen", at: now - 9 * DAY }],
        }
      : null,
    unsigned: [
      { kind: "weekly", date: "2026-11-09", digest: "digest_01K8ZQ4T9V6E3M2N7P5R8S1W0C" as DigestId },
    ],
    ...over,
  };
}

export function waiting(
  now: number,
  end: string,
  due: number,
  summary: string,
  severity: AgentReport["now"]["first"][number]["severity"] = "high",
): AgentReport["now"]["first"][number] {
  return {
    id: `esc_01K8ZQ4T9V6E3M2N7P5R8S1W${end}` as EscalationId,
    trigger: severity === "high" ? "low_confidence" : "approval_required",
    severity,
    summary,
    createdAt: now + due - 4 * HOUR,
    dueAt: now + due,
  };
}

function decision(
  now: number,
  end: string,
  verdict: AgentReport["period"]["decisions"][number]["verdict"],
  summary: string,
): AgentReport["period"]["decisions"][number] {
  return {
    id: `esc_01K8ZQ4T9V6E3M2N7P5R8S1V${end}` as EscalationId,
    verdict,
    by: { id: "sarah" as PersonId, name: "Sarah Chen" },
    summary,
    at: now - 20 * HOUR,
  };
}

export function exampleInspection(
  digest: Digest,
  report: AgentReport,
  over: Partial<Inspection> = {},
): Inspection {
  return {
    id: "insp_01K8ZQ4T9V6E3M2N7P5R8S1W0Z",
    digest: digest.id,
    kind: digest.kind,
    agent: report.agent,
    charterVersion: report.charterVersion,
    by: report.owner,
    at: digest.createdAt + 40 * MINUTE,
    lookedAt: "18 requests",
    note: null,
    ...over,
  };
}

/** Thirty agents of ten owners: two need somebody, some are busy, ten have nothing to tell. */
export function manyReports(now: number, kind: DigestKind): readonly AgentReport[] {
  return Array.from({ length: 30 }, (_, at): AgentReport => {
    const id = `agent-${String(at + 1).padStart(2, "0")}` as AgentId;
    const owner = { id: `person-${at % 10}` as PersonId, name: `Person Number ${at % 10}` };
    const name = `Assistant number ${at + 1} for outreach`;
    if (at % 3 === 2) return quietReport({ agent: id, name, owner });
    const busy = busyReport(now, kind, { agent: id, name, owner });
    const calm = {
      waiting: 0,
      overdue: 0,
      first: [],
      deadCallbacks: 0,
      openFlags: 0,
      anomalies: [],
      holds: [],
    };
    return at < 2 ? busy : { ...busy, now: { ...busy.now, ...calm }, unsigned: [] };
  });
}
