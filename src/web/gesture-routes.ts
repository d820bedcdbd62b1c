/** What people do on the console: each form becomes one gesture through the one door, and its answer is said in words. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Answer } from "../application/ports.ts";
import type { CallbackId } from "../domain/ids.ts";
import { ownPath } from "./browser-keeps.ts";
import type { ConsoleDeps } from "./console-deps.ts";
import { type Attempt, filledIn } from "./form-html.ts";
import type { Act, Gate } from "./gate.ts";
import { verifyAudit } from "./pages/audit-page.ts";
import { escalationPage } from "./pages/escalation-page.ts";
import { formPage } from "./pages/form-page.ts";

export function gestureRoutes(app: FastifyInstance, deps: ConsoleDeps, gate: Gate): void {
  app.post(
    "/press",
    gate.act(async (act) => {
      const token = act.body.get("token") ?? "";
      const from = act.session.identity;
      return say(deps, act, await deps.receive({ kind: "press", from, token, message: null }));
    }),
  );

  app.post(
    "/submit",
    gate.act(async (act) => {
      const token = act.body.get("token") ?? "";
      const filled = filledIn(act.body);
      const answer = await deps.receive({ kind: "submit", from: act.session.identity, token, filled });
      const attempt = {
        verb: act.body.get("verb") ?? "",
        filled,
        problems: answer.kind === "fields" ? answer.problems : {},
      };
      if (answer.kind === "fields")
        return again(
          deps,
          act,
          token,
          attempt,
          "Something in this form needs another look. Nothing was changed.",
        );
      if (answer.kind === "refused") return again(deps, act, token, attempt, answer.words);
      return say(deps, act, answer);
    }),
  );

  app.post<{ Params: { id: string } }>("/callbacks/:id/replay", (request, reply) =>
    gate.act(async (act) =>
      say(deps, act, await deps.replayCallback(request.params.id as CallbackId, act.session.identity)),
    )(request, reply),
  );

  app.post(
    "/audit/verify",
    gate.act((act) => verifyAudit(deps, act)),
  );
}

/** Every gesture is answered: in words on the page it came from, or with the form that it opened. */
async function say(deps: ConsoleDeps, act: Act, answer: Answer): Promise<FastifyReply> {
  const back = ownPath(act.body.get("back"));
  switch (answer.kind) {
    case "done":
      return act.go(back, { kind: "done", words: answer.words || "Done." });
    case "refused":
      return act.go(back, { kind: "refused", words: answer.words });
    case "form":
      return formPage(deps, act, answer.form, back);
    case "card":
      // A card answers a command in a chat; here the page itself shows the rest.
      return act.go(back, { kind: "done", words: answer.card.summary });
    case "fields":
      return act.go(back, { kind: "refused", words: Object.values(answer.problems).join(" ") });
  }
}

/** Shows a form again with what was typed, on the page it was sent from; where it is offered no longer, only the words. */
async function again(
  deps: ConsoleDeps,
  act: Act,
  token: string,
  attempt: Attempt,
  words: string,
): Promise<FastifyReply> {
  const back = ownPath(act.body.get("back"));
  const flash = { kind: "refused", words } as const;
  const status = Object.keys(attempt.problems).length > 0 ? 422 : 409;
  const [, id] = /^\/escalations\/([^/?]+)$/.exec(back) ?? [];
  if (id) return escalationPage(deps, act, id, { attempt, flash, status });
  // Pressing the button of a form only opens the form.
  const opened = await deps.receive({ kind: "press", from: act.session.identity, token, message: null });
  return opened.kind === "form"
    ? formPage(deps, act, opened.form, back, { attempt, flash, status })
    : act.go(back, flash);
}
