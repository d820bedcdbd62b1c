/** The chain: whom to ask in which order and how long each has, frozen into the escalation when it opens. */
import type { Charter } from "./charter.ts";
import type { PersonId } from "./ids.ts";
import type { Directory } from "./people.ts";
import { RESPONSE_TARGETS, type Severity } from "./severity.ts";
import type { TriggerRule } from "./trigger-rule.ts";

export interface Stage {
  readonly people: readonly PersonId[];
  /** A channel asked instead of, or beside, the people's direct messages: `slack:C0123456789`. */
  readonly channel: string | null;
  /** Milliseconds this stage has before the next one is asked. */
  readonly within: number;
}

export interface Chain {
  readonly stages: readonly [Stage, ...Stage[]];
  readonly onSilence: "keep_held" | "expire";
}

/** Parts of a stage's time after which the people of the stage are reminded. */
export const REMINDERS = [0.5, 0.8] as const;

/**
 * Owner (or the trigger's route) → deputies → escalate_to → fallback channel, everyone once, at the first place that names
 * them. People the directory does not know are left out; when that empties the first stage, the fallback channel is asked
 * at once. `respondWithin` shortens the charter's target, never lengthens it.
 */
export function freezeChain(input: {
  readonly charter: Charter;
  readonly rule: TriggerRule;
  readonly severity: Severity;
  readonly people: Directory;
  /** Asked beside the owner at the first stage: the rep, when a customer asks for a person. */
  readonly also?: PersonId | undefined;
  readonly respondWithin?: number | undefined;
}): Chain {
  const { ownership } = input.charter;
  const target = ownership.respond_within[input.severity] ?? RESPONSE_TARGETS[input.severity];
  const within = Math.min(target, input.respondWithin ?? target);
  const asked = new Set<string>();
  const known = (ids: readonly string[]): PersonId[] =>
    ids.flatMap((id) => {
      const person = input.people.find(id);
      if (!person || asked.has(id)) return [];
      asked.add(id);
      return [person.id];
    });

  const first: Stage = {
    people: known([
      ...(input.rule.route.length ? input.rule.route : [ownership.owner]),
      ...(input.also ? [input.also] : []),
    ]),
    channel: ownership.ask_in ?? null,
    within,
  };
  const routed = input.rule.route.length ? [stageOf(known([ownership.owner]), within)] : [];
  const later = [
    ...routed,
    stageOf(known(ownership.deputies), within),
    stageOf(known(ownership.escalate_to), within),
  ].filter((stage) => stage.people.length > 0);
  const last: Stage[] = ownership.fallback ? [{ people: [], channel: ownership.fallback, within }] : [];
  const stages = [first, ...later, ...last].filter((stage) => stage.people.length > 0 || stage.channel);
  const [head = first, ...tail] = stages;
  return { stages: [head, ...tail], onSilence: ownership.on_silence };
}

function stageOf(people: readonly PersonId[], within: number): Stage {
  return { people, channel: null, within };
}
