/** Who is away and who stands in: the answers to out and back, and the lines that queue, home and owner add. */
import { type Absence, type Cover, coverAt, isAway, standsInFor } from "../domain/chain/absence.ts";
import type { PersonId } from "../domain/ids.ts";
import type { Directory, Person } from "../domain/people.ts";
import { sayWhen } from "../domain/time/when.ts";
import { type Block, type Card, plain, strong, type Text, time } from "./card.ts";
import { counting } from "./literal.ts";
import { nameOf } from "./names.ts";

export interface AwayFacts {
  readonly absences: readonly Absence[];
  readonly people: Directory;
  readonly now: number;
}

/** Tells whoever said it what was understood, in dates with their zone, and what follows from it. */
export function outCard(
  said: {
    readonly absence: Absence;
    readonly person: Person;
    readonly cover: Cover;
    readonly waiting: number;
    readonly zone: string;
  },
  facts: { readonly people: Directory; readonly by: Person | null; readonly now: number },
): Card {
  const { absence, person, cover, waiting, zone } = said;
  const { people, now } = facts;
  const self = facts.by?.id === person.id;
  const who = self ? "You are" : `${nameOf(people, person.id)} is`;
  const date = (at: number) => sayWhen(at, zone, now);
  const from = absence.from > now ? ` from ${date(absence.from)}` : "";
  const title = `${who} out${from} until ${date(absence.until)}`;
  return {
    summary: title,
    tone: "good",
    blocks: [
      { kind: "text", text: [strong(title), plain("."), ...standsIn(absence, cover, people)] },
      ...(waiting > 0
        ? [
            {
              kind: "text" as const,
              text: [
                plain(
                  `${counting(waiting, "request")} that waited ${waiting === 1 ? "is" : "are"} handed over now.`,
                ),
              ],
            },
          ]
        : []),
      {
        kind: "note",
        text: [
          plain(
            self ? "Write “back” when you are back earlier" : `Write “back @${person.id}” to end it earlier`,
          ),
          plain("; what was handed over stays with whoever has it, and you may still decide it."),
        ],
      },
    ],
  };
}

function standsIn(absence: Absence, cover: Cover, people: Directory): Text {
  const deputy = nameOf(people, absence.deputy);
  if (cover.kind === "nobody")
    return [
      plain(` ${deputy} is away as well and nobody stands in: the next people of each chain are asked.`),
    ];
  if (cover.kind === "deputy" && cover.person !== absence.deputy)
    return [plain(` ${deputy} is away as well, so ${nameOf(people, cover.person)} is asked instead.`)];
  return [plain(` ${deputy} is asked instead, for what is new and for what already waits.`)];
}

export function backCard(person: Person, by: Person | null): Card {
  const title = by?.id === person.id ? "You are back" : `${person.name} is back`;
  const rest = "From now on new requests ask them; what a deputy was asked stays with the deputy as well.";
  const own = "From now on new requests ask you; what your deputy was asked stays with them as well.";
  return {
    summary: title,
    tone: "good",
    blocks: [{ kind: "text", text: [strong(title), plain(`. ${by?.id === person.id ? own : rest}`)] }],
  };
}

/** Everybody who is away or will be. */
export function awayCard(facts: AwayFacts): Card {
  const items = facts.absences
    .filter(({ until }) => until > facts.now)
    .toSorted((a, b) => a.from - b.from)
    .slice(0, 30)
    .map(
      (absence): Text => [
        strong(nameOf(facts.people, absence.person)),
        ...(absence.from > facts.now ? [plain(" from "), time(absence.from, "date")] : []),
        plain(" until "),
        time(absence.until, "date"),
        plain(`; ${nameOf(facts.people, absence.deputy)} stands in`),
      ],
    );
  const title = items.length === 0 ? "Nobody is away" : "Who is away";
  const how = "out until Friday deputy @name";
  return {
    summary: title,
    tone: "quiet",
    blocks: [
      { kind: "heading", text: title },
      ...(items.length > 0 ? [{ kind: "list" as const, items }] : []),
      { kind: "note", text: [plain("To be away yourself, write "), { kind: "code", text: how }, plain(".")] },
    ],
  };
}

/** What somebody ought to know at the head of their queue: that they are away, and for whom they stand in. */
export function awayBlocks(person: Person, { absences, people, now }: AwayFacts): readonly Block[] {
  const mine = absences.find((one) => one.person === person.id && isAway(one, now));
  const instead = mine && coverAt(absences, people, now)(person.id);
  const asked =
    instead?.kind === "deputy" ? `${nameOf(people, instead.person)} is asked instead` : "nobody stands in";
  const lines: Text[] = [
    ...(mine
      ? [
          [
            plain("You are away until "),
            time(mine.until, "date"),
            plain(`; ${asked}. Write “back” to end it.`),
          ],
        ]
      : []),
    ...standsInFor(person.id, absences, people, now).map((absence) => [
      plain(`You stand in for ${nameOf(people, absence.person)} until `),
      time(absence.until, "date"),
      plain("."),
    ]),
  ];
  return lines.map((text) => ({ kind: "note", text }));
}

/** ", away until Friday; James Liu stands in": after a name, where somebody reads who answers for an agent. */
export function awayWords(id: PersonId, { absences, people, now }: AwayFacts): Text {
  const cover = coverAt(absences, people, now)(id);
  if (cover.kind === "here") return [];
  const instead = cover.kind === "deputy" ? `${nameOf(people, cover.person)} stands in` : "nobody stands in";
  return [plain(", away until "), time(cover.until, "date"), plain(`; ${instead}`)];
}
