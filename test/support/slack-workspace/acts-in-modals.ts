/** Submitting and closing modals, and doing what the app answers: errors, update, push, clear. */
import { type EnteredValues, enterValues, shownView } from "./acts-on-surfaces.ts";
import { isRefusal } from "./answers.ts";
import type { Answer } from "./deliver.ts";
import { actor, type Desk, sendFor } from "./desk.ts";
import { complaint, stateValues } from "./inputs.ts";
import { isObject, type JsonObject, listIn, objectIn, textIn } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { refuseView } from "./methods-views.ts";
import { changeView, clearModals, openModals, popModal, putView, showModal } from "./modals.ts";
import { viewClosed, viewSubmitted } from "./payloads.ts";
import { type State, tell, type View } from "./state.ts";

export interface Submitted extends Answer {
  /** What the person reads beside the inputs, by block id: from the client itself or from the app. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Fills in and submits the modal in front of a person. */
export async function submitView(
  desk: Desk,
  userId: string,
  viewId: string,
  values: EnteredValues = {},
): Promise<Submitted> {
  const { state } = desk;
  actor(state, userId);
  const view = enterValues(state, shownView(state, userId, viewId), values);
  const complaints = clientComplaints(view);
  if (Object.keys(complaints).length > 0) {
    putView(state, { ...view, errors: complaints });
    return { ...WITHHELD, errors: complaints };
  }
  const payload = viewSubmitted(state, view);
  const answer = await sendFor(desk, userId, "Submitting", { type: "interactive", payload });
  if (answer.outcome !== "acknowledged") return { ...answer, errors: {} };
  const present = state.views.get(viewId);
  if (present === undefined) return { ...answer, errors: {} };
  const unusable = follow(state, present, answer.body);
  if (unusable !== undefined)
    tell(state, userId, "invalid_answer", `We had some trouble connecting. Try again? (${unusable})`);
  return { ...answer, errors: state.views.get(viewId)?.errors ?? {} };
}

const WITHHELD: Answer = {
  via: "nowhere",
  outcome: "withheld",
  status: undefined,
  body: undefined,
  ms: 0,
  headers: {},
};

function clientComplaints(view: View): Record<string, string> {
  const blocks = listIn(view.content.blocks).filter(isObject);
  const values = stateValues(blocks, view.values);
  const found: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const blockId = textIn(block.block_id) ?? "";
    const actionId = textIn(objectIn(block.element).action_id) ?? "";
    const words = complaint(block, values[blockId]?.[actionId] ?? {});
    if (words !== undefined) found[blockId] = words;
  }
  return found;
}

/** Does what the answer says; what it can't do is returned as words. */
function follow(state: State, view: View, body: unknown): string | undefined {
  if (body === undefined) {
    popModal(state, view.user);
    return undefined;
  }
  if (!isObject(body)) return "the answer is no JSON object";
  switch (body.response_action) {
    case "clear":
      clearModals(state, view.user);
      return undefined;
    case "errors":
      return showErrors(state, view, objectIn(body.errors));
    case "update":
    case "push":
      return showNext(state, view, body.view, body.response_action);
    default:
      return `unknown response_action ${String(body.response_action)}`;
  }
}

/** Errors may only stand beside input blocks; one that does not makes the whole answer unusable. */
function showErrors(state: State, view: View, errors: JsonObject): string | undefined {
  const inputs = listIn(view.content.blocks)
    .map(objectIn)
    .filter((block) => block.type === "input")
    .map((block) => block.block_id);
  const strangers = Object.keys(errors).filter((id) => !inputs.includes(id));
  if (Object.keys(errors).length === 0) return "errors is empty";
  if (strangers.length > 0) return `no input block ${strangers.join(", ")}`;
  const words = Object.fromEntries(Object.entries(errors).map(([id, text]) => [id, String(text)]));
  putView(state, { ...view, errors: words });
  return undefined;
}

function showNext(state: State, view: View, next: unknown, action: "update" | "push"): string | undefined {
  const refusal = refuseView(state, next, "modal", action === "update" ? view.id : undefined);
  if (refusal !== undefined && isRefusal(refusal)) return JSON.stringify(refusal);
  const content = objectIn(next);
  if (action === "update") {
    changeView(state, view, content);
    return undefined;
  }
  if (openModals(state, view.user).length >= LIMITS.viewStack) return "push_limit_reached";
  showModal(state, view.user, content, true);
  return undefined;
}

/** Closes the modal in front of a person; the app hears of it when it asked to. */
export async function closeView(desk: Desk, userId: string, viewId: string): Promise<Answer | undefined> {
  const { state } = desk;
  actor(state, userId);
  const view = shownView(state, userId, viewId);
  const isCleared = view.content.clear_on_close === true;
  const closing = isCleared ? openModals(state, userId) : [view];
  if (isCleared) clearModals(state, userId);
  else popModal(state, userId);
  const told = closing.filter(({ content }) => content.notify_on_close === true);
  const answers: Answer[] = [];
  for (const one of told.toReversed())
    answers.push(await desk.deliver({ type: "interactive", payload: viewClosed(state, one, isCleared) }));
  return answers[0];
}
