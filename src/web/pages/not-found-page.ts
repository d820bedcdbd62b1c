/** What is not there, said on a page one can go on from. */

import type { Visit } from "../gate.ts";
import { html } from "../html.ts";

export function notFoundPage(visit: Visit, words: string) {
  const main = html`<h1>Not found</h1><p>${words}</p><p><a href="/">To the queue</a></p>`;
  return visit.show({ title: "Not found", main, status: 404 });
}
