/** Modals and home tabs as a whole: titles, sizes, and an input that nobody could submit. */
import { checkBlocks } from "./blocks-check.ts";
import { isObject, type Json, listIn, objectIn } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { flag, may, must, object, type Problem, type Rule, string, unless, word } from "./shape.ts";
import { plain } from "./texts-check.ts";

const anyBlocks: Rule = () => undefined;

const inEveryView = {
  blocks: must(anyBlocks),
  callback_id: may(string({ max: LIMITS.id })),
  private_metadata: may(string({ max: LIMITS.privateMetadata })),
  external_id: may(string({ max: LIMITS.id })),
};

const modal = object(
  {
    ...inEveryView,
    type: must(word("modal")),
    title: must(plain(LIMITS.viewTitle)),
    submit: may(plain(LIMITS.viewSubmit)),
    close: may(plain(LIMITS.viewClose)),
    clear_on_close: may(flag),
    notify_on_close: may(flag),
    submit_disabled: may(flag),
  },
  unless(
    ({ blocks, submit }) =>
      submit === undefined && listIn(blocks).some((block) => objectIn(block).type === "input"),
    "missing required field: submit",
  ),
);

const home = object({ ...inEveryView, type: must(word("home")) });

/** All faults of a view, each pointing below `/view`. */
export function checkView(view: Json, expected: "modal" | "home"): readonly Problem[] {
  if (!isObject(view)) return [{ pointer: "/view", message: "must be an object" }];
  const problems: Problem[] = [];
  (expected === "modal" ? modal : home)(view, "/view", problems);
  if (view.blocks !== undefined) problems.push(...checkBlocks(view.blocks, expected, "/view/blocks"));
  const focused = JSON.stringify(view.blocks ?? []).split('"focus_on_load":true').length - 1;
  if (focused > 1) problems.push({ pointer: "/view", message: "only one element may have focus_on_load" });
  return problems;
}

export function viewBytes(view: Json): number {
  return Buffer.byteLength(JSON.stringify(view), "utf8");
}
