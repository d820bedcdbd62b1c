/** What the stories about people in Slack share: a form, a card that stands, and what one person gets to see. */
import type { Answer } from "../../../src/application/ports.ts";
import type { Form } from "../../../src/cards/form.ts";
import { askingCard } from "../stage.ts";
import { AGENTS, channel, SARAH, type Stage } from "./slack-stage.ts";

export const FORM: Form = {
  title: "Reject with a reason that is long",
  send: "Reject",
  intent: { verb: "reject", on: "esc_1", revision: 3, digest: null },
  intro: [{ kind: "plain", text: "The agent is told why." }],
  fields: [
    { kind: "lines", name: "reason", label: "Reason", optional: false, max: 500 },
    {
      kind: "number",
      name: "percent",
      label: "percent",
      optional: true,
      whole: true,
      value: 20,
      min: 0,
      max: 100,
    },
    { kind: "tick", name: "keep", label: "Keep the hold", optional: false, value: true },
    {
      kind: "choice",
      name: "tone",
      label: "tone",
      optional: true,
      choices: [{ value: "calm", label: "Calm" }],
    },
    { kind: "json", name: "args", label: "args", optional: true, value: '{"a":1}' },
  ],
};
export const form: Answer = { kind: "form", form: FORM };

/** Posts a card and answers with where it stands. */
export async function placeCard(stage: Stage, to = channel(AGENTS)) {
  const drawn = await stage.platform.post(to, askingCard(), "copy_1", null);
  if (drawn.kind !== "shown") throw new Error(JSON.stringify(drawn));
  return { channel: drawn.ref.channel ?? "", ts: drawn.ref.ts ?? "" };
}

/** The latest words that only this person sees. */
export async function toldTo(stage: Stage, user = SARAH): Promise<string> {
  const seen = await stage.workspace.until(
    () => stage.workspace.ephemerals(user).at(-1),
    "words for one person",
  );
  return seen.text;
}

/** The window that stands in front of this person. */
export function modalOf(stage: Stage, user = SARAH) {
  return stage.workspace.until(() => stage.workspace.views(user).at(-1), "a modal");
}
