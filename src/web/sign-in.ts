/** One-time links: whoever holds one signs in with it once, within fifteen minutes. Only hashes of them are kept. */
import type { Clock, Notes } from "../application/ports.ts";
import type { PersonId } from "../domain/ids.ts";
import { MINUTE } from "../domain/time/time.ts";
import { randomCode, sha256 } from "./signature.ts";

export const LINK_LIVES = 15 * MINUTE;

const CODE = /^[A-Za-z0-9_-]{43}$/;

/** `person` null: the operator's link, whose reader says who they are. */
export interface Link {
  readonly person: PersonId | null;
  readonly expiresAt: number;
}

export interface SignIn {
  /** The path of a new link, such as `/signin/…`. Null makes the operator's link, for whoever reads the terminal. */
  linkFor(person: PersonId | null): Promise<string>;
  /** Looks at a link without using it up: previews of links in chats and mails do just that. */
  look(code: string): Promise<Link | undefined>;
  /** Uses a link up; undefined when it was used before, has expired, or never was. */
  use(code: string): Promise<Link | undefined>;
}

export function createSignIn(deps: { readonly notes: Notes; readonly clock: Clock }): SignIn {
  const { notes, clock } = deps;

  async function read(code: string, get: Notes["get"]): Promise<Link | undefined> {
    if (!CODE.test(code)) return undefined;
    const note = await get(noteKey(code));
    if (note === undefined) return undefined;
    const link: Link = JSON.parse(note);
    return clock.now() < link.expiresAt ? link : undefined;
  }

  return {
    look: (code) => read(code, notes.get),
    async linkFor(person) {
      const code = randomCode();
      const link: Link = { person, expiresAt: clock.now() + LINK_LIVES };
      await notes.set(noteKey(code), JSON.stringify(link), link.expiresAt);
      return `/signin/${code}`;
    },
    use: (code) => read(code, notes.take),
  };
}

function noteKey(code: string): string {
  return `console.link.${sha256(code)}`;
}
