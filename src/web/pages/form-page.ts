/** A form on a page of its own: what a button answered with when the page it stands on has no place for it. */
import type { Form } from "../../cards/form.ts";
import type { ConsoleDeps } from "../console-deps.ts";
import { type Attempt, formHtml } from "../form-html.ts";
import type { Visit } from "../gate.ts";
import { html } from "../html.ts";
import type { Flash } from "../layout.ts";

export function formPage(
  deps: ConsoleDeps,
  visit: Visit,
  form: Form,
  back: string,
  again?: { readonly attempt: Attempt; readonly flash: Flash; readonly status: number },
) {
  const token = deps.token(form.intent);
  const { csrf } = visit.session;
  const drawn = formHtml(form, { token, csrf, back, tone: "go", attempt: again?.attempt ?? null });
  const main = html`<p class="crumbs"><a href="${back}">Back</a></p><article class="card" data-tone="asking"><h1>${form.title}</h1>${drawn}</article>`;
  return visit.show({
    title: form.title,
    main,
    ...(again ? { flash: again.flash, status: again.status } : {}),
  });
}
