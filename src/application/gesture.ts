/** What people do, whatever the surface: press a button, send a form, type a command, flag something, open their home. */
import type { Filled } from "../cards/form.ts";
import type { MessageRef } from "../domain/copy.ts";
import type { Standing, Surface } from "../domain/people.ts";

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
