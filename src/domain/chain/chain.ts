/** The chain: whom to ask in which order and how long each has, frozen into the escalation when it opens. */

import type { Charter } from "../charter/charter.ts";
import { RESPONSE_TARGETS, type Severity } from "../charter/severity.ts";
import type { TriggerRule } from "../charter/trigger-rule.ts";
import type { PersonId } from "../ids.ts";
import type { Directory } from "../people.ts";
import { afterBusiness, type Hours, outside } from "../time/business-hours.ts";
import type { CoverFor } from "./absence.ts";

export interface Stage {
  readonly people: readonly PersonId[];
  /** A channel asked instead of, or beside, the people's direct messages: `slack:C0123456789`. */
  readonly channel: string | null;
  /** Milliseconds this stage has before the next one is asked: of business time where the chain has hours. */
  readonly within: number;
}

export interface Chain {
  readonly stages: readonly [Stage, ...Stage[]];
  readonly onSilence: "keep_held" | "expire";
  /** When the stages' time counts; absent: always. */
  readonly hours?: Hours;
  /** When its cards and reminders may be posted; absent: always. Only what is of low severity can wait for it. */
  readonly postedIn?: Hours;
}

/** Parts of a stage's time after which the people of the stage are reminded. */
export const REMINDERS = [0.5, 0.8] as const;

/**
 * How many rounds of the last stage are posted anew. It is asked again until somebody acts; but whoever has let a card, two
 * reminders and two more messages pass is not won by a tenth, which would only teach them to mute all of them. From then on
 * the message of the last posted round says, in its place, how often it was asked, and the daily digest goes on listing it.
 */
export const ROUNDS_POSTED = 2;

/** When so much of a stage's time, counted from `start`, is over. */
export function timeOver(chain: Chain, start: number, ms: number): number {
  return chain.hours ? afterBusiness(start, ms, chain.hours) : start + ms;
}

/** From when something may be posted that is ready at `now`. */
export function postedFrom(chain: Chain, now: number): number {
  return chain.postedIn ? afterBusiness(now, 0, chain.postedIn) : now;
}

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
  readonly cover: CoverFor;
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
    ...clocks(input.charter, input.severity),
  };
}

/** What waits for business hours, and what of low severity waits for the end of quiet ones: then its time stands still too. */
function clocks({ ownership, review }: Charter, severity: Severity): Pick<Chain, "hours" | "postedIn"> {
  const { hours: agreed, quiet } = ownership;
  const zone = agreed?.timezone ?? review.timezone;
  const hours = agreed && !agreed.except.includes(severity) ? businessHours(agreed, zone) : undefined;
  const awake = quiet ? outside({ ...quiet, timezone: quiet.timezone ?? zone }) : hours;
  if (severity !== "low" || !awake) return hours ? { hours } : {};
  return { hours: hours ?? awake, postedIn: awake };
}

function businessHours(agreed: NonNullable<Charter["ownership"]["hours"]>, timezone: string): Hours {
  const { days, from, to, holidays } = agreed;
  return { timezone, days, from, to, holidays };
}

/** Where several people must approve, as many as that are asked at once: approvers first, then whoever the chain names next. */
function enough(
  first: readonly string[],
  { charter, rule, people, cover }: Parameters<typeof freezeChain>[0],
): readonly string[] {
  if (rule.approvals < 2) return first;
  const { owner, approvers, deputies, escalate_to } = charter.ownership;
  const known = (id: string) => people.find(id) !== undefined;
  // Two people who are away may have one deputy, and whoever has none does not answer.
  const answering = (ids: readonly string[]) =>
    new Set(
      ids.filter(known).flatMap((id) => {
        const instead = cover(id as PersonId);
        if (instead.kind === "nobody") return [];
        return instead.kind === "deputy" ? [instead.person] : [id];
      }),
    ).size;
  const asked = [...first];
  for (const id of [owner, ...approvers, ...deputies, ...escalate_to]) {
    if (answering(asked) >= rule.approvals) break;
    if (known(id) && !asked.includes(id)) asked.push(id);
  }
  return asked;
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
