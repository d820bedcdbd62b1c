/** What a person does on the page, as JSON, turned into the same acts that tests perform. */
import type { EnteredValues, Surface } from "./acts-on-surfaces.ts";
import type { SlackWorkspace } from "./contract.ts";
import type { Entered } from "./inputs.ts";
import { type Json, type JsonObject, objectIn, textIn } from "./json.ts";

type Acts = Pick<
  SlackWorkspace,
  "press" | "submitView" | "closeView" | "slash" | "shortcut" | "messageShortcut" | "openHome" | "say"
>;

/** Performs one act; answers with what happened to it. Throws on an act that nobody could perform. */
export async function performAct(workspace: Acts, act: JsonObject): Promise<unknown> {
  const user = wanted(act, "user");
  switch (act.do) {
    case "press":
      return workspace.press(user, surfaceOf(act), wanted(act, "target"), {
        ...(act.choice === undefined ? {} : { choice: entered(act.choice) }),
        values: values(act.values),
      });
    case "submit":
      return workspace.submitView(user, wanted(act, "view"), values(act.values));
    case "close":
      return workspace.closeView(user, wanted(act, "view"));
    case "slash":
      return workspace.slash(user, wanted(act, "command"), textIn(act.text) ?? "", textIn(act.channel));
    case "shortcut":
      return workspace.shortcut(user, wanted(act, "callback"));
    case "message-shortcut":
      return workspace.messageShortcut(user, wanted(act, "callback"), {
        channel: wanted(act, "channel"),
        ts: wanted(act, "ts"),
      });
    case "home":
      return workspace.openHome(user);
    case "say":
      return workspace.say(user, wanted(act, "text"), textIn(act.channel), textIn(act.thread));
    default:
      throw new Error(`Nobody can do ${JSON.stringify(act.do)}`);
  }
}

function wanted(act: JsonObject, name: string): string {
  const value = textIn(act[name]);
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}

function surfaceOf(act: JsonObject): Surface {
  const view = textIn(act.view);
  return view === undefined ? { channel: wanted(act, "channel"), ts: wanted(act, "ts") } : { view };
}

function entered(value: Json): Entered {
  if (Array.isArray(value)) return value.map(String);
  return value === null || typeof value === "object" ? null : value;
}

/** Block id → action id → what was entered. */
function values(sent: Json | undefined): EnteredValues {
  return Object.fromEntries(
    Object.entries(objectIn(sent)).map(([blockId, inside]) => [
      blockId,
      Object.fromEntries(
        Object.entries(objectIn(inside)).map(([actionId, value]) => [actionId, entered(value ?? null)]),
      ),
    ]),
  );
}
