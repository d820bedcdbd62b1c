/** views.*: modals need a fresh trigger, updates a current hash, home tabs a known user. */
import { type Arguments, type Method, refuse, refuseMissing, refuseProblems } from "./answers.ts";
import { isObject, type JsonObject, textIn } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { changeView, publishHome, showModal } from "./modals.ts";
import type { State, Trigger, View } from "./state.ts";
import { checkView, viewBytes } from "./views-check.ts";
import { viewOnWire } from "./wire.ts";

/** What is wrong with a view, as the whole answer; `undefined` when Slack would take it. */
export function refuseView(
  state: State,
  view: unknown,
  expected: "modal" | "home",
  replaces?: string,
): JsonObject | undefined {
  if (view === undefined) return refuseMissing("view");
  if (!isObject(view))
    return refuse("invalid_arguments", {
      response_metadata: { messages: ["[ERROR] view is no JSON object"] },
    });
  if (viewBytes(view) > LIMITS.viewBytes) return refuse("view_too_large");
  const problems = checkView(view, expected);
  if (problems.length > 0) return refuseProblems("invalid_arguments", problems);
  const externalId = textIn(view.external_id) ?? "";
  const taken =
    externalId !== "" &&
    [...state.views.values()].some(
      (other) => other.id !== replaces && other.content.external_id === externalId,
    );
  return taken ? refuse("duplicate_external_id") : undefined;
}

/** Uses a trigger up: once, within three seconds of the click. */
function takeTrigger(state: State, args: Arguments): Trigger | JsonObject {
  const id = textIn(args.trigger_id);
  if (id === undefined) return refuseMissing("trigger_id");
  const trigger = state.triggers.get(id);
  if (trigger === undefined) return refuse("invalid_trigger_id");
  if (state.clock.now() - trigger.issuedAt > LIMITS.triggerMs) return refuse("expired_trigger_id");
  if (trigger.used) return refuse("exchanged_trigger_id");
  trigger.used = true;
  return trigger;
}

const isTrigger = (found: Trigger | JsonObject): found is Trigger => "issuedAt" in found;

const open: Method = (state, args) => {
  const fault = refuseView(state, args.view, "modal");
  if (fault !== undefined) return fault;
  const trigger = takeTrigger(state, args);
  if (!isTrigger(trigger)) return trigger;
  return shown(state, showModal(state, trigger.user, asContent(args), false));
};

const push: Method = (state, args) => {
  const fault = refuseView(state, args.view, "modal");
  if (fault !== undefined) return fault;
  const trigger = takeTrigger(state, args);
  if (!isTrigger(trigger)) return trigger;
  const depth = (state.stacks.get(trigger.user) ?? []).length;
  if (!trigger.inModal || depth === 0) return refuse("not_found");
  if (depth >= LIMITS.viewStack) return refuse("push_limit_reached");
  return shown(state, showModal(state, trigger.user, asContent(args), true));
};

const update: Method = (state, args) => {
  const view = wantedView(state, args);
  if (view === undefined) return refuse("not_found");
  const fault = refuseView(state, args.view, view.content.type === "home" ? "home" : "modal", view.id);
  if (fault !== undefined) return fault;
  const hash = textIn(args.hash);
  if (hash !== undefined && hash !== view.hash) return refuse("hash_conflict");
  return shown(state, changeView(state, view, asContent(args)));
};

function wantedView(state: State, args: Arguments): View | undefined {
  const id = textIn(args.view_id);
  const externalId = textIn(args.external_id);
  return [...state.views.values(), ...state.homes.values()].find(
    (view) => view.id === id || (externalId !== undefined && view.content.external_id === externalId),
  );
}

const publish: Method = (state, args) => {
  const user = textIn(args.user_id);
  if (user === undefined) return refuseMissing("user_id");
  if (!state.users.has(user)) return refuse("user_not_found");
  const fault = refuseView(state, args.view, "home");
  if (fault !== undefined) return fault;
  const hash = textIn(args.hash);
  const before = state.homes.get(user);
  if (hash !== undefined && before !== undefined && hash !== before.hash) return refuse("hash_conflict");
  return shown(state, publishHome(state, user, asContent(args)));
};

function asContent(args: Arguments): JsonObject {
  return isObject(args.view) ? args.view : {};
}

function shown(state: State, view: View): JsonObject {
  return { ok: true, view: viewOnWire(state, view) };
}

export const viewMethods = {
  "views.open": open,
  "views.push": push,
  "views.update": update,
  "views.publish": publish,
} as const satisfies Record<string, Method>;
