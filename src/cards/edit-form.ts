/** "Edit and approve": the arguments as typed fields, and what was filled in as arguments again. */
import { argsAtStake, type Escalation } from "../domain/escalation/escalation.ts";
import type { FieldProblem } from "../domain/refusal.ts";
import { plain, type Text } from "./card.ts";
import { editSlots } from "./edit-slots.ts";
import type { Filled, Form } from "./form.ts";
import { onEscalation } from "./intent.ts";
import { actionWord } from "./words.ts";

export function editForm(escalation: Escalation): Form {
  const { slots, fixed } = editSlots(escalation);
  const action = escalation.request.action;
  const kept: Text =
    fixed.length > 0 ? [plain(` Too long for a form, so kept as it is: ${fixed.join(", ")}.`)] : [];
  return {
    title: "Edit and approve",
    send: "Approve these",
    intent: onEscalation("edit", escalation),
    intro: [
      plain(`What you send is what ${action ? actionWord(action.name) : "the action"} runs with.`),
      ...kept,
    ],
    fields: slots.map(({ field }) => field),
  };
}

export type Edited =
  | { readonly ok: true; readonly args: Readonly<Record<string, unknown>> }
  /** Field name → what is wrong with it. */
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

/** Untouched fields keep their exact value, its type included. Whether the result fits the schema is checked elsewhere. */
export function readEdit(escalation: Escalation, filled: Filled): Edited {
  const args = new Map(Object.entries(argsAtStake(escalation) ?? {}));
  const problems: Record<string, string> = {};
  for (const { field, argument, read } of editSlots(escalation).slots) {
    const reading = read(Object.hasOwn(filled, field.name) ? filled[field.name] : undefined);
    if (reading.kind === "problem") problems[field.name] = reading.words;
    else if (reading.kind === "value" && argument === null)
      return { ok: true, args: reading.value as Readonly<Record<string, unknown>> };
    else if (reading.kind === "value") args.set(argument ?? "", reading.value);
    else if (reading.kind === "absent") args.delete(argument ?? "");
  }
  return Object.keys(problems).length > 0
    ? { ok: false, problems }
    : { ok: true, args: Object.fromEntries(args) };
}

/** Problems with pointers into the arguments, at the fields that can mend them; the first field takes what has none. */
export function editProblems(
  escalation: Escalation,
  problems: readonly FieldProblem[],
): Readonly<Record<string, string>> {
  const { slots } = editSlots(escalation);
  const found: Record<string, string> = {};
  for (const { pointer, detail } of problems) {
    const [first = ""] = pointer
      .replace(/^\/(?:action\/)?args(?=\/|$)/, "")
      .split("/")
      .slice(1);
    const argument = first.replaceAll("~1", "/").replaceAll("~0", "~");
    const slot = slots.find((one) => one.argument === argument);
    const field = (slot ?? slots[0])?.field.name ?? "arg0";
    const words = slot || argument === "" ? detail : `${argument}: ${detail}`;
    found[field] = found[field] === undefined ? words : `${found[field]} ${words}`;
  }
  return found;
}
