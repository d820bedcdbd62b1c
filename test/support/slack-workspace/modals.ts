/** The stack of modals in front of each person: opened, pushed, updated, closed. */
import { type JsonObject, listIn } from "./json.ts";
import { fillIds, newId, type State, type View } from "./state.ts";

/** The content as the workspace keeps it: every block and element has its id. */
function withIds(content: JsonObject): JsonObject {
  return { ...content, blocks: fillIds(listIn(content.blocks)) };
}

function newHash(state: State): string {
  return `${Math.floor(state.clock.now() / 1_000)}.${newId("", 8)}`;
}

/** Shows a modal; `push` puts it on top of the open ones, otherwise it takes their place. */
export function showModal(state: State, user: string, content: JsonObject, push: boolean): View {
  const stack = push ? (state.stacks.get(user) ?? []) : [];
  if (!push) clearModals(state, user);
  const id = newId("V");
  const view: View = {
    id,
    hash: newHash(state),
    user,
    rootId: stack[0] ?? id,
    previousId: stack.at(-1),
    content: withIds(content),
    values: {},
    errors: {},
  };
  state.views.set(id, view);
  state.stacks.set(user, [...stack, id]);
  state.changed();
  return view;
}

/** Replaces what a view shows. What was typed stays where block and action keep their ids. */
export function changeView(state: State, before: View, content: JsonObject): View {
  const after = { ...before, hash: newHash(state), content: withIds(content), errors: {} };
  putView(state, after);
  return after;
}

/** Stores a new version of a view, be it a modal or a home tab. */
export function putView(state: State, view: View): void {
  if (view.content.type === "home") state.homes.set(view.user, view);
  else state.views.set(view.id, view);
  state.changed();
}

export function publishHome(state: State, user: string, content: JsonObject): View {
  const before = state.homes.get(user);
  if (before !== undefined) return changeView(state, before, content);
  const id = newId("V");
  const view: View = {
    id,
    hash: newHash(state),
    user,
    rootId: id,
    previousId: undefined,
    content: withIds(content),
    values: {},
    errors: {},
  };
  putView(state, view);
  return view;
}

/** Takes the topmost modal away; the one below shows again. */
export function popModal(state: State, user: string): void {
  const stack = state.stacks.get(user) ?? [];
  const top = stack.at(-1);
  if (top !== undefined) state.views.delete(top);
  state.stacks.set(user, stack.slice(0, -1));
  state.changed();
}

export function clearModals(state: State, user: string): void {
  for (const id of state.stacks.get(user) ?? []) state.views.delete(id);
  state.stacks.set(user, []);
  state.changed();
}

export function openModals(state: State, user: string): readonly View[] {
  return (state.stacks.get(user) ?? [])
    .map((id) => state.views.get(id))
    .filter((view): view is View => view !== undefined);
}
