/** The modal in front of the person: drawn anew only when it changed, so that nobody loses what they type. */
import { act, confirmed } from "./acts.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { collect } from "./elements.js";
import { plain } from "./texts.js";

let shown = "";

export function showModal(world, complain) {
  const dialog = document.querySelector("#modal");
  const view = world.modal;
  const signature = view ? `${world.me} ${view.id} ${view.hash} ${JSON.stringify(view.errors)}` : "";
  if (signature === shown) return;
  shown = signature;
  if (!view) {
    dialog.close();
    return;
  }
  draw(dialog, world, view, complain);
  if (!dialog.open) dialog.showModal();
  (
    dialog.querySelector("[aria-invalid], [autofocus]") ?? dialog.querySelector("input, textarea, select")
  )?.focus();
}

function draw(dialog, world, view, complain) {
  const me = world.me;
  const close = () => act({ do: "close", user: me, view: view.id }, complain);
  const form = h("form", { class: "modal-form", novalidate: true });
  const hands = {
    isForm: true,
    values: view.values,
    errors: view.errors,
    press: async (element, choice, control) => {
      if (!(await confirmed(world, element.confirm))) return;
      control?.setAttribute("aria-busy", "true");
      await act(
        { do: "press", user: me, view: view.id, target: element.action_id, choice, values: collect(form) },
        complain,
      );
      control?.removeAttribute("aria-busy");
    },
  };
  form.append(
    h(
      "header",
      { class: "modal-head" },
      h("h2", { id: "modal-title" }, plain(view.title?.text ?? "")),
      h(
        "button",
        { type: "button", class: "icon", "aria-label": "Close this dialog", onclick: close },
        h("span", { "aria-hidden": "true" }, "✕"),
      ),
    ),
    h("div", { class: "modal-body" }, blocks(world, view.blocks, hands)),
    h(
      "div",
      { class: "modal-foot" },
      h("button", { type: "button", class: "button", onclick: close }, plain(view.close?.text ?? "Cancel")),
      view.submit && h("button", { type: "submit", class: "button primary" }, plain(view.submit.text)),
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    await act({ do: "submit", user: me, view: view.id, values: collect(form) }, complain);
    form.removeAttribute("aria-busy");
  });
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => {
    event.preventDefault();
    close();
  };
}
