/** The approval card once it is settled, in every way that can happen. */
import type { Escalation } from "../../../src/domain/escalation/escalation.ts";
import type { EscalationId, HoldId } from "../../../src/domain/ids.ts";
import { MINUTE } from "../../../src/domain/time/time.ts";
import {
  decidedBy,
  drawer,
  type Exhibit,
  exampleHold,
  JAMES,
  OTHER_DIGEST,
  SARAH,
  SEND_EMAIL,
} from "./gallery-scene.ts";

export function settledExhibits(now: number): readonly Exhibit[] {
  const card = drawer(now);
  const released = exampleHold(now, { releasedAt: now - MINUTE, releasedBy: SARAH });
  const over = (facts: Partial<Escalation>) => card(facts, {}, { hold: released });
  const args = SEND_EMAIL.action?.args ?? {};
  return [
    { name: "approved", card: over(decidedBy(SARAH, now, { args })) },
    {
      name: "approved and done",
      card: over({
        ...decidedBy(SARAH, now, { args }),
        outcome: { executed: true, detail: "Message 250 2.0.0 OK", at: now },
      }),
    },
    {
      name: "edited and approved",
      card: over(
        decidedBy(SARAH, now, {
          verdict: "edit",
          args: { ...args, subject: "GDPR and HIPAA at once", follow_up_days: 7 },
          actionDigest: OTHER_DIGEST,
        }),
      ),
    },
    {
      name: "rejected",
      card: over(
        decidedBy(SARAH, now, { verdict: "reject", reason: "Legal answers this one.", surface: "console" }),
      ),
    },
    {
      name: "rejected and kept paused",
      card: card(
        decidedBy(SARAH, now, { verdict: "reject", reason: "Wrong customer. Stop.", keepHeld: true }),
        {},
        { hold: exampleHold(now, { escalation: null }) },
      ),
    },
    {
      name: "answered",
      card: over(
        decidedBy(JAMES, now, {
          verdict: "respond",
          response: "Yes, both at once, per workspace.",
          surface: "teams",
        }),
      ),
    },
    { name: "dismissed", card: over(decidedBy(SARAH, now, { verdict: "dismiss" })) },
    {
      name: "approved, still paused by a person",
      card: card(
        decidedBy(SARAH, now, { args }),
        {},
        {
          hold: released,
          holds: [
            exampleHold(now, {
              id: "hold_01K8ZQ4T9V6E3M2N7P5R8S1W0Z" as HoldId,
              escalation: null,
              placedBy: JAMES,
              reason: "Quarter end freeze",
            }),
          ],
        },
      ),
    },
    {
      name: "approved, another request holds one subject",
      card: card(
        decidedBy(SARAH, now, { args }),
        {},
        {
          hold: released,
          holds: [
            exampleHold(now, {
              id: "hold_01K8ZQ4T9V6E3M2N7P5R8S1W10" as HoldId,
              escalation: "esc_01K8ZQ4T9V6E3M2N7P5R8S1W11" as EscalationId,
              scope: { kind: "subject", subject: "contact:9" },
            }),
          ],
        },
      ),
    },
    {
      name: "expired",
      card: card({ status: "expired", breached: true, settledAt: now, revision: 4 }),
    },
    {
      name: "withdrawn",
      card: over({
        status: "withdrawn",
        withdrawnReason: "The customer has cancelled.",
        settledAt: now,
        revision: 2,
      }),
    },
  ];
}
