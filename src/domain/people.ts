/** Who people are: the directory of holdpoint.yaml, and the verified identity behind a gesture. */
import type { PersonId } from "./ids.ts";

export type Role = "admin" | "auditor";

export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly email?: string;
  /** Account per chat platform, by the platform's name: the binding is the id there, never a mail address or a display name. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly roles: readonly Role[];
}

/** How a person is named in decisions, holds and audit lines. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** What the platform says of the account that made a gesture. Only a member counts as one of ours. */
export type Standing = "member" | "guest" | "stranger" | "deactivated" | "bot" | "anonymous";

/** Where a person, an agent or an operator acts. */
export type Surface = "slack" | "teams" | "console" | "api" | "cli";

/** Somebody who does something, identified by the surface that verified them. */
export interface Actor {
  readonly surface: Surface;
  /** The verified account, such as `slack:T0123/U0123`: kept with each decision as evidence. */
  readonly account: string;
  readonly name: string;
  readonly standing: Standing;
  /** Null where nobody in the directory has this account. */
  readonly person: Person | null;
}

export interface Directory {
  readonly people: readonly Person[];
  find(id: string): Person | undefined;
  byEmail(email: string): Person | undefined;
  byAccount(platform: string, account: string): Person | undefined;
}

/** Looks people up by id, mail address (any case) and platform account. */
export function directory(people: readonly Person[]): Directory {
  const ids = new Map(people.map((person) => [person.id as string, person]));
  const emails = new Map(
    people.flatMap((person) => (person.email ? [[person.email.toLowerCase(), person]] : [])),
  );
  const accounts = new Map(
    people.flatMap((person) =>
      Object.entries(person.accounts).map(([name, id]) => [`${name}:${id}`, person]),
    ),
  );
  return {
    people,
    find: (id) => ids.get(id),
    byEmail: (email) => emails.get(email.toLowerCase()),
    byAccount: (platform, account) => accounts.get(`${platform}:${account}`),
  };
}

/**
 * Whom a word of a command means: a mention of their account on that surface, their id, mail address or full name, with or
 * without an @. Two people of one name are nobody, so that no command meets the wrong one.
 */
export function personCalled(people: Directory, word: string, surface: Surface): Person | undefined {
  const called = word.trim().replace(/^@/, "").toLowerCase();
  const one = (is: (person: Person) => boolean) => {
    const found = people.people.filter(is);
    return found.length === 1 ? found[0] : undefined;
  };
  return (
    one(({ accounts }) => accounts[surface]?.toLowerCase() === called) ??
    one(({ id }) => id.toLowerCase() === called) ??
    people.byEmail(called) ??
    one(({ name }) => name.toLowerCase() === called)
  );
}

/** The name under which somebody's act is recorded: their id in the directory, else their account. */
export function named(actor: Actor): Named {
  return actor.person
    ? { id: actor.person.id, name: actor.person.name }
    : { id: actor.account, name: actor.name };
}
