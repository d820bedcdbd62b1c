/** Says that somebody is away and who stands in for them, or that they are back. */

import type { Agent } from "../domain/agent.ts";
import { type Absence, type Cover, coverAt } from "../domain/chain/absence.ts";
import { declareAbsence as declared, endAbsences } from "../domain/chain/declare-absence.ts";
import { handOver } from "../domain/chain/hand-over.ts";
import { maySayAway } from "../domain/escalation/authorize.ts";
import type { AbsenceId } from "../domain/ids.ts";
import { type Actor, type Person, personCalled } from "../domain/people.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import { DAY } from "../domain/time/time.ts";
import { parseWhen, WHEN_EXAMPLES } from "../domain/time/when.ts";
import { type Context, openOnes } from "./context.ts";

/** An absence longer than this is a change of the charter. */
const LONGEST = 366 * DAY;

/** What somebody typed, in their own words; null where they left it out. */
export interface Saying {
  /** Null: whoever types it. */
  readonly who: string | null;
  readonly deputy: string;
  readonly until: string;
  /** Null: from now on. */
  readonly from: string | null;
}

export interface Said {
  readonly absence: Absence;
  readonly person: Person;
  /** Who is asked at its beginning, as things stand: the deputy may be away as well. */
  readonly cover: Cover;
  /** How many open requests are handed over now. */
  readonly waiting: number;
  /** The time zone in which the words were understood. */
  readonly zone: string;
}

export interface DeclareAbsence {
  out(actor: Actor, saying: Saying): Promise<Result<Said, Refusal>>;
  /** Ends what stands and what is to come. `who` null: whoever types it. */
  back(actor: Actor, who: string | null): Promise<Result<Person, Refusal>>;
}

export function declareAbsence(context: Context): DeclareAbsence {
  const { store, people, clock } = context;

  /** Whom the words mean, or why this person may not say it of them. */
  function whose(actor: Actor, who: string | null): Result<Person, Refusal> {
    if (who === null && !actor.person) return no({ code: "not_in_directory", surface: actor.surface });
    const person = who === null ? actor.person : personCalled(people, who, actor.surface);
    if (!person) return no(unknown(who ?? ""));
    const refused = maySayAway(actor, person);
    return refused ? no(refused) : yes(person);
  }

  function unknown(word: string): Refusal {
    const ids = people.people.slice(0, 12).map(({ id }) => id);
    return unclear(
      `I know nobody called ${word.slice(0, 60)}. Mention them, or write one of: ${ids.join(", ")}.`,
    );
  }

  function deputyCalled(actor: Actor, person: Person, word: string): Result<Person, Refusal> {
    const deputy = personCalled(people, word, actor.surface);
    if (!deputy) return no(unknown(word));
    if (deputy.id === person.id)
      return no(unclear("Nobody can stand in for themselves: name somebody else."));
    // Somebody without an account gets no card, so that nobody would be asked at all.
    return Object.keys(deputy.accounts).length === 0
      ? no(
          unclear(
            `${deputy.name} has no chat account in holdpoint.yaml, and so can't be asked: name somebody else.`,
          ),
        )
      : yes(deputy);
  }

  return {
    async out(actor, { who, deputy: deputyWord, until: untilWord, from: fromWord }) {
      const whom = whose(actor, who);
      if (!whom.ok) return whom;
      const person = whom.value;
      const found = deputyCalled(actor, person, deputyWord);
      if (!found.ok) return found;
      const deputy = found.value;
      const now = clock.now();
      const zone = zoneOf(person, await store.agents.all());
      const from = fromWord === null ? now : parseWhen(fromWord, zone, now);
      if (from === undefined) return no(notUnderstood("from", fromWord ?? ""));
      // "From Monday until Friday" means the Friday after that Monday.
      const until = parseWhen(untilWord, zone, from);
      if (until === undefined) return no(notUnderstood("until", untilWord));
      if (until - now > LONGEST)
        return no(unclear("That is more than a year away: change the charter instead."));
      const standing = await store.absences.standing(now);
      const id = `abs_${context.ids.next()}` as AbsenceId;
      const said = { id, person: person.id, deputy: deputy.id, from, until };
      const { absence, step } = declared(said, { by: actor, standing, now });
      await store.save(step);
      const replaced = new Set((step.absences ?? []).map((one) => one.id));
      const then = [...standing.filter((one) => !replaced.has(one.id)), absence];
      const cover = coverAt(then, people, from);
      return yes({
        ...{ absence, person, zone, cover: cover(person.id) },
        waiting: from <= now ? await countHandedOver(cover) : 0,
      });
    },
    async back(actor, who) {
      const whom = whose(actor, who);
      if (!whom.ok) return whom;
      const now = clock.now();
      const ended = (await store.absences.standing(now)).filter(({ person }) => person === whom.value.id);
      if (ended.length === 0) return no(unclear(`${whom.value.name} is not away. Nothing was changed.`));
      await store.save(endAbsences(ended, actor, now));
      return whom;
    },
  };

  async function countHandedOver(cover: ReturnType<typeof coverAt>): Promise<number> {
    const now = clock.now();
    let count = 0;
    for await (const escalation of openOnes(store)) if (handOver(escalation, { cover, now })) count++;
    return count;
  }
}

/** Where somebody's days begin: the zone of the first agent they own, else stand in for, else of any. */
export function zoneOf(person: Person, agents: readonly Agent[]): string {
  const agent =
    agents.find(({ charter }) => charter.ownership.owner === person.id) ??
    agents.find(({ charter: { ownership } }) =>
      [...ownership.deputies, ...ownership.escalate_to].includes(person.id),
    ) ??
    agents[0];
  const { ownership, review } = agent?.charter ?? {};
  return ownership?.hours?.timezone ?? review?.timezone ?? "UTC";
}

function notUnderstood(which: "from" | "until", words: string): Refusal {
  return unclear(
    `I can't read “${words.slice(0, 60)}” as a time that is still to come. After ${which}, write ${WHEN_EXAMPLES}.`,
  );
}

function unclear(detail: string): Refusal {
  return { code: "invalid", problems: [{ pointer: "", detail }] };
}
