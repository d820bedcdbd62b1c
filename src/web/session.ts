/** Sessions of the console: who is signed in, for how long, and the token that proves a form is ours. */
import type { KeyObject } from "node:crypto";
import type { Identity } from "../application/gesture.ts";
import type { Clock, Notes } from "../application/ports.ts";
import type { PersonId } from "../domain/ids.ts";
import type { Actor, Directory, Person } from "../domain/people.ts";
import { HOUR, MINUTE } from "../domain/time/time.ts";
import { mac, randomCode, sameText, sha256 } from "./signature.ts";

/** Signed out after this long without a request, and after this long in any case. */
const IDLE = 30 * MINUTE;
export const ABSOLUTE = 12 * HOUR;

/** A sign of life is written down at most this often, so that reading pages costs no writes. */
const TOUCH_EVERY = 1 * MINUTE;

/** A reader of the terminal who is nobody in the directory: may look and pause, and decides nothing. No person can have this id. */
const OPERATOR = { id: "@operator", name: "Operator" } as const;

interface Row {
  readonly person: PersonId | null;
  readonly startedAt: number;
}

export interface Session {
  /** The value of the cookie; only its hash is kept. */
  readonly id: string;
  /** Null: the operator. */
  readonly person: Person | null;
  readonly identity: Identity;
  /** Goes into every form of this session. */
  readonly csrf: string;
}

export interface Sessions {
  begin(person: PersonId | null): Promise<Session | undefined>;
  /** The session behind a cookie. `touch` counts the request as a sign of life. */
  find(id: string | undefined, touch: boolean): Promise<Session | undefined>;
  end(id: string): Promise<void>;
  isOurs(session: Session, csrf: string | null): boolean;
}

/** Somebody who is no longer in the directory is signed out by that. */
export function createSessions(deps: {
  readonly notes: Notes;
  readonly clock: Clock;
  readonly people: Directory;
  readonly secret: KeyObject;
}): Sessions {
  const { notes, clock, people, secret } = deps;

  function session(id: string, row: Row): Session | undefined {
    const person = row.person === null ? null : people.find(row.person);
    if (person === undefined) return undefined;
    return { id, person, identity: identityOf(person), csrf: mac(secret, "csrf", id) };
  }

  async function end(id: string): Promise<void> {
    await notes.delete(noteKey(id));
    await notes.delete(seenKey(id));
  }

  return {
    async begin(person) {
      const id = randomCode();
      const row: Row = { person, startedAt: clock.now() };
      const begun = session(id, row);
      if (begun) await notes.set(noteKey(id), JSON.stringify(row), row.startedAt + ABSOLUTE);
      return begun;
    },
    async find(id, touch) {
      if (!id) return undefined;
      const note = await notes.get(noteKey(id));
      if (note === undefined) return undefined;
      const row: Row = JSON.parse(note);
      const now = clock.now();
      const seenAt = Number((await notes.get(seenKey(id))) ?? row.startedAt);
      const found = session(id, row);
      if (!found || now - seenAt >= IDLE || now - row.startedAt >= ABSOLUTE) {
        await end(id);
        return undefined;
      }
      if (touch && now - seenAt >= TOUCH_EVERY)
        await notes.set(seenKey(id), String(now), row.startedAt + ABSOLUTE);
      return found;
    },
    end,
    isOurs: (session, csrf) => csrf !== null && sameText(csrf, session.csrf),
  };
}

/** How the console names somebody to the one door. */
function identityOf(person: Person | null): Identity {
  const { id, name } = person ?? OPERATOR;
  return { surface: "console", id, account: `console:${id}`, name, standing: "member" };
}

/** The same person as the rules of the domain know them. */
export function actorOf(session: Session): Actor {
  const { surface, account, name, standing } = session.identity;
  return { surface, account, name, standing, person: session.person };
}

function noteKey(id: string): string {
  return `console.session.${sha256(id)}`;
}

/** Apart from the session itself: a request that ends after the sign-out can't bring the session back. */
function seenKey(id: string): string {
  return `console.seen.${sha256(id)}`;
}
