/** What the console needs from the rest of Holdpoint. */

import type { Identity } from "../application/gesture.ts";
import type { Answer, Changes, Clock, HoldIndex, Log, Receive, Store } from "../application/ports.ts";
import type { Card } from "../cards/card.ts";
import type { Form } from "../cards/form.ts";
import type { Intent } from "../cards/intent.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { CallbackId } from "../domain/ids.ts";
import type { Directory } from "../domain/people.ts";
import type { SignIn } from "./sign-in.ts";

/** The form behind a button, or why this person does not get it. */
type FormOffer =
  | { readonly kind: "form"; readonly form: Form }
  | { readonly kind: "refused"; readonly words: string };

export interface ConsoleDeps {
  /** Read, with one exception: the audit line of a sign-in. Everything else goes through `receive`. */
  readonly store: Store;
  readonly holdIndex: HoldIndex;
  readonly changes: Changes;
  readonly receive: Receive;
  /** A button's value, as the chat platforms carry it. */
  readonly token: (intent: Intent) => string;
  /** Looks a form up so that it can be drawn with its card: a GET asks, so it changes nothing and records nothing. */
  readonly formFor: (token: string, from: Identity) => Promise<FormOffer>;
  /** Starts a dead callback's attempts again, if this person may. */
  readonly replayCallback: (id: CallbackId, from: Identity) => Promise<Answer>;
  /** Recomputes the chain of hashes. `brokenAt`: the first line that does not follow from the one before; null: none. */
  readonly verifyAudit: () => Promise<{ readonly lines: number; readonly brokenAt: number | null }>;
  readonly cards: { readonly approval: (escalation: Escalation) => Promise<Card> };
  readonly signIn: SignIn;
  readonly people: Directory;
  readonly clock: Clock;
  readonly log: Log;
  /** 32 bytes or more: what the browser carries for us is signed with it. */
  readonly secret: Buffer;
  /** Base of links, without a slash at the end. */
  readonly publicUrl: string;
  /** How somebody gets a sign-in link here: one or two sentences for the page that asks for one. */
  readonly howToSignIn: string;
}
