/** Tells the workspace what the person did, and asks before what needs confirming. */
import { h } from "./dom.js";
import { plain, text } from "./texts.js";

/** Performs an act; a mistake is shown like any other notice. */
export async function act(what, complain) {
  const response = await fetch("/act", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(what),
  });
  const { done, error } = await response.json();
  if (error) complain(error);
  return done;
}

/** Asks in the words of a confirm object; without one the answer is yes. */
export function confirmed(world, question) {
  if (!question) return Promise.resolve(true);
  const dialog = document.querySelector("#confirm");
  return new Promise((resolve) => {
    const answer = (isYes) => () => {
      dialog.close();
      resolve(isYes);
    };
    dialog.replaceChildren(
      h("h2", { id: "confirm-title" }, plain(question.title.text)),
      h("div", { class: "modal-body" }, text(world, question.text)),
      h(
        "div",
        { class: "modal-foot" },
        h("button", { type: "button", class: "button", onclick: answer(false) }, plain(question.deny.text)),
        h(
          "button",
          {
            type: "button",
            class: `button ${question.style === "danger" ? "danger" : "primary"}`,
            onclick: answer(true),
          },
          plain(question.confirm.text),
        ),
      ),
    );
    dialog.oncancel = () => resolve(false);
    dialog.showModal();
  });
}
