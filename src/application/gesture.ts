/** What people do, whatever the surface: press a button, send a form, type a command, flag something, open their home. */
import type { Filled } from "../cards/form.ts";
import type { MessageRef } from "../domain/delivery/copy.ts";
import type { Actor, Directory, Standing, Surface } from "../domain/people.ts";

/** The account that a surface has verified; whom it belongs to is looked up in the directory. */
export interface Identity {
  readonly surface: Surface;
  /** The platform's id of the account, as holdpoint.yaml lists it. On the console: the person's id. */
  readonly id: string;
  /** The verified account in full, such as `slack:T0123/U0123`: evidence. */
  readonly account: string;
  readonly name: string;
  readonly standing: Standing;
}

/** Whose act it is: the person of the directory with this account, or the account alone. */
export function actorBehind(from: Identity, people: Directory): Actor {
  const person = from.surface === "console" ? people.find(from.id) : people.byAccount(from.surface, from.id);
  const { surface, account, standing } = from;
  return { surface, account, standing, name: person?.name ?? from.name, person: person ?? null };
}

export type Gesture =
  /** `message`: where the button stood; a copy nobody recorded is adopted, so that it is redrawn too. */
  | {
      readonly kind: "press";
      readonly from: Identity;
      readonly token: string;
      readonly message: Message | null;
    }
  | { readonly kind: "submit"; readonly from: Identity; readonly token: string; readonly filled: Filled }
  /** The words after `/agent`. */
  | { readonly kind: "command"; readonly from: Identity; readonly words: string }
  /** "Something feels off", perhaps about a message. */
  | { readonly kind: "flag"; readonly from: Identity; readonly about: string | null }
  | { readonly kind: "home"; readonly from: Identity };

/** A message on a platform. */
interface Message {
  readonly platform: string;
  /** Where it stands, as an address the platform understands. */
  readonly channel: string;
  readonly ref: MessageRef;
}
