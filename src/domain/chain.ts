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
 * Owner (or the trigger's route, then the owner) → deputies → escalate_to → fallback channel, everyone and every channel
 * once, at the first place that names them. People the directory does not know are left out and so is a stage that is empty
 * without them; where the owner is not known, the fallback channel is asked at once. `respondWithin` shortens the charter's
 * target, never lengthens it.
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
  const first = input.rule.route.length > 0 ? input.rule.route : [ownership.owner];
  const [head = [], ...later] = knownOnce(input.people, [
    enough([...first, ...(input.also ? [input.also] : [])], input),
    [ownership.owner],
    ownership.deputies,
    ownership.escalate_to,
  ]);
  const fallback = ownership.fallback ?? null;
  const ownerKnown = input.people.find(ownership.owner) !== undefined;
  const channel = ownerKnown ? (ownership.ask_in ?? null) : (fallback ?? ownership.ask_in ?? null);
  return {
    stages: [
      { people: head, channel, within },
      ...later.map((people) => ({ people, channel: null, within })),
      ...(fallback && fallback !== channel ? [{ people: [], channel: fallback, within }] : []),
    ],
    onSilence: ownership.on_silence,
  };
}

/** Where several people must approve, as many as that are asked at once: approvers first, then whoever the chain names next. */
function enough(
  first: readonly string[],
  { charter, rule, people }: Pick<Parameters<typeof freezeChain>[0], "charter" | "rule" | "people">,
): readonly string[] {
  if (rule.approvals < 2) return first;
  const { owner, approvers, deputies, escalate_to } = charter.ownership;
  const known = (id: string) => people.find(id) !== undefined;
  const next = [owner, ...approvers, ...deputies, ...escalate_to].filter(
    (id) => known(id) && !first.includes(id),
  );
  return [...first, ...next.slice(0, Math.max(0, rule.approvals - first.filter(known).length))];
}

/** The groups in their order, each person only in the first that names them; groups that are empty then are left out. */
function knownOnce(
  people: Directory,
  groups: readonly (readonly string[])[],
): readonly (readonly PersonId[])[] {
  const asked = new Set<string>();
  const known = groups.map((ids) =>
    ids.flatMap((id) => {
      const person = people.find(id);
      if (!person || asked.has(id)) return [];
      asked.add(id);
      return [person.id];
    }),
  );
  return known.filter((group) => group.length > 0);
}
