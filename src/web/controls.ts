/** What one person may do on a card, and how it is drawn: a button that acts, a question first, or a form that opens. */
import type { Button } from "../cards/card.ts";
import type { Form } from "../cards/form.ts";
import type { IntentVerb } from "../cards/intent.ts";
import type { Charter } from "../domain/charter/charter.ts";
import { authorize, type Verb } from "../domain/escalation/authorize.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import { wording } from "../domain/refusal.ts";
import type { ConsoleDeps } from "./console-deps.ts";
import { type Attempt, formHtml, hiddenFields } from "./form-html.ts";
import { type Html, html } from "./html.ts";
import { actorOf, type Session } from "./session.ts";
import { clockWords } from "./when.ts";

/** Verbs that ask for something before they act. */
const WITH_FORM: ReadonlySet<IntentVerb> = new Set([
  "edit",
  "reject",
  "reject_keep",
  "respond",
  "reassign",
  "pause",
  "flag",
  "sign",
]);

type Control =
  | { readonly kind: "press"; readonly token: string }
  | { readonly kind: "form"; readonly token: string; readonly form: Form };

interface Controls {
  readonly of: ReadonlyMap<Button, Control>;
  /** Why this person may not do what the buttons are there for: the first refusal, in words. */
  readonly why: string | null;
}

/** Besides deciding: where one of these is left out, nobody needs to hear why. */
const BESIDES: ReadonlySet<IntentVerb> = new Set(["acknowledge", "reassign"]);

/**
 * Looks up what each button means for one person. Nothing is decided or recorded by looking. `on`: what the rules are asked
 * about; null where several agents are meant, and the answer to the press tells.
 */
export async function controlsFor(
  deps: ConsoleDeps,
  session: Session,
  buttons: readonly Button[],
  on: { readonly charter: Charter; readonly escalation?: Escalation } | null,
): Promise<Controls> {
  const actor = actorOf(session);
  const refusals: string[] = [];
  const of = new Map<Button, Control>();
  for (const button of buttons) {
    const { intent } = button;
    const refusal = on && authorize(actor, verbOf(intent.verb), { ...on, people: deps.people });
    const token = deps.token(intent);
    const offer = refusal || !WITH_FORM.has(intent.verb) ? null : await deps.formFor(token, session.identity);
    if (refusal) refusals.push(...(BESIDES.has(intent.verb) ? [] : [wording(refusal, clockWords)]));
    else if (offer === null) of.set(button, { kind: "press", token });
    else if (offer.kind === "form")
      of.set(button, { kind: "form", token: deps.token(offer.form.intent), form: offer.form });
    else refusals.push(offer.words);
  }
  return { of, why: refusals[0] ?? null };
}

function verbOf(verb: IntentVerb): Verb {
  switch (verb) {
    case "reject_keep":
      return "reject";
    case "show":
    case "decide_all":
      return "see";
    default:
      return verb;
  }
}

/** A button for this person; null where it is none of theirs. */
export function controlHtml(
  controls: Controls,
  button: Button,
  page: { readonly csrf: string; readonly back: string; readonly attempt: Attempt | null },
): Html | null {
  const control = controls.of.get(button);
  if (!control) return null;
  const { csrf, back, attempt } = page;
  const { tone, confirm, label } = button;
  if (control.kind === "form") {
    const { form, token } = control;
    const sent = { token, csrf, back, attempt, tone: tone === "stop" ? tone : ("go" as const) };
    return disclosure(button, formHtml(form, sent), attempt?.verb === form.intent.verb);
  }
  const press = html`<form method="post" action="/press">${hiddenFields({ csrf, back, token: control.token })}<button class="button" data-tone="${tone}">${label}</button></form>`;
  return confirm ? disclosure(button, html`<p>${confirm}</p>${press}`, false) : press;
}

/** One opens at a time: they share a name. */
function disclosure({ label, tone, intent }: Button, inside: Html, open: boolean): Html {
  const key = `${intent.verb}-${intent.on}`;
  return html`<details name="decide" data-key="${key}" class="opens"${open ? html` open` : false}><summary class="button" data-tone="${tone}">${label}</summary><div class="sheet">${inside}</div></details>`;
}
