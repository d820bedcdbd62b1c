/** The buttons of an approval card: what the request allows, in one order, in words of ours. */
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { Button } from "./card.ts";
import { type IntentVerb, onEscalation } from "./intent.ts";

/**
 * None once it is settled. Labels have at most 24 characters, as the narrowest platform's dialogs want their titles.
 * @param unseen what the card could not show; something grave is then approved only after saying so
 */
export function approvalButtons(
  escalation: Escalation,
  { held, unseen }: { readonly held: boolean; readonly unseen: readonly string[] },
): readonly Button[] {
  if (escalation.status !== "open") return [];
  const may = (verdict: Escalation["allow"][number]) => escalation.allow.includes(verdict);
  const button = (verb: IntentVerb, label: string, tone: Button["tone"] = "plain"): Button => ({
    label,
    tone,
    intent: onEscalation(verb, escalation),
  });
  const grave = escalation.severity === "high" || escalation.severity === "critical";
  const confirm =
    grave && unseen.length > 0
      ? {
          confirm: `This card does not show everything (${unseen.length === 1 ? unseen[0] : `${unseen.length} parts are cut`}). Approve all the same?`,
        }
      : {};
  const approve = button("approve", escalation.request.action ? "Approve" : "Carry on", "go");
  return [
    ...(may("approve") ? [{ ...approve, ...confirm }] : []),
    ...(may("edit") ? [button("edit", "Edit and approve")] : []),
    ...(may("respond") ? [button("respond", "Answer", may("approve") ? "plain" : "go")] : []),
    ...(may("reject") ? [button("reject", "Reject", "stop")] : []),
    ...(may("reject") && held ? [button("reject_keep", "Reject, keep paused", "stop")] : []),
    ...(may("dismiss") ? [button("dismiss", "Dismiss")] : []),
    ...(escalation.acknowledged ? [] : [button("acknowledge", "I'm on it")]),
    button("reassign", "Reassign"),
  ];
}
