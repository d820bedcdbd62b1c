/** Pressing and choosing: on messages, in modals and on the home tab. */
import type { Answer } from "./deliver.ts";
import { actor, type Desk, labelOf, type Place, sendFor, visible } from "./desk.ts";
import { type Entered, elementsIn, enteredState, type Placed, stateValues } from "./inputs.ts";
import { type JsonObject, listIn, objectIn, textIn } from "./json.ts";
import { openModals, putView } from "./modals.ts";
import { messageShortcutUsed, pressedInView, pressedOnMessage } from "./payloads.ts";
import type { Message, State, View } from "./state.ts";

export type EnteredValues = Readonly<Record<string, Entered | Readonly<Record<string, Entered>>>>;

export interface PressOptions {
  /** The option's value, for menus, choices and pickers. */
  readonly choice?: Entered;
  /** Presses what an older version of the message showed, as a slow client does. */
  readonly stale?: boolean;
  /** What was typed into the modal's inputs before the press. */
  readonly values?: EnteredValues;
}

export type Surface = Place | { readonly view: string };

/** Presses the element with this action id, or this text; the answer is the app's acknowledgement. */
export function press(
  desk: Desk,
  userId: string,
  where: Surface,
  target: string,
  options: PressOptions = {},
): Promise<Answer> {
  actor(desk.state, userId);
  return "view" in where
    ? pressInView(desk, userId, where.view, target, options)
    : pressOnMessage(desk, userId, where, target, options);
}

async function pressOnMessage(
  desk: Desk,
  userId: string,
  place: Place,
  target: string,
  options: PressOptions,
): Promise<Answer> {
  const { state } = desk;
  const { channel, message } = visible(state, userId, place);
  const placed =
    options.stale === true ? findInHistory(message, target) : findElement(message.blocks, target);
  const key = `${userId}|${message.channel}|${message.ts}`;
  const entered = record(state.choices.get(key) ?? {}, placed, options.choice);
  state.choices.set(key, entered);
  const payload = pressedOnMessage(state, userId, {
    channel,
    message,
    action: actionOf(state, placed, options.choice),
    values: stateValues(message.blocks, entered),
    responseUrl: desk.responseUrls.issue({ user: userId, channel: channel.id, message }),
  });
  return sendFor(desk, userId, labelOf(placed.element), { type: "interactive", payload });
}

async function pressInView(
  desk: Desk,
  userId: string,
  viewId: string,
  target: string,
  options: PressOptions,
): Promise<Answer> {
  const { state } = desk;
  const before = enterValues(state, shownView(state, userId, viewId), options.values ?? {});
  const placed = findElement(listIn(before.content.blocks), target);
  const view = { ...before, values: record(before.values, placed, options.choice) };
  putView(state, view);
  const payload = pressedInView(state, userId, view, actionOf(state, placed, options.choice));
  return sendFor(desk, userId, labelOf(placed.element), { type: "interactive", payload });
}

/** The view where the person looks at it: the topmost modal or the home tab. Throws otherwise. */
export function shownView(state: State, userId: string, viewId: string): View {
  const shown = [openModals(state, userId).at(-1), state.homes.get(userId)];
  const view = shown.find((one) => one?.id === viewId);
  if (view === undefined) throw new Error(`${userId} has no view ${viewId} in front of them`);
  return view;
}

function findInHistory(message: Message, target: string): Placed {
  const versions = [message.blocks, ...message.history.toReversed().map(({ blocks }) => blocks)];
  const blocks = versions.find((one) => matches(one, target).length > 0);
  return findElement(blocks ?? message.blocks, target);
}

function matches(blocks: readonly JsonObject[], target: string): readonly Placed[] {
  const all = elementsIn(blocks);
  const byId = all.filter(({ element }) => element.action_id === target);
  return byId.length > 0 ? byId : all.filter(({ element }) => textIn(objectIn(element.text).text) === target);
}

function findElement(blocks: readonly unknown[], target: string): Placed {
  const usable = blocks.map(objectIn);
  const [found, ...others] = matches(usable, target);
  const offered = elementsIn(usable).map(
    ({ element }) => `${labelOf(element)} (${String(element.action_id)})`,
  );
  if (found === undefined)
    throw new Error(`Nothing called ${target} here; there is ${offered.join(", ") || "nothing to press"}`);
  if (others.length > 0)
    throw new Error(`${target} is not the only one of its name: use one of ${offered.join(", ")}`);
  return found;
}

type Values = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** The values after this element was used. Buttons and overflow menus keep none. */
function record(values: Values, { block, element }: Placed, choice: Entered | undefined) {
  if (choice === undefined || element.type === "button" || element.type === "overflow") return { ...values };
  const blockId = textIn(block.block_id) ?? "";
  const actionId = textIn(element.action_id) ?? "";
  return { ...values, [blockId]: { ...values[blockId], [actionId]: enteredState(element, choice) } };
}

function actionOf(state: State, { block, element }: Placed, choice: Entered | undefined): JsonObject {
  const { type, action_id, text, value, style, placeholder } = element;
  const names = { action_id, block_id: block.block_id };
  const action_ts = state.nextTs();
  if (type === "button" || type === "icon_button" || type === "workflow_button")
    return {
      type,
      ...names,
      text,
      ...(value === undefined ? {} : { value }),
      ...(style === undefined ? {} : { style }),
      action_ts,
    };
  if (type === "feedback_buttons") return { type, ...names, value: String(choice), action_ts };
  if (choice === undefined) throw new Error(`Say which option of ${labelOf(element)} with { choice }`);
  return {
    ...names,
    ...enteredState(element, choice),
    ...(placeholder === undefined ? {} : { placeholder }),
    action_ts,
  };
}

/** Types into a view's inputs. Values are named by block id and action id, or by either alone. */
export function enterValues(state: State, view: View, values: EnteredValues): View {
  const places = elementsIn(listIn(view.content.blocks));
  const entered: Record<string, Record<string, JsonObject>> = {};
  for (const [name, given] of Object.entries(values)) {
    const pairs = isNested(given) ? Object.entries(given) : [[undefined, given] as const];
    for (const [actionId, value] of pairs) {
      const placed = places.find(({ block, element }) =>
        actionId === undefined
          ? block.block_id === name || element.action_id === name
          : block.block_id === name && element.action_id === actionId,
      );
      if (placed === undefined)
        throw new Error(
          `No input ${name}${actionId === undefined ? "" : `/${actionId}`}; there is ${places.map(({ block, element }) => `${String(block.block_id)}/${String(element.action_id)}`).join(", ")}`,
        );
      const blockId = textIn(placed.block.block_id) ?? "";
      const own = textIn(placed.element.action_id) ?? "";
      entered[blockId] = {
        ...view.values[blockId],
        ...entered[blockId],
        [own]: enteredState(placed.element, value),
      };
    }
  }
  const after = { ...view, values: { ...view.values, ...entered } };
  putView(state, after);
  return after;
}

function isNested(given: EnteredValues[string]): given is Readonly<Record<string, Entered>> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

/** Uses a message shortcut from the message's own menu. */
export async function messageShortcut(
  desk: Desk,
  userId: string,
  callbackId: string,
  place: Place,
): Promise<Answer> {
  actor(desk.state, userId);
  const { channel, message } = visible(desk.state, userId, place);
  const responseUrl = desk.responseUrls.issue({ user: userId, channel: channel.id, message });
  const payload = messageShortcutUsed(desk.state, userId, callbackId, { channel, message, responseUrl });
  return sendFor(desk, userId, "The shortcut", { type: "interactive", payload });
}
