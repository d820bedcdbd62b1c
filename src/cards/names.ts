/** People and places as spans: mentions where they are meant to look, names where they are only named. */
import type { Stage } from "../domain/chain/chain.ts";
import type { Directory, Named } from "../domain/people.ts";
import { plain, type Span, type Text } from "./card.ts";
import { short } from "./literal.ts";

/** A person of the directory, mentioned where the platform can; somebody the directory no longer knows, by the name on record. */
export function mention(people: Directory, who: Named | string): Span {
  const person = people.find(typeof who === "string" ? who : who.id);
  if (!person) return plain(nameOf(people, who));
  return { kind: "person", id: person.id, name: short(person.name, 80), accounts: person.accounts };
}

/** The name alone, where nobody needs to be called. */
export function nameOf(people: Directory, who: Named | string): string {
  const person = people.find(typeof who === "string" ? who : who.id);
  return short(person?.name ?? (typeof who === "string" ? who : who.name), 80);
}

/** "A", "A and B", "A, B and C". */
export function listed(items: readonly Span[]): Text {
  return items.flatMap((item, at) =>
    at === 0 ? [item] : [plain(at === items.length - 1 ? " and " : ", "), item],
  );
}

/** Whom a stage asks, by name: its people, else its channel. */
export function stageNames(stage: Stage, people: Directory): string {
  const names = stage.people.map((id) => nameOf(people, id));
  if (names.length > 0) return names.join(names.length === 2 ? " and " : ", ");
  return stage.channel ? "the channel" : "nobody";
}
