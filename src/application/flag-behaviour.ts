/** "Something feels off": anybody may flag an agent; a grave flag holds it until its owner has looked. */
import type { Agent } from "../domain/agent.ts";
import type { Severity } from "../domain/charter/severity.ts";
import { authorize } from "../domain/escalation/authorize.ts";
import { auditActor } from "../domain/escalation/decide.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import { openEscalation } from "../domain/escalation/open-escalation.ts";
import { type Actor, named } from "../domain/people.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import { type Context, newOpening } from "./context.ts";

export interface Flagging {
  readonly agent: Agent;
  readonly severity: Severity;
  /** What the person saw, in their own words. */
  readonly words: string;
  /** The message it is about, where it was raised on one. */
  readonly about: string | null;
}

export type FlagBehaviour = (actor: Actor, flagging: Flagging) => Promise<Result<Escalation, Refusal>>;

export function flagBehaviour(context: Context): FlagBehaviour {
  return async (actor, { agent, severity, words, about }) => {
    const refused = authorize(actor, "flag", { charter: agent.charter, people: context.people });
    if (refused) return no(refused);
    const by = named(actor);
    const { escalation, step } = openEscalation({
      ...newOpening(context, agent),
      request: {
        trigger: "flag",
        severity,
        summary: `${by.name} flagged ${agent.name}: something feels off`.slice(0, 300),
        reason: words.trim().slice(0, 2_000) || "No words were given.",
        requested_by: by.id,
        ...(about ? { transcript: [{ who: "the message", text: about.slice(0, 8_000) }] } : {}),
      },
      by: auditActor(actor),
    });
    await context.store.save(step);
    return yes(escalation);
  };
}
