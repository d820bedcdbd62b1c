/** Buttons as actions with our token: one that needs more than a press opens its fields, or its question, on the card itself. */
import type { Block, Button } from "../../cards/card.ts";
import type { Form } from "../../cards/form.ts";
import type { Intent } from "../../cards/intent.ts";
import { short } from "../../cards/literal.ts";
import type { JsonObject } from "../payload.ts";
import { drawFields, NAME_KEY } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { type Element, isWebAddress, paragraphs, runsOf, words } from "./text-runs.ts";

/** Where an action keeps its token. */
export const TOKEN_KEY = "t";

/** `card`: a card's button opened it, and the card itself shows what became of it. `alone`: the person is told. */
export const FORM_KEY = "f";
export type FormPlace = "card" | "alone" | "dialog";

/** Marks what a client sends by itself, to see its person's own view: it never decides. */
export const REFRESH_KEY = "r";

export interface Buttons {
  /** What a button carries. */
  readonly token: (intent: Intent) => string;
  /** Forms that have room on the card; the others come when their button is pressed. */
  readonly forms: readonly Form[];
  /** Part of the card is not shown: nobody approves that without being asked. */
  readonly unseen: boolean;
}

const UNSEEN = "Teams can't show all of this. Have you read the rest in Holdpoint?";

type Row = Extract<Block, { kind: "buttons" | "open" }>;

/** Buttons that follow each other, in rows of as many as Teams shows. */
export function drawRow(blocks: readonly Row[], make: Buttons): readonly Element[] {
  const actions = blocks.flatMap((block) =>
    block.kind === "open"
      ? openLink(block.label, block.url)
      : block.buttons.map((button) => action(button, make)),
  );
  const rows = Math.ceil(actions.length / LIMITS.actionsInRow);
  const most = Math.ceil(actions.length / Math.max(1, rows));
  return Array.from({ length: rows }, (_, at) => ({
    type: "ActionSet",
    actions: actions.slice(at * most, (at + 1) * most),
  }));
}

/** A button that asks first opens what it asks, and there stands the button that does it. */
function action(button: Button, make: Buttons): Element {
  const style = { go: "positive", stop: "destructive", plain: undefined } as const;
  const look = { title: short(button.label, 40), ...(style[button.tone] && { style: style[button.tone] }) };
  const form = make.forms.find(({ intent }) => isSame(intent, button.intent));
  if (form !== undefined)
    return opening(look, formBody(form), sending(form, make.token(form.intent), "card"));
  const data = { [TOKEN_KEY]: make.token(button.intent) };
  // Lists have many that only open something: a second way for each would cost the list.
  const execute =
    button.intent.verb === "show" ? { ...executing(data, look), fallback: "drop" } : executing(data, look);
  const confirm = button.confirm ?? (make.unseen && button.tone === "go" ? UNSEEN : undefined);
  return confirm === undefined ? execute : opening(look, paragraphs(words(short(confirm, 300))), execute);
}

/** Of another revision it would decide on what nobody sees here. */
function isSame(one: Intent, other: Intent): boolean {
  return (["verb", "on", "revision", "digest"] as const).every((key) => one[key] === other[key]);
}

function opening(look: JsonObject, body: readonly Element[], action: Element): Element {
  const card = { type: "AdaptiveCard", version: LIMITS.cardVersion, body, actions: [action] };
  return { type: "Action.ShowCard", ...look, card };
}

function formBody(form: Form): readonly Element[] {
  const intro = runsOf(form.intro, LIMITS);
  return [...(intro.length > 0 ? paragraphs(intro) : []), ...drawFields(form)];
}

const STOPS: readonly string[] = ["reject", "reject_keep", "pause"];

/** The button that sends a form. Dialogs submit; whatever stands on a card executes. */
export function sending(form: Form, token: string, place: FormPlace): Element {
  const style = STOPS.includes(form.intent.verb) ? "destructive" : "positive";
  const look = { title: short(form.send, 40), style };
  const data = { [TOKEN_KEY]: token, [FORM_KEY]: place, [NAME_KEY]: form.intent.verb };
  return place === "dialog" ? { type: "Action.Submit", ...look, data } : executing(data, look);
}

/** Clients that can't execute submit, which arrives as a message. */
export function executing(data: Element, look: Element): Element {
  return {
    type: "Action.Execute",
    ...look,
    verb: "holdpoint",
    data,
    fallback: { type: "Action.Submit", ...look, data },
  };
}

/** A link to the console; one that Teams would refuse is left out rather than costing the whole card. */
function openLink(label: string, url: string): readonly Element[] {
  return isWebAddress(url) ? [{ type: "Action.OpenUrl", title: short(label, 40), url }] : [];
}
