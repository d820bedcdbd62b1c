/** Which form a button on a request opens, where it opens one. */
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { Person } from "../domain/people.ts";
import { editForm } from "./edit-form.ts";
import type { Form } from "./form.ts";
import { reassignForm, rejectForm, rejectKeepForm, respondForm } from "./forms.ts";
import type { IntentVerb } from "./intent.ts";

/** Verbs on a request that need more than a click, those first that are used most. */
export const VERBS_WITH_FORM = ["reject", "respond", "edit", "reject_keep", "reassign"] as const;
export type VerbWithForm = (typeof VERBS_WITH_FORM)[number];

export function hasForm(verb: IntentVerb): verb is VerbWithForm {
  return VERBS_WITH_FORM.some((one) => one === verb);
}

export function decisionForm(verb: VerbWithForm, escalation: Escalation, people: readonly Person[]): Form {
  switch (verb) {
    case "reject":
      return rejectForm(escalation);
    case "reject_keep":
      return rejectKeepForm(escalation);
    case "respond":
      return respondForm(escalation);
    case "edit":
      return editForm(escalation);
    case "reassign":
      return reassignForm(escalation, people);
  }
}
